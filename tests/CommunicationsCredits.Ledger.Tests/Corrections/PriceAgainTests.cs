using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Pools.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Corrections;

/// <summary>Calls that a sheet charged are priced again by the sheets in force now (C1a).</summary>
[Trait("Rule", "C1a")]
public sealed class PriceAgainTests : IDisposable
{
    private const string Dearer = "Prefix,Price / min\n1,0.02\n44,0.015\n";

    private readonly TestLedger _ledger = new();
    private readonly RecordingObserver _observer = new();

    public PriceAgainTests()
    {
        _ledger.AddRates();
        _ledger.AddFunds(10);
    }

    [Fact]
    public void What_differs_is_reversed_and_posted_anew_as_one_import()
    {
        _ledger.Import(US("a"), UK("b"), Call.Paid("own", "2026-03-01T10:00:00Z", 0.5m));
        _ledger.AddRates(Dearer);

        var import = PriceAgain();

        Assert.Equal((2, 1, 1, 0.007m), (import.Read, import.Imported, import.Duplicate, import.Charged));
        Assert.Equal(10 - 0.02m - 0.015m - 0.5m, _ledger.Balance());
        Assert.Equal([0.02m], Standing("a").Select(record => record.Charge));
        Assert.Equal(import.ImportId, Standing("a").Single().ImportId);
        Assert.Empty(_ledger.Verify());

        // Again, nothing differs, and nothing is imported.
        Assert.Equal((0, 0), (PriceAgain().Imported, PriceAgain().Charged));
        Assert.Equal(2, _ledger.Session.Usage.GetImports(TenantSelection.All).Count());

        // The record stays known: the same export is a duplicate.
        Assert.Equal(3, _ledger.Import(US("a"), UK("b"), Call.Paid("own", "2026-03-01T10:00:00Z", 0.5m)).Result.Duplicate);
    }

    [Fact]
    public void A_preview_keeps_nothing_and_says_the_same()
    {
        _ledger.Import(US("a"));
        _ledger.AddRates(Dearer);
        var entries = _ledger.Entries().Count;

        var preview = PriceAgain(preview: true);

        Assert.Equal((1, 0.007m, 9.98m), (preview.Imported, preview.Charged, preview.BalanceAfter));
        Assert.Equal(entries, _ledger.Entries().Count);
        Assert.Equal(preview.Charged, PriceAgain().Charged);
    }

    [Fact]
    public void Only_the_period_asked_for_is_priced_again()
    {
        _ledger.Import(US("a"), US("b") with { Start = "2026-03-05T00:00:00Z" }, US("c") with { Start = "2026-03-08T00:00:00Z" });
        _ledger.AddRates(Dearer);

        var import = PriceAgain("2026-03-05", "2026-03-08");

        Assert.Equal(1, import.Imported);
        Assert.Equal((0.013m, 0.02m, 0.013m), (Standing("a").Single().Charge, Standing("b").Single().Charge, Standing("c").Single().Charge));
    }

