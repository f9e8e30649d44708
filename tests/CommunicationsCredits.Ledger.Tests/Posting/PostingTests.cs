using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Posting;

/// <summary>The entries: their order, their times, and postings that are made once.</summary>
public sealed class PostingTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "I2")]
    public void PostedAt_never_decreases_whatever_the_clock_does()
    {
        foreach (var now in (string[])["2026-03-16", "2026-03-10", "2026-03-10T00:00:01Z", "2026-03-16T00:00:01Z", "2020-01-01"])
        {
            _ledger.SetClock(now);
            _ledger.AddFunds(1m);
        }

        Assert.Equal(
            ["2026-03-16", "2026-03-16", "2026-03-16", "2026-03-16T00:00:01Z", "2026-03-16T00:00:01Z"],
            _ledger.Money().Select(entry => entry.PostedAt.ToString(entry.PostedAt.Second == 0 ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ssZ", null)));
        Assert.Equal(TestLedger.At("2020-01-01"), _ledger.Money()[^1].EffectiveAt);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "I2")]
    public void A_clock_that_jumps_back_never_expires_again_nor_revives_what_was_booked()
    {
        _ledger.AddFunds(10m, "2026-01-01", "2026-04-01");
        _ledger.SetClock("2026-05-01T00:00:00Z");
        _ledger.AddFunds(1m, "2026-03-01");
        Assert.Equal(1m, _ledger.Balance());

        _ledger.SetClock("2026-03-20T00:00:00Z");
        Assert.Equal(11m, _ledger.Balance());
        _ledger.Import(Call.Paid("a", "2026-03-19T00:00:00Z", 4m));
        Assert.Equal(7m, _ledger.Balance());
        _ledger.SetClock("2026-05-02T00:00:00Z");
        _ledger.AddFunds(1m, "2026-03-01");

        Assert.Equal(2m, _ledger.Balance());
        Assert.Equal(-6m, _ledger.Entries(kinds: [CreditTransactionKind.Forfeiture, CreditTransactionKind.Release]).Sum(entry => entry.Amount));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "H1")]
    public void Entries_are_numbered_without_gaps_and_BalanceAfter_follows_them()
    {
        _ledger.AddRates();
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(new Call { Id = "a", Seconds = "600" }, Call.Paid("b", "2026-03-02T00:00:00Z", 1m));
        Refuses.With(CreditErrorId.InvalidAmount, () => _ledger.AddFunds(-1m));
        _ledger.AddFunds(5m);

        var entries = _ledger.Entries();

        Assert.Equal(Enumerable.Range(1, entries.Count).Select(sequence => (long)sequence), entries.Select(entry => entry.Sequence));
        decimal sum = 0;
        Assert.All(entries, entry => Assert.Equal(sum += entry.Amount, entry.BalanceAfter));
        Assert.Equal(entries.Select(entry => $"contoso.com/{entry.Sequence}"), entries.Select(entry => entry.TransactionId));
        Assert.Equal(13.87m, sum);
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void The_same_key_and_parameters_give_the_first_result_again_and_post_nothing()
    {
        var first = _ledger.AddFunds(100m, reference: "INV-1", key: "k1");
        _ledger.SetClock("2026-03-16T00:00:00Z");

        // 100.00 is the same amount, and the purchase date, which was not given, is not compared.
        var again = _ledger.AddFunds(100.00m, reference: "INV-1", key: "k1");

        Assert.Equal(first.Values(), again.Values());
        Assert.Single(_ledger.Money());
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void The_same_key_with_other_parameters_is_an_error_that_names_both()
    {
        _ledger.AddFunds(100m, reference: "INV-1", key: "k1");

        var error = Refuses.With(CreditErrorId.IdempotencyConflict, () => _ledger.AddFunds(200m, reference: "INV-1", key: "k1"));
        Assert.Contains("100.00", error.Message, StringComparison.Ordinal);
        Assert.Contains("200.00", error.Message, StringComparison.Ordinal);
        Assert.Contains("'k1'", error.Message, StringComparison.Ordinal);
        Refuses.With(CreditErrorId.IdempotencyConflict, () => _ledger.AddFunds(100m, key: "k1"));
        Refuses.With(CreditErrorId.IdempotencyConflict, () => _ledger.AddFunds(100m, reference: "INV-1", priority: 0, key: "k1"));
        Refuses.With(CreditErrorId.IdempotencyConflict, () => _ledger.AddFunds(100m, "2026-03-15T12:00:00Z", reference: "INV-1", key: "k1"));
        Assert.Single(_ledger.Money());
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void A_key_is_the_tenant_s_own_and_none_is_no_key()
    {
        _ledger.AddTenant("fabrikam.com");
        _ledger.AddFunds(1m, key: "k");
        _ledger.AddFunds(2m, key: "k", tenant: "fabrikam.com");
        _ledger.AddFunds(3m, key: "K");
        _ledger.AddFunds(4m, key: "");
        _ledger.AddFunds(4m, key: "");

        Assert.Equal([1m, 3m, 4m, 4m], _ledger.Money().Select(entry => entry.Amount));
        Assert.Equal(2m, _ledger.Balance(tenant: "FABRIKAM.COM"));
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void A_key_of_a_posting_that_was_refused_is_free()
    {
        Refuses.With(CreditErrorId.FundsInFuture, () => _ledger.AddFunds(1m, "2027-01-01", key: "k"));

        _ledger.AddFunds(2m, key: "k");

        Assert.Equal(2m, _ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "C2")]
    public void A_key_stands_when_the_ledger_is_opened_again_and_after_the_tenant_is_closed()
    {
        var first = _ledger.AddFunds(1m, key: "k");
        _ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Status = CreditTenantStatus.Closed }));
        _ledger.Reopen();

        Assert.Equal(first.Values(), _ledger.AddFunds(1m, key: "k").Values());
    }

    [Fact]
    [Trait("Rule", "I2")]
    public void One_refused_command_of_several_changes_nothing_and_the_others_stand()
    {
        var outcomes = _ledger.Session.Execute<CreditFunds>(
        [
            new AddFunds(TestLedger.Contoso, 1m), new AddFunds("nobody", 2m), new AddFunds(TestLedger.Contoso, -3m),
            new AddFunds(TestLedger.Contoso, 4m),
        ]);

        Assert.Equal([null, CreditErrorId.TenantNotFound, CreditErrorId.InvalidAmount, null], outcomes.Select(outcome => outcome.Error?.ErrorId));
        Assert.Equal([1m, 4m], _ledger.Money().Select(entry => entry.Amount));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "I2")]
    public void Transactions_are_asked_for_by_EffectiveAt_and_kind()
    {
        _ledger.AddFunds(10m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-02-01T00:00:00Z", 1m), Call.Paid("b", "2026-03-01T00:00:00Z", 2m));
        var one = TenantSelection.One("CONTOSO.COM");

        List<decimal> Amounts(string? from, string? to, params CreditTransactionKind[] kinds)
        {
            DateTimeOffset? first = from is null ? null : TestLedger.At(from), last = to is null ? null : TestLedger.At(to);
            var amounts = _ledger.Session.Funds.GetTransactions(one, new() { From = first, To = last, Kinds = kinds }).Select(entry => entry.Amount).ToList();
            Assert.Equal(amounts.Count, _ledger.Session.Funds.CountTransactions(one, new() { From = first, To = last, Kinds = kinds }));
            return amounts;
        }

        Assert.Equal([-1m], Amounts("2026-02-01", "2026-03-01"));
        Assert.Equal([10m, -1m], Amounts(null, "2026-03-01", CreditTransactionKind.Purchase, CreditTransactionKind.Usage));
        Assert.Equal([-2m], Amounts("2026-02-01T00:00:00.0000001Z", null, CreditTransactionKind.Usage));
        var usage = _ledger.Session.Funds.GetTransactions(one, new() { Kinds = [CreditTransactionKind.Usage] }).First();
        Assert.Equal(("a", "Domestic, United States, 60 s"), (usage.Reference, usage.Description));
    }

    public void Dispose() => _ledger.Dispose();
}
