using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Corrections;

/// <summary>Balances by what had been posted by then (F8); the random histories compare many more.</summary>
public sealed class AsPostedTests : IDisposable
{
    private readonly TestLedger _ledger = new("2026-01-01T00:00:00Z");

    [Fact]
    [Trait("Rule", "F8")]
    public void A_late_call_and_a_correction_do_not_change_what_was_stated_before()
    {
        _ledger.AddFunds(10m);
        _ledger.SetClock("2026-02-01T00:00:00Z");
        _ledger.Import(Call.Paid("a", "2026-01-10T00:00:00Z", 1m));
        _ledger.SetClock("2026-03-01T00:00:00Z");
        _ledger.Import(Call.Paid("late", "2026-01-15T00:00:00Z", 2m));
        _ledger.Import(Call.Csv([Call.Paid("a", "2026-01-10T00:00:00Z", 0.5m)]), ConflictAction.Correct);
        _ledger.SetClock("2026-04-01T00:00:00Z");
        _ledger.Undo("late");

        Assert.Equal(
            [10m, 9m, 7.5m, 9.5m],
            new[] { "2026-01-31", "2026-02-01", "2026-03-01", "2026-04-01" }.Select(posted => AsPosted("2026-02-01", posted)));
        Assert.Equal(9.5m, _ledger.Balance("2026-02-01"));
        Assert.Equal(10m, AsPosted("2026-01-05", "2026-04-01"));
        Assert.Equal(0m, AsPosted("2026-02-01", "2025-12-31T23:59:59Z"));
    }

    [Fact]
    [Trait("Rule", "F8")]
    public void A_future_instant_projects_expiry_by_what_was_left_then()
    {
        _ledger.AddFunds(10m, expiresAt: "2026-06-01");
        _ledger.SetClock("2026-02-01T00:00:00Z");
        _ledger.Import(Call.Paid("a", "2026-01-10T00:00:00Z", 4m));
        _ledger.AddFunds(3m, expiresAt: "2026-07-01");
        _ledger.SetClock("2026-08-01T00:00:00Z");
        _ledger.Session.Recharges.Maintain(TestLedger.Contoso, false, _ => { });
        _ledger.Import(Call.Paid("late", "2026-01-11T00:00:00Z", 1m));

        Assert.Equal([10m, 10m, 0m], new[] { "2026-01-31", "2026-05-31", "2026-06-01" }.Select(at => AsPosted(at, "2026-01-31")));
        Assert.Equal([9m, 9m, 3m, 0m], new[] { "2026-02-01", "2026-05-31", "2026-06-01", "2026-07-01" }.Select(at => AsPosted(at,
            "2026-02-02")));
        Assert.Equal([8m, 8m, 3m, 0m], new[] { "2026-02-01", "2026-05-31", "2026-06-01", "2026-07-01" }.Select(at => AsPosted(at,
            "2026-08-01")));
    }

    [Fact]
    [Trait("Rule", "F8")]
    public void A_purchase_undone_since_is_still_there()
    {
        _ledger.AddFunds(10m, expiresAt: "2026-06-01");
        _ledger.SetClock("2026-07-01T00:00:00Z");
        _ledger.Session.Recharges.Maintain(TestLedger.Contoso, false, _ => { });
        _ledger.SetClock("2026-08-01T00:00:00Z");
        _ledger.Undo(_ledger.Last(CreditTransactionKind.Purchase));

        Assert.Equal([10m, 0m], new[] { "2026-05-31", "2026-06-01" }.Select(at => AsPosted(at, "2026-05-31")));
        Assert.Equal([10m, 0m], new[] { "2026-05-31", "2026-06-01" }.Select(at => AsPosted(at, "2026-07-01")));
        Assert.Equal([0m, 0m], new[] { "2026-05-31", "2026-06-01" }.Select(at => AsPosted(at, "2026-08-01")));
    }

    [Fact]
    [Trait("Rule", "F8")]
    public void The_next_expiry_is_the_one_of_then_too()
    {
        _ledger.AddFunds(10m, expiresAt: "2026-06-01");
        _ledger.SetClock("2026-02-01T00:00:00Z");
        _ledger.AddFunds(1m, expiresAt: "2026-05-01");
        _ledger.Import(Call.Paid("a", "2026-01-10T00:00:00Z", 4m));

        var then = _ledger.AsPosted(TestLedger.At("2026-01-10"), TestLedger.At("2026-01-10"));

        Assert.Equal((10m, TestLedger.At("2026-06-01"), 10m), (then.Balance, then.NextExpiryAt, then.NextExpiryAmount));
    }

    public void Dispose() => _ledger.Dispose();

    private decimal AsPosted(string at, string posted) => _ledger.AsPosted(TestLedger.At(at), TestLedger.At(posted)).Balance;
}
