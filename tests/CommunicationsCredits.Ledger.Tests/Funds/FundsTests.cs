using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Funds;

/// <summary>Lots: their life, their order, and what they repay.</summary>
public sealed class FundsTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "F1")]
    public void A_purchase_is_a_lot_of_twelve_months()
    {
        var funds = _ledger.AddFunds(500m, reference: "INV-2026-0117");

        Assert.Equal(new CreditFunds
        {
            FundsId = "contoso.com/F1",
            TenantId = "contoso.com",
            TenantName = "contoso.com",
            Amount = 500m,
            Remaining = 500m,
            Currency = "USD",
            PurchasedAt = TestLedger.At("2026-03-15T12:00:00Z"),
            ExpiresAt = TestLedger.At("2027-03-15T12:00:00Z"),
            Priority = 0,
            Source = CreditFundsSource.Manual,
            Reference = "INV-2026-0117",
            Status = CreditFundsStatus.Live,
        }, funds);
        Assert.Equal(funds, Assert.Single(_ledger.Session.Funds.GetFunds(TenantSelection.All, includeSpent: false)));
        var entry = Assert.Single(_ledger.Money());
        Assert.Equal((CreditTransactionKind.Purchase, 500m, 500m, "INV-2026-0117"), (entry.Kind, entry.Amount, entry.BalanceAfter, entry.Reference));
        Assert.Equal("tester@machine", entry.Actor);
    }

    [Fact]
    [Trait("Rule", "F1")]
    public void Funds_of_a_leap_day_expire_on_28_February()
    {
        _ledger.SetClock("2024-03-01T00:00:00Z");

        var funds = _ledger.AddFunds(1m, purchasedAt: "2024-02-29T10:11:12.1234567Z");

        Assert.Equal(TestLedger.At("2025-02-28T10:11:12.1234567Z"), funds.ExpiresAt);
    }

    [Fact]
    [Trait("Rule", "F1")]
    public void Every_purchase_is_its_own_lot_even_of_the_same_moment()
    {
        _ledger.AddFunds(10m);
        _ledger.AddFunds(10m);

        Assert.Equal([10m, 10m], _ledger.Remaining());
    }

    [Theory]
    [Trait("Rule", "F1")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.0000001")]
    [InlineData("1000000001")]
    public void An_amount_that_is_not_above_0_or_not_kept_is_refused(string amount)
    {
        Refuses.With(CreditErrorId.InvalidAmount, () =>
            _ledger.AddFunds(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)));

        Assert.Empty(_ledger.Money());
    }

    [Fact]
    [Trait("Rule", "F2")]
    public void A_lot_counts_from_its_purchase_to_just_before_its_expiry()
    {
        _ledger.AddFunds(10m, purchasedAt: "2026-01-10T08:00:00Z", expiresAt: "2026-06-10T08:00:00Z");

        Assert.Equal(0m, _ledger.Balance("2026-01-10T07:59:59.9999999Z"));
        Assert.Equal(10m, _ledger.Balance("2026-01-10T08:00:00Z"));
        Assert.Equal(10m, _ledger.Balance("2026-06-10T07:59:59.9999999Z"));
        Assert.Equal(0m, _ledger.Balance("2026-06-10T08:00:00Z"));
    }

    [Fact]
    [Trait("Rule", "F6")]
    public void A_call_at_the_very_expiry_is_not_paid_by_the_lot_and_one_just_before_is()
    {
        _ledger.AddFunds(10m, purchasedAt: "2026-01-10T08:00:00Z", expiresAt: "2026-06-10T08:00:00Z");
        _ledger.SetClock("2026-06-11T00:00:00Z");

        _ledger.Import(Call.Paid("late", "2026-06-10T08:00:00Z", 3m), Call.Paid("in time", "2026-06-10T07:59:59.9999999Z", 4m));

        Assert.Equal(-3m, _ledger.Balance());
        Assert.Equal((3L, 3m), Assert.Single(_ledger.Debts()));
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "F7")]
    [InlineData("2026-03-15T12:00:00.0000001Z", null, CreditErrorId.FundsInFuture)]
    [InlineData("2027-01-01", null, CreditErrorId.FundsInFuture)]
    [InlineData("2025-03-15T12:00:00Z", null, CreditErrorId.FundsAlreadyExpired)]
    [InlineData("2020-01-01", null, CreditErrorId.FundsAlreadyExpired)]
    [InlineData(null, "2026-03-15T12:00:00Z", CreditErrorId.FundsAlreadyExpired)]
    [InlineData("2026-01-01", "2025-12-01", CreditErrorId.FundsAlreadyExpired)]
    public void Funds_of_the_future_or_expired_already_are_refused(string? purchasedAt, string? expiresAt, CreditErrorId id)
    {
        Refuses.With(id, () => _ledger.AddFunds(10m, purchasedAt, expiresAt));

        Assert.Empty(_ledger.Money());
        Assert.Empty(_ledger.Remaining());
    }

    [Fact]
    [Trait("Rule", "F7")]
    public void Funds_of_this_moment_and_those_that_live_one_tick_more_are_taken()
    {
        _ledger.AddFunds(10m, "2026-03-15T12:00:00Z");
        _ledger.AddFunds(10m, "2025-03-15T12:00:00.0000001Z");

        Assert.Equal(20m, _ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "F3")]
    public void Lower_priority_then_sooner_expiry_then_earlier_purchase_then_lower_id_is_drawn_first()
    {
        _ledger.AddFunds(1m, "2026-01-05", "2026-12-01", 1);
        _ledger.AddFunds(1m, "2026-01-04", "2026-12-01");
        _ledger.AddFunds(1m, "2026-01-04", "2026-12-01");
        _ledger.AddFunds(1m, "2026-01-03", "2026-12-01");
        _ledger.AddFunds(1m, "2026-01-05", "2026-11-01");
        _ledger.AddFunds(1m, "2026-01-01", "2026-10-01", 1);

        var order = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            _ledger.Import(Call.Paid($"call {i}", "2026-03-01T00:00:00Z", 1m));
            order.Add(_ledger.Session.Funds.GetFunds(TenantSelection.All, true).Single(funds => funds.Remaining == 0 && !order.Contains(funds.FundsId)).FundsId);
        }

        Assert.Equal([5, 4, 2, 3, 6, 1], order.Select(id => id[^1] - '0'));
    }

    [Fact]
    [Trait("Rule", "F4")]
    public void What_no_lot_covers_is_debt_and_new_funds_repay_the_oldest_call_first()
    {
        _ledger.AddFunds(5m, "2026-02-01");
        _ledger.Import(
            Call.Paid("c", "2026-03-03T00:00:00Z", 7m), Call.Paid("a", "2026-03-01T00:00:00Z", 4m), Call.Paid("b", "2026-03-02T00:00:00Z", 3m));
        Assert.Equal(-9m, _ledger.Balance());
        Assert.Equal([4m, 3m, 2m], _ledger.Debts().Select(debt => debt.Unpaid));

        var entries = _ledger.Money().Count;
        var funds = _ledger.AddFunds(5m);

        Assert.Equal((0m, CreditFundsStatus.Spent), (funds.Remaining, funds.Status));
        Assert.Equal([2m, 2m], _ledger.Debts().Select(debt => debt.Unpaid));
        Assert.Equal(-4m, _ledger.Balance());

        // A repayment is no entry of its own.
        Assert.Equal(entries + 1, _ledger.Money().Count);
        Assert.Equal(6m, _ledger.AddFunds(10m).Remaining);
        Assert.Empty(_ledger.Debts());
        Assert.Equal(6m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "F4")]
    public void New_funds_repay_only_calls_that_started_before_they_expire()
    {
        _ledger.SetClock("2026-06-01T00:00:00Z");
        _ledger.Import(Call.Paid("old", "2026-03-01T00:00:00Z", 4m), Call.Paid("young", "2026-05-01T00:00:00Z", 3m));
        _ledger.SetClock("2026-04-01T00:00:00Z");

        // The clock jumped back, so that funds can be posted which expire before the second call.
        _ledger.AddFunds(10m, "2026-03-20", "2026-04-15");

        Assert.Equal(3m, Assert.Single(_ledger.Debts()).Unpaid);
        Assert.Equal([6m], _ledger.Remaining());
        Assert.Equal(-3m, _ledger.Balance("2026-06-01"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "F5")]
    public void A_forfeiture_is_booked_by_whatever_posts_next_and_dated_the_expiry()
    {
        _ledger.AddFunds(10m, "2026-01-01", "2026-04-01T06:00:00Z");
        _ledger.AddFunds(7m, "2026-01-02", "2026-03-31T06:00:00Z");
        _ledger.SetClock("2026-05-01T00:00:00Z");
        Assert.Equal(0m, _ledger.Balance());
        Assert.Equal(2, _ledger.Money().Count);

        _ledger.AddFunds(1m);

        var booked = _ledger.Entries(kinds: CreditTransactionKind.Forfeiture);
        Assert.Equal([(-7m, "2026-03-31T06:00:00Z"), (-10m, "2026-04-01T06:00:00Z")],
            booked.Select(entry => (entry.Amount, entry.EffectiveAt.ToString("yyyy-MM-ddTHH:mm:ssZ", null))));
        Assert.All(booked, entry => Assert.Equal(TestLedger.At("2026-05-01"), entry.PostedAt));
        Assert.Equal(1m, _ledger.Balance());
        Assert.Equal(1m, _ledger.Money()[^1].BalanceAfter);
        Assert.Empty(_ledger.Verify());

        _ledger.AddFunds(1m);
        Assert.Equal(2, _ledger.Entries(kinds: CreditTransactionKind.Forfeiture).Count);
    }

    [Theory]
    [Trait("Rule", "F5")]
    [InlineData("usage")]
    [InlineData("setting")]
    [InlineData("rating")]
    public void Any_posting_books_what_has_expired(string posting)
    {
        _ledger.AddFunds(10m, "2026-01-01", "2026-04-01");
        _ledger.SetClock("2026-05-01T00:00:00Z");

        switch (posting)
        {
            case "usage":
                _ledger.Import(new Call { Id = "a", Type = "dr_out" });
                break;
            case "setting":
                _ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Name = "Contoso" }));
                break;
            default:
                _ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, default);
                break;
        }

        Assert.Equal(-10m, Assert.Single(_ledger.Entries(kinds: CreditTransactionKind.Forfeiture)).Amount);
    }

    [Fact]
    [Trait("Rule", "F6")]
    public void A_late_call_is_paid_by_a_lot_that_expired_since_and_releases_what_was_booked()
    {
        _ledger.AddFunds(10m, "2026-01-01", "2026-04-01");
        _ledger.AddFunds(20m, "2026-03-01", "2027-03-01");
        _ledger.SetClock("2026-04-02T00:00:00Z");
        _ledger.AddFunds(1m);
        Assert.Equal(21m, _ledger.Balance());
        var before = _ledger.Money().Count;

        _ledger.Import(Call.Paid("late", "2026-03-31T23:00:00Z", 4m));

        var posted = _ledger.Money()[before..];
        Assert.Equal([(CreditTransactionKind.Release, 4m), (CreditTransactionKind.Usage, -4m)], posted.Select(entry => (entry.Kind, entry.Amount)));
        Assert.Equal(TestLedger.At("2026-04-01"), posted[0].EffectiveAt);
        Assert.Equal(TestLedger.At("2026-04-02"), posted[0].PostedAt);
        Assert.Equal([0m, 20m, 1m], _ledger.Remaining());
        Assert.Equal(21m, _ledger.Balance());
        Assert.Equal(26m, _ledger.Balance("2026-03-31T23:30:00Z"));

        // Six are forfeited still; the next late call takes them, and a third goes on to the lot bought later.
        _ledger.Import(Call.Paid("later", "2026-03-31T23:30:00Z", 8m));
        Assert.Equal(19m, _ledger.Balance());
        Assert.Equal([0m, 18m, 1m], _ledger.Remaining());
        Assert.Equal(0m, _ledger.Entries(kinds: [CreditTransactionKind.Release, CreditTransactionKind.Forfeiture]).Sum(entry => entry.Amount));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "F6")]
    public void Lots_live_at_the_start_pay_before_those_bought_later_whatever_their_priority()
    {
        _ledger.AddFunds(10m, "2026-01-01", "2027-01-01", priority: 9);
        _ledger.AddFunds(10m, "2026-03-10", "2026-05-01", priority: 0);

        _ledger.Import(Call.Paid("a", "2026-03-05T00:00:00Z", 12m));

        Assert.Equal([0m, 8m], _ledger.Remaining());
    }

    [Fact]
    [Trait("Rule", "F8")]
    public void A_future_instant_projects_expiry_only()
    {
        _ledger.AddFunds(10m, "2026-01-01", "2026-05-01");
        _ledger.AddFunds(5m, "2026-01-01", "2026-07-01");

        Assert.Equal(15m, _ledger.Balance("2026-04-30"));
        Assert.Equal(5m, _ledger.Balance("2026-05-01"));
        Assert.Equal(0m, _ledger.Balance("2030-01-01"));
    }

    [Fact]
    [Trait("Rule", "F8")]
    public void A_past_instant_counts_what_was_effective_by_then_however_late_it_was_posted()
    {
        _ledger.AddFunds(100m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-02-01T00:00:00Z", 10m));
        _ledger.Import(Call.Paid("b", "2026-01-15T00:00:00Z", 5m));

        Assert.Equal(0m, _ledger.Balance("2025-12-31"));
        Assert.Equal(100m, _ledger.Balance("2026-01-14"));
        Assert.Equal(95m, _ledger.Balance("2026-01-15"));
        Assert.Equal(95m, _ledger.Balance("2026-01-31T23:59:59.9999999Z"));
        Assert.Equal(85m, _ledger.Balance("2026-02-01"));
        Assert.Equal(85m, _ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "F8")]
    public void A_balance_tells_the_next_expiry_and_what_it_lets_the_tenant_do()
    {
        Assert.Equal(CreditBalanceState.Exhausted, _ledger.BalanceOf().State);
        _ledger.AddFunds(10m, "2026-01-01", "2026-05-01");
        _ledger.AddFunds(3m, "2026-01-02", "2026-05-01");
        _ledger.AddFunds(5m, "2026-01-01", "2026-07-01");
        _ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Name = "Contoso Ltd", LowBalance = 6m }));

        var now = _ledger.BalanceOf();
        var later = _ledger.BalanceOf("2026-05-01");
        var end = _ledger.BalanceOf("2026-07-01");

        Assert.Equal(("contoso.com", "Contoso Ltd", "USD", 18m), (now.TenantId, now.Name, now.Currency, now.Balance));
        Assert.Equal((TestLedger.At("2026-05-01"), 13m, CreditBalanceState.Open), (now.NextExpiryAt, now.NextExpiryAmount, now.State));
        Assert.Equal((TestLedger.At("2026-07-01"), 5m, CreditBalanceState.Low), (later.NextExpiryAt, later.NextExpiryAmount, later.State));
        Assert.Equal((null, 0m, CreditBalanceState.Exhausted), (end.NextExpiryAt, end.NextExpiryAmount, end.State));
        Assert.Equal(TestLedger.At("2026-03-15T12:00:00Z"), now.AsOf);
    }

    [Fact]
    [Trait("Rule", "F5")]
    public void Reading_never_depends_on_the_booking()
    {
        using var other = new TestLedger();
        foreach (var ledger in (TestLedger[])[_ledger, other])
        {
            ledger.AddFunds(10m, "2026-01-01", "2026-04-01");
            ledger.AddFunds(20m, "2026-01-01", "2026-06-01");
            ledger.Import(Call.Paid("a", "2026-03-01T00:00:00Z", 3m));
            ledger.SetClock("2026-05-01T00:00:00Z");
        }

        other.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { LowBalance = 1m }));

        foreach (var at in (string?[])[null, "2026-02-28", "2026-03-31", "2026-04-01", "2026-05-31", "2026-06-01"])
        {
            Assert.Equal(_ledger.Balance(at), other.Balance(at));
            Assert.Equal(_ledger.BalanceOf(at).NextExpiryAmount, other.BalanceOf(at).NextExpiryAmount);
        }

        Assert.Equal(
            _ledger.Session.Funds.GetFunds(TenantSelection.All, true), other.Session.Funds.GetFunds(TenantSelection.All, true));
        Assert.Equal([0m, 20m], _ledger.Remaining());
        Assert.Equal(CreditFundsStatus.Expired, _ledger.Session.Funds.GetFunds(TenantSelection.All, true).First().Status);
        Assert.Single(_ledger.Session.Funds.GetFunds(TenantSelection.All, includeSpent: false));
    }

    [Fact]
    [Trait("Rule", "R9")]
    public void A_card_number_in_a_reference_or_key_is_refused_and_nothing_is_kept()
    {
        Refuses.With(CreditErrorId.CardNumberRefused, () => _ledger.AddFunds(1m, reference: "4111 1111 1111 1111"));
        Refuses.With(CreditErrorId.CardNumberRefused, () => _ledger.AddFunds(1m, key: "4111111111111111"));
        Refuses.With(CreditErrorId.RuleInvalid, () => _ledger.AddFunds(1m, reference: new string('x', 257)));
        Refuses.With(CreditErrorId.RuleInvalid, () => _ledger.AddFunds(1m, priority: -1));
        Refuses.With(CreditErrorId.RuleInvalid, () => _ledger.AddFunds(1m, priority: 1_000_001));

        Assert.Empty(_ledger.Money());
    }

    [Fact]
    [Trait("Rule", "M3")]
    public void A_preview_answers_as_the_command_would_and_keeps_nothing()
    {
        var preview = _ledger.Session.Execute(new AddFunds(TestLedger.Contoso, 5m), preview: true);

        Assert.Equal("contoso.com/F1", preview.FundsId);
        Assert.Empty(_ledger.Money());
        Assert.Equal(preview.Values(), _ledger.AddFunds(5m).Values());
    }

    public void Dispose() => _ledger.Dispose();
}
