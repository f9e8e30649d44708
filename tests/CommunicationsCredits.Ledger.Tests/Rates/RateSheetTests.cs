using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Rates;

/// <summary>Rate sheets in a real ledger: versions, conflicts, and what a charge was made by.</summary>
public sealed class RateSheetTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Fact]
    [Trait("Rule", "G2")]
    public void A_sheet_has_the_published_defaults()
    {
        var sheet = _ledger.Session.Execute(new AddRateSheet("PSTN", List(TestLedger.RatesUsd)));

        Assert.Equal(("PSTN", CreditRateService.Outbound, "USD"), (sheet.Name, sheet.Service, sheet.Currency));
        Assert.Equal((60, 60, 0m, 4, CreditRounding.HalfUp),
            (sheet.InitialIncrement, sheet.Increment, sheet.ConnectionFee, sheet.Decimals, sheet.Rounding));
        Assert.Equal(3, sheet.RateCount);
        Assert.Equal(TestLedger.At("2026-02-01"), sheet.EffectiveFrom);
        Assert.Equal(sheet, Assert.Single(_ledger.Session.Rates.GetRateSheets()));
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void The_newest_version_at_the_call_s_start_counts()
    {
        _ledger.AddRates("Prefix,Price / min\n1,0.01\n44,0.5", from: "2026-01-01");
        _ledger.AddRates("Prefix,Price / min\n1,0.02", name: "pstn", from: "2026-02-01");

        Assert.Null(Rate("+12025550100", "2025-12-31T23:59:59Z"));
        Assert.Equal(0.01m, Rate("+12025550100", "2026-01-01"));
        Assert.Equal(0.01m, Rate("+12025550100", "2026-01-31T23:59:59.9999999Z"));
        Assert.Equal(0.02m, Rate("+12025550100", "2026-02-01"));
        Assert.Equal(0.5m, Rate("+442079460000", "2026-01-31"));
        Assert.Null(Rate("+442079460000", "2026-02-01"));
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void The_longest_prefix_wins_among_names_and_services_are_apart()
    {
        _ledger.AddRates("Prefix,Price / min\n44,0.1", name: "Base");
        _ledger.AddRates("Prefix,Price / min\n447,0.2", name: "Mobile");
        _ledger.AddRates("Prefix,Price / min\n44800,0.3", name: "Toll-free", service: CreditRateService.TollFreeInbound);
        _ledger.AddRates("Prefix,Price / min\n44,9", name: "Euro", currency: "EUR");

        Assert.Equal(0.2m, Rate("+447700900123"));
        Assert.Equal(0.1m, Rate("+442079460000"));
        Assert.Equal(0.1m, Rate("+448001234567"));
        Assert.Equal(0.3m, _ledger.Session.Rates.FindRate("+448001234567", CreditRateService.TollFreeInbound, "usd", null)!.PricePerMinute);
        Assert.Equal(9m, _ledger.Session.Rates.FindRate("+447700900123", CreditRateService.Outbound, "EUR", null)!.PricePerMinute);
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void A_prefix_that_another_name_has_in_force_is_refused_and_nothing_is_stored()
    {
        _ledger.AddRates("Prefix,Price / min\n1,0.01\n44,0.5", name: "Base");

        var error = Refuses.With(CreditErrorId.RateRejected, () => _ledger.AddRates("Prefix,Price / min\n49,1\n44,0.6", name: "Other"));

        Assert.Contains("Prefix 44 ", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Base'", error.Message, StringComparison.Ordinal);
        Assert.Single(_ledger.Session.Rates.GetRateSheets());
        Assert.Null(Rate("+4930123456"));
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void Equal_prefixes_that_are_never_in_force_together_are_no_conflict()
    {
        _ledger.AddRates("Prefix,Price / min\n44,0.5", name: "Base", from: "2026-01-01");
        _ledger.AddRates("Prefix,Price / min\n1,0.5", name: "Base", from: "2026-02-01");

        _ledger.AddRates("Prefix,Price / min\n44,0.7", name: "Other", from: "2026-02-01");
        Refuses.With(CreditErrorId.RateRejected, () => _ledger.AddRates("Prefix,Price / min\n44,0.7", name: "Third", from: "2026-01-31"));
        _ledger.AddRates("Prefix,Price / min\n44,0.9", name: "Base", currency: "EUR", from: "2026-02-01");

        Assert.Equal(0.5m, Rate("+442079460000", "2026-01-15"));
        Assert.Equal(0.7m, Rate("+442079460000", "2026-02-15"));
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void A_version_that_would_meet_another_name_only_while_in_force_is_refused_only_then()
    {
        _ledger.AddRates("Prefix,Price / min\n44,0.5", name: "Base", from: "2026-01-01");
        _ledger.AddRates("Prefix,Price / min\n1,0.5", name: "Base", from: "2026-02-01");
        var other = _ledger.AddRates("Prefix,Price / min\n44,0.7", name: "Other", from: "2026-02-01");

        // Without the newer version the older one would be in force again, and meet the other name.
        var newer = _ledger.Session.Rates.GetRateSheets().Single(sheet => sheet.Name == "Base" && sheet.EffectiveFrom == other.EffectiveFrom);
        Refuses.With(CreditErrorId.RateRejected, () => _ledger.Session.Execute(new RemoveRateSheet(newer)));
        _ledger.Session.Execute(new RemoveRateSheet(other));
        _ledger.Session.Execute(new RemoveRateSheet(newer));

        Assert.Equal(0.5m, Rate("+442079460000", "2026-02-15"));
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void The_same_version_again_is_a_revision_and_what_the_former_charged_stays()
    {
        _ledger.AddRates("Prefix,Price / min\n1,0.01\n44,1", from: "2026-01-01");
        _ledger.AddRates("Prefix,Price / min\n1,0.02", from: "2026-01-01");
        Assert.Equal((0.02m, null), (Rate("+12025550100"), Rate("+442079460000")));
        _ledger.Import(new Call { Id = "a" });
        Assert.Equal(0.02m, _ledger.Record("a").Charge);

        Refuses.With(CreditErrorId.RateRejected, () => _ledger.Session.Execute(new RemoveRateSheet(_ledger.Session.Rates.GetRateSheets()[0])));

        // The same content changes nothing, another one is the revision in force; the call keeps its charge.
        _ledger.AddRates("Prefix,Price / min\n1,0.02", from: "2026-01-01");
        Assert.Equal(2, _ledger.Session.Rates.GetRateSheets(includeReplaced: true).Count);
        _ledger.AddRates("Prefix,Price / min\n1,0.03", from: "2026-01-01");
        Assert.Equal((1, 3), (_ledger.Session.Rates.GetRateSheets().Count, _ledger.Session.Rates.GetRateSheets(includeReplaced: true).Count));
        _ledger.AddRates("Prefix,Price / min\n1,0.04", from: "2026-01-02");
        _ledger.Import(new Call { Id = "b" });

        Assert.Equal((0.03m, 0.04m), (Rate("+12025550100", "2026-01-01"), Rate("+12025550100", "2026-01-02")));
        Assert.Equal((0.02m, 0.04m), (_ledger.Record("a").Charge, _ledger.Record("b").Charge));

        // Removing takes the newest revision away where nothing was charged by it, and the one before is in force again.
        _ledger.Session.Execute(new RemoveRateSheet(_ledger.Session.Rates.GetRateSheets().Single(sheet => sheet.EffectiveFrom == TestLedger.At("2026-01-01"))));
        Assert.Equal(0.02m, Rate("+12025550100", "2026-01-01"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "G6")]
    public void A_sheet_that_only_covers_a_call_charged_by_its_own_figure_made_no_charge()
    {
        var sheet = _ledger.AddRates();
        _ledger.Import(new Call { Id = "a", Charge = "0.50" });

        Assert.Equal(0.013m, _ledger.Record("a").RatedCharge);
        _ledger.Session.Execute(new RemoveRateSheet(sheet));
        Assert.Empty(_ledger.Session.Rates.GetRateSheets());
    }

    [Theory]
    [Trait("Rule", "G5")]
    [InlineData(0, 60, 4)]
    [InlineData(60, 0, 4)]
    [InlineData(3601, 60, 4)]
    [InlineData(60, 3601, 4)]
    [InlineData(60, 60, -1)]
    [InlineData(60, 60, 7)]
    public void Increments_and_decimals_out_of_range_are_refused(int initial, int increment, int decimals) => Refuses.With(
        CreditErrorId.RateRejected, () => _ledger.AddRates(initial: initial, increment: increment, decimals: decimals));

    [Fact]
    [Trait("Rule", "G2")]
    public void A_sheet_needs_a_name_a_currency_and_a_fee_that_is_an_amount()
    {
        Refuses.With(CreditErrorId.RateRejected, () => _ledger.AddRates(name: " "));
        Refuses.With(CreditErrorId.RateRejected, () => _ledger.AddRates(name: "a\nb"));
        Refuses.With(CreditErrorId.RateRejected, () => _ledger.AddRates(name: new string('x', 129)));
        Refuses.With(CreditErrorId.InvalidCurrency, () => _ledger.AddRates(currency: "XXX"));
        Refuses.With(CreditErrorId.InvalidAmount, () => _ledger.AddRates(fee: -0.01m));
        Refuses.With(CreditErrorId.InvalidAmount, () => _ledger.AddRates(fee: 0.0000001m));
        Assert.Empty(_ledger.Session.Rates.GetRateSheets());
    }

    [Fact]
    [Trait("Rule", "G4")]
    public void A_call_is_measured_with_fee_increments_and_rounding()
    {
        _ledger.AddRates("Prefix,Price / min,Destination Name\n44,0.0333,Britain", fee: 0.1m, initial: 30, increment: 6, decimals: 3, rounding: CreditRounding.Up);

        var cost = Measure("+442079460000", 31.2);

        Assert.Equal(("44", "Britain", 36, 0.1m, "USD"),
            (cost.Prefix, cost.Destination, cost.BilledSeconds, cost.ConnectionFee, cost.Currency));

        // 0.1 + 0.0333 × 36 / 60 = 0.11998
        Assert.Equal(0.12m, cost.Cost);
        Assert.Equal((0, 0m, 0m), (Measure("+442079460000", 0).BilledSeconds, Measure("+442079460000", 0).ConnectionFee, Measure("+442079460000", 0).Cost));
        Refuses.With(CreditErrorId.NoRate, () => Measure("+4930123456", 60));
        Refuses.With(CreditErrorId.NoRate, () => Measure("911", 60));
        Refuses.With(CreditErrorId.InvalidAmount, () => Measure("+442079460000", -1));
        Refuses.With(CreditErrorId.InvalidCurrency, () =>
            _ledger.Session.Rates.MeasureCall("+44", default, CreditRateService.Outbound, "??", null));
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void Numbers_may_be_asked_in_several_currencies_by_several_threads_at_once()
    {
        _ledger.AddRates("Prefix,Price / min\n1,1", name: "A");
        _ledger.AddRates("Prefix,Price / min\n1,2", name: "A", currency: "EUR");

        Parallel.For(0, 4000, new() { MaxDegreeOfParallelism = 4 }, i => Assert.Equal(
            i % 2 == 0 ? 1m : 2m,
            _ledger.Session.Rates.FindRate("+12025550100", CreditRateService.Outbound, i % 2 == 0 ? "USD" : "EUR", null)!.PricePerMinute));
    }

    public void Dispose() => _ledger.Dispose();

    private CreditCallCost Measure(string number, double seconds) => _ledger.Session.Rates.MeasureCall(
        number, TimeSpan.FromSeconds(seconds), CreditRateService.Outbound, "USD", null);

    private decimal? Rate(string number, string? at = null) => _ledger.Session.Rates.FindRate(
        number, CreditRateService.Outbound, "USD", at is null ? null : TestLedger.At(at))?.PricePerMinute;

    private RateListReader List(string csv) => RateListReader.ReadFile(_ledger.Folder.Write("list.csv", csv));
}