    [Fact]
    public void Pooled_seconds_stay_and_only_the_rest_is_priced()
    {
        _ledger.Session.Execute(new SetPool(TestLedger.Contoso, "MCOPSTN1") { Country = "US", Licenses = 1, MinutesPerLicense = 2, Month = "2026-03" });
        _ledger.Import(US("a") with { Capability = "MCOPSTN1", Seconds = "200" }, US("b") with { Capability = "MCOPSTN1" });
        Assert.Equal((120, 0.026m), (_ledger.Record("a").PooledSeconds, _ledger.Record("a").Charge));
        var used = UsedMinutes();

        // By the second now, with a fee: the seconds that a pool paid a part of were billed in minutes.
        _ledger.AddRates("Prefix,Price / min\n1,0.03\n", fee: 0.1m, increment: 1, initial: 1);
        PriceAgain();

        var again = Standing("a").Single();
        Assert.Equal((120, 240, 0.16m), (again.PooledSeconds, again.BilledSeconds, again.Charge));
        Assert.Equal(used, UsedMinutes());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    public void A_call_without_a_rate_keeps_its_charge_and_is_counted_in_a_warning()
    {
        _ledger.Import(US("a"), UK("b"));
        _ledger.AddRates("Prefix,Price / min\n1,0.02\n");

        Assert.Equal(1, PriceAgain().Imported);

        Assert.Equal(0.015m, Standing("b").Single().Charge);
        Assert.Contains(_observer.Warnings, warning => warning.StartsWith("1 call(s)", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void Undoing_it_evaluates_the_recharge_rule_where_the_former_charges_were_higher()
    {
        _ledger.AddRates("Prefix,Price / min\n1,9\n");
        _ledger.Import(US("a"));
        _ledger.AddRates(Dearer);
        var import = PriceAgain();
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 5m, RechargeAmount = 20m });
        Assert.Empty(_ledger.Attempts());

        _ledger.Session.Execute(new UndoImport(import.ImportId, null));

        Assert.Equal(21m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    public void Undoing_it_posts_the_former_charges_again()
    {
        _ledger.Import(US("a"), UK("b"));
        _ledger.AddRates(Dearer);
        var balance = _ledger.Balance();
        var import = PriceAgain();

        var undo = _ledger.Session.Execute(new UndoImport(import.ImportId, "no"));

        Assert.Equal(-0.007m, undo.Charged);
        Assert.Equal(balance, _ledger.Balance());
        var former = Standing("a").Single();
        Assert.Equal((0.013m, "1", "PSTN"), (former.Charge, former.Prefix, former.Sheet));
        Assert.Empty(_ledger.Verify());
        Refuses.With(CreditErrorId.AlreadyReversed, () => _ledger.Session.Execute(new UndoImport(import.ImportId, null)));
        Refuses.With(CreditErrorId.ReversalRefused, () => _ledger.Session.Execute(new UndoImport(undo.ImportId, null)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Undoing_the_import_that_brought_the_calls_undoes_them_as_they_are_now(bool undoneBefore)
    {
        var brought = _ledger.Import(US("a"), UK("b")).Result;
        _ledger.AddRates(Dearer);
        var again = PriceAgain();
        if (undoneBefore)
            _ledger.Session.Execute(new UndoImport(again.ImportId, null));

        _ledger.Session.Execute(new UndoImport(brought.ImportId, null));

        Assert.Equal(10, _ledger.Balance());
        Assert.Empty(Standing("a").Concat(Standing("b")));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    public void What_was_blanked_and_what_was_rated_later_are_priced_again_too()
    {
        var late = new Call { Id = "late", To = "+4930123456", Start = "2026-03-02T10:00:00Z" };
        _ledger.Import(US("a"), late);
        _ledger.AddRates("Prefix,Price / min\n49,0.1\n", name: "Germany");
        _ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, default);
        _ledger.Session.Execute(new ClearUsage(TestLedger.Contoso, TestLedger.At("2026-03-02")));
        _ledger.AddRates("Prefix,Price / min\n49,0.2\n", name: "Germany");

        var import = PriceAgain();

        // Its number is blank: no sheet can have it.
        Assert.Equal(1, import.Imported);
        Assert.Equal(0.2m, Standing("late").Single().Charge);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    public void A_dearer_price_recharges()
    {
        _ledger.Import(US("a"));
        _ledger.AddRates("Prefix,Price / min\n1,9\n");
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 5, RechargeAmount = 20 });

        var import = PriceAgain();

        Assert.Equal((20, 21), (import.Recharged, import.BalanceAfter));
        Assert.Single(_observer.Foresights.SelectMany(foresight => foresight.Recharges));
    }

    [Fact]
    [Trait("Rule", "G7")]
    public void A_call_in_that_was_free_is_charged_once_a_toll_free_sheet_has_its_number()
    {
        var callIn = new Call { Id = "in", Type = "conf_in", To = "+18005550100", From = "+14255550100", Capability = "MCOMEETADV" };
        _ledger.Import(callIn, new Call { Id = "plain", Type = "user_in", To = "+14255550199" });
        Assert.Equal([UsageStatus.Free, UsageStatus.Free], _ledger.Usage().Select(record => record.Status));
        Assert.Equal(0, _ledger.Session.Usage.Rate(TestLedger.Contoso, false, default).Read);

        _ledger.AddRates("Prefix,Price / min\n1800,0.05\n", name: "Toll free", service: CreditRateService.TollFreeInbound);
        var rated = _ledger.Session.Usage.Rate(TestLedger.Contoso, false, default);

        Assert.Equal((1, 0.05m), (rated.Read, rated.Charged));
        Assert.Equal((UsageStatus.Charged, UsageService.TollFreeInbound), (_ledger.Record("in").Status, _ledger.Record("in").Service));
        Assert.Equal(UsageStatus.Free, _ledger.Record("plain").Status);
        Assert.Equal(0, _ledger.Session.Usage.Rate(TestLedger.Contoso, false, default).Read);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "G7")]
    public void Rating_says_why_calls_still_wait()
    {
        _ledger.Import(new Call { Id = "a", To = "+4930123456" });
        _ledger.AddRates("Prefix,Price / min\n49,0.1\n", name: "Germany", from: "2026-03-10");

        Assert.Equal(1, _ledger.Session.Usage.Rate(TestLedger.Contoso, false, default, _observer).Unrated);

        Assert.Contains(_observer.Warnings, warning => warning.Contains("-EffectiveFrom 2026-03-01", StringComparison.Ordinal));
    }

    public void Dispose() => _ledger.Dispose();

    private static Call US(string id) => new() { Id = id };

    private static Call UK(string id) => new() { Id = id, To = "+442070000000", Context = "International", Destination = "United Kingdom" };

    private IEnumerable<UsageRecord> Standing(string id) =>
        _ledger.Usage().Where(record => record.RecordId == id && record.Status != UsageStatus.Reversed);

    private decimal UsedMinutes() => _ledger.Session.Pools.GetPools(TenantSelection.All, null).Sum(pool => pool.MinutesUsed);

    private UsageImport PriceAgain(string? from = null, string? to = null, bool preview = false) => _ledger.Session.Usage.PriceAgain(
        TestLedger.Contoso, from is null ? null : TestLedger.At(from), to is null ? null : TestLedger.At(to), preview, default, _observer);
}
