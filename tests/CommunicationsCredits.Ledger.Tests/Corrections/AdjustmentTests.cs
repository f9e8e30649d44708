using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Corrections;

/// <summary>Money that is neither bought nor used (C3).</summary>
public sealed class AdjustmentTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "C3")]
    public void A_positive_one_makes_a_lot_of_twelve_months()
    {
        var entry = _ledger.Adjust(2.5m, reason: "Goodwill");

        Assert.Equal(
            (CreditTransactionKind.Adjustment, 2.5m, 2.5m, _ledger.Clock.Now), (entry.Kind, entry.Amount, entry.BalanceAfter,
                entry.EffectiveAt));
        Assert.Contains("Goodwill", entry.Description, StringComparison.Ordinal);
        var lot = Assert.Single(_ledger.Session.Funds.GetFunds(Ledger.Tenants.TenantSelection.All, false));
        Assert.Equal(
            (CreditFundsSource.Adjustment, 2.5m, _ledger.Clock.Now, _ledger.Clock.Now.AddMonths(12)),
            (lot.Source, lot.Remaining, lot.PurchasedAt, lot.ExpiresAt));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "F4")]
    public void A_positive_one_first_repays_debt()
    {
        _ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 2m));

        _ledger.Adjust(3m);

        Assert.Empty(_ledger.Debts());
        Assert.Equal([1m], _ledger.Remaining());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C3")]
    public void A_negative_one_draws_like_a_call_made_now()
    {
        _ledger.AddFunds(2m, "2026-01-01", "2026-12-01");
        _ledger.AddFunds(3m, "2026-01-01", "2026-06-01");
        _ledger.AddFunds(5m, "2026-01-01", "2026-03-16");
        _ledger.SetClock("2026-03-16T00:00:00Z");

        var entry = _ledger.Adjust(-4m, reason: "Wrong tenant");

        Assert.Equal((-4m, TestLedger.At("2026-03-16"), "Wrong tenant"), (entry.Amount, entry.EffectiveAt, entry.Description));
        Assert.Equal([1m, 0m, 0m], _ledger.Remaining());
        Assert.Equal(1m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "C3")]
    public void What_no_lot_covers_is_debt_that_funds_repay()
    {
        _ledger.Adjust(-4m);
        Assert.Equal(-4m, _ledger.Balance());
        Assert.Equal(4m, Assert.Single(_ledger.Debts()).Unpaid);

        _ledger.AddFunds(5m);

        Assert.Equal([1m], _ledger.Remaining());
        Assert.Empty(_ledger.Debts());
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "M1")]
    [InlineData("0")]
    [InlineData("0.0000001")]
    [InlineData("-0.0000001")]
    [InlineData("1000000000.01")]
    [InlineData("-1000000000.01")]
    public void An_amount_that_is_none_is_refused(string amount) => Refuses.With(
        CreditErrorId.InvalidAmount, () => _ledger.Adjust(decimal.Parse(amount,
            System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    [Trait("Rule", "F7")]
    public void One_that_has_expired_already_is_refused()
    {
        Refuses.With(CreditErrorId.FundsAlreadyExpired, () => _ledger.Adjust(1m, "2026-03-15T12:00:00Z"));

        Assert.Equal(1m, _ledger.Adjust(1m, "2026-03-15T12:00:00.0000001Z").Amount);
    }

    [Fact]
    [Trait("Rule", "C3")]
    public void A_reason_that_is_too_long_or_a_tenant_that_is_not_there_is_refused()
    {
        Assert.Throws<CreditException>(() => _ledger.Adjust(1m, reason: new('x', 257)));
        Refuses.With(CreditErrorId.TenantNotFound, () => _ledger.Adjust(1m, tenant: "nobody"));
        Assert.Empty(_ledger.Money());
    }

    public void Dispose() => _ledger.Dispose();
}
