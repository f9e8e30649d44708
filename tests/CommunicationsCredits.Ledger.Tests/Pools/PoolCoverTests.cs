using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;
using static CommunicationsCredits.Ledger.Tests.Pools.PoolLedger;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>What included minutes cover, and where they end (A2, A3).</summary>
public sealed class PoolCoverTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    public PoolCoverTests() => _ledger.AddFunds(1000m, "2026-01-01");

    [Fact]
    [Trait("Rule", "A2")]
    public void Included_minutes_are_used_before_credits_in_billed_seconds()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 10);

        var import = _ledger.Import(Out("a", 61), Out("b", 0), Out("c", 60));

        Assert.Equal([(120, 0m), (0, 0m), (60, 0m)], _ledger.Outcome("a", "b", "c"));
        Assert.Equal(
            [UsageStatus.Pooled, UsageStatus.Charged, UsageStatus.Pooled], _ledger.Usage().Select(record => record.Status));
        Assert.Equal((3, 0m, 1000m), (import.Result.Imported, import.Result.Charged, import.Result.BalanceAfter));
        var pool = _ledger.Pool("MCOPSTN1");
        Assert.Equal((10m, 3m, 30m, CreditPoolStatus.Open), (pool.Minutes, pool.MinutesUsed, pool.PercentUsed, pool.Status));
        Assert.Empty(_ledger.Verify());
    }

    // 10 minutes: one call before takes all but what is left; then the call, then what of a second call of a minute is covered.
    [Theory]
    [Trait("Rule", "A2")]
    [InlineData(60, 60, 60, 150, 60, 120, "2")]
    [InlineData(60, 60, 180, 150, 180, 0, "0")]
    [InlineData(60, 60, 120, 150, 120, 60, "1")]
    [InlineData(60, 1, 60, 150, 60, 90, "1.5")]
    [InlineData(60, 1, 61, 150, 61, 89, "1.4833")]
    [InlineData(60, 1, 149, 150, 149, 1, "0.0167")]
    [InlineData(60, 1, 150, 150, 150, 0, "0")]
    [InlineData(30, 6, 30, 100, 30, 72, "1.2")]
    [InlineData(30, 6, 35, 100, 30, 72, "1.2")]
    [InlineData(30, 6, 36, 100, 36, 66, "1.1")]
    [InlineData(30, 6, 101, 100, 96, 6, "0.1")]
    [InlineData(30, 6, 102, 100, 102, 0, "0")]
    [InlineData(60, 1, 59, 150, 0, 150, "2.5")]
    [InlineData(30, 6, 29, 100, 0, 102, "1.7")]
    [InlineData(30, 6, 29, 20, 0, 30, "0.5")]
    [InlineData(60, 1, 10, 5, 0, 60, "1")]
    public void A_call_that_outlasts_the_pool_is_split_at_a_whole_increment_and_the_rest_is_void(
        int initial, int increment, int left, int seconds, int pooled, int paid, string charge)
    {
        _ledger.AddRates(DollarRates, initial: initial, increment: increment);

        // A record with a charge of 0 counts by whole seconds, so that any rest can be left: 600 = 1 s steps of a 1-second sheet.
        _ledger.AddRates("Prefix,Price / min,Country\n1999,1,US\n", name: "Steps", initial: 1, increment: 1);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 10);
        _ledger.Import(Out("before", 600 - left) with { To = "+19995550100" });

        _ledger.Import(Out("call", seconds), Out("after", 1));

        var call = _ledger.Record("call");
        Assert.Equal((pooled, pooled + paid), (call.PooledSeconds, call.BilledSeconds));
        Assert.Equal(decimal.Parse(charge, System.Globalization.CultureInfo.InvariantCulture), call.Charge);
        Assert.Equal(paid == 0 ? UsageStatus.Pooled : UsageStatus.Charged, call.Status);
        if (paid > 0 || left == pooled)
        {
            Assert.Equal(0, _ledger.Record("after").PooledSeconds);
            var pool = _ledger.Pool("MCOPSTN1");
            Assert.Equal((10m, 100m, CreditPoolStatus.UsedUp), (pool.MinutesUsed, pool.PercentUsed, pool.Status));
        }

        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A2")]
    public void What_was_void_stays_void_for_shorter_calls_of_the_month()
    {
        _ledger.AddRates(DollarRates, initial: 60, increment: 1);
        _ledger.AddRates("Prefix,Price / min,Country\n1999,1,US\n", name: "Seconds", initial: 1, increment: 1);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 1);
        _ledger.Import(Out("first", 30) with { To = "+19995550100" });

        _ledger.Import(Out("voids", 10), Out("short", 10) with { To = "+19995550100" });

        Assert.Equal([(30, 0m), (0, 1m), (0, 0.1667m)], _ledger.Outcome("first", "voids", "short"));
    }

    [Fact]
    [Trait("Rule", "A2")]
    public void The_connection_fee_is_paid_once_and_only_where_a_second_is_paid()
    {
        _ledger.AddRates(DollarRates, fee: 0.25m);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 3);

        _ledger.Import(Out("covered", 120), Out("split", 180), Out("paid", 60), Out("unanswered", 0));

        Assert.Equal([(120, 0m), (60, 2.25m), (0, 1.25m), (0, 0m)], _ledger.Outcome("covered", "split", "paid", "unanswered"));
        Assert.Equal(3.25m, _ledger.Record("split").RatedCharge);
    }

    [Fact]
    [Trait("Rule", "A2")]
    public void A_pool_that_is_used_up_exactly_leaves_nothing_void()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 3);

        _ledger.Import(Out("a", 120), Out("b", 60), Out("c", 60));

        Assert.Equal([(120, 0m), (60, 0m), (0, 1m)], _ledger.Outcome("a", "b", "c"));
    }

    [Fact]
    [Trait("Rule", "A2")]
    public void Pools_are_of_the_records_capability_and_country()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN1", 1, country: "US");
        _ledger.SetPool("MCOPSTN2", 1, country: "GB");

        _ledger.Import(
            Out("other capability", 60, capability: "MCOPSTN2"), Out("other country", 60) with { Country = "GB" },
            Out("incapable", 60, capability: ""), Out("any case", 60, capability: "mcopstn1") with { Country = "us" },
            Out("no country is the tenant's", 60) with { Country = "" });

        Assert.Equal(
            [(0, 1m), (0, 1m), (0, 1m), (60, 0m), (60, 0m)],
            _ledger.Outcome("other capability", "other country", "incapable", "any case", "no country is the tenant's"));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A2")]
    public void Pay_as_you_go_has_no_minutes_and_neither_have_other_capabilities_calls_of_the_other_kind()
    {
        _ledger.AddRates(DollarRates);
        foreach (var capability in (string[])["MCOPSTN1", "MCOPSTN5", "MCOPSTN6", "MCOPSTN8", "MCOPSTN9"])
            _ledger.SetPool(capability, 1);

        _ledger.Import(
            Out("pp", 60, capability: "MCOPSTNPP"), Abroad("1", 60, "MCOPSTN1"), Abroad("5", 60, "MCOPSTN5"), Abroad("6", 60,
                "MCOPSTN6"),
            Abroad("8", 60, "MCOPSTN8"), Out("9 domestic", 60, capability: "MCOPSTN9"), Abroad("9", 60, "MCOPSTN9"));

        Assert.Equal(
            [(0, 1m), (0, 1m), (0, 1m), (0, 1m), (0, 1m), (0, 1m), (60, 0m)],
            _ledger.Outcome("pp", "1", "5", "6", "8", "9 domestic", "9"));
    }

    [Fact]
    [Trait("Rule", "A3")]
    public void MCOPSTN2_has_domestic_and_international_minutes_of_its_own()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN2", 1, minutes: 5, international: 3);

        _ledger.Import(Out("d", 120, capability: "MCOPSTN2"), Abroad("i", 60, "MCOPSTN2"));

        var pool = _ledger.Pool("MCOPSTN2");
        Assert.Equal((2m, 1m, 40m), (pool.MinutesUsed, pool.InternationalMinutesUsed, pool.PercentUsed));
    }

    [Theory]
    [Trait("Rule", "A3")]
    [InlineData(true)]
    [InlineData(false)]
    public void MCOPSTN2_is_closed_whole_when_either_kind_is_used_up(bool domestic)
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN2", 1, minutes: 3, international: 3);

        _ledger.Import(
            domestic ? Out("uses up", 240, capability: "MCOPSTN2") : Abroad("uses up", 240, "MCOPSTN2"),
            Out("d", 60, capability: "MCOPSTN2"), Abroad("i", 60, "MCOPSTN2"));

        Assert.Equal([(180, 1m), (0, 1m), (0, 1m)], _ledger.Outcome("uses up", "d", "i"));
        Assert.Equal((100m, CreditPoolStatus.UsedUp), (_ledger.Pool("MCOPSTN2").PercentUsed, _ledger.Pool("MCOPSTN2").Status));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A3")]
    public void Other_pools_with_both_kinds_close_each_for_itself()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN77", 1, minutes: 3, international: 3);

        _ledger.Import(Out("d", 180, capability: "MCOPSTN77"), Abroad("i", 60, "MCOPSTN77"));

        Assert.Equal([(180, 0m), (60, 0m)], _ledger.Outcome("d", "i"));
        Assert.Equal((100m, CreditPoolStatus.Open), (_ledger.Pool("MCOPSTN77").PercentUsed, _ledger.Pool("MCOPSTN77").Status));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void MCOPSTN8_gives_every_user_minutes_of_his_own()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN8", 2, minutes: 2);

        _ledger.Import(
            Out("ann 1", 60, capability: "MCOPSTN8"), Out("ann 2", 120, capability: "MCOPSTN8") with { User = "ANN@contoso.com" },
            Out("bob", 120, capability: "MCOPSTN8") with { User = "bob@contoso.com" });

        Assert.Equal([(60, 0m), (60, 1m), (120, 0m)], _ledger.Outcome("ann 1", "ann 2", "bob"));
        var pool = _ledger.Pool("MCOPSTN8");
        Assert.Equal((4m, 4m, CreditPoolStatus.UsedUp), (pool.Minutes, pool.MinutesUsed, pool.Status));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A2")]
    public void Where_the_records_own_charge_is_used_it_stands_and_0_is_counted()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 3);

        _ledger.Import(
            Out("charged", 60) with { Charge = "0.77" }, Out("fee only", 60) with { Charge = "0", Fee = "0.10" },
            Out("zero", 61) with { Charge = "0.00" }, Out("beyond", 120) with { Charge = "0.00" }, Out("rated", 60));

        Assert.Equal(
            [(0, 0.77m), (0, 0.1m), (120, 0m), (60, 0m), (0, 1m)],
            _ledger.Outcome("charged", "fee only", "zero", "beyond", "rated"));
        Assert.Equal(
            [UsageStatus.Pooled, UsageStatus.Charged], new[] { "zero", "beyond" }.Select(id => _ledger.Record(id).Status));
        Assert.Equal(998.13m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A2")]
    public void A_call_charged_0_that_no_rate_covers_is_counted_by_the_minute()
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 3);

        _ledger.Import(Out("zero", 61) with { Charge = "0.00" });

        Assert.Equal([(120, 0m)], _ledger.Outcome("zero"));
    }

    [Fact]
    [Trait("Rule", "G6")]
    public void By_the_rate_sheet_alone_a_charge_of_the_records_own_keeps_nothing_from_the_pool()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 3);

        _ledger.Import(Call.Csv([Out("charged", 60) with { Charge = "0.77" }, Out("zero", 240) with { Charge = "0.00" }]),
            source: PricingSource.RateSheet);

        Assert.Equal([(60, 0m), (120, 2m)], _ledger.Outcome("charged", "zero"));
    }

    [Fact]
    [Trait("Rule", "T2")]
    public void Calls_from_before_the_account_is_kept_here_count_in_pools_only()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 10);
        _ledger.Session.Execute(new Ledger.Tenants.Operations.ChangeTenant(
            TestLedger.Contoso, new() { AccountFrom = TestLedger.At("2026-03-10T00:00:00Z") }));

        var import = _ledger.Import(
            Out("rated", 61), Out("zero", 60) with { Charge = "0.00" }, Out("charged", 60) with { Charge = "5.00" },
            Abroad("abroad", 60, "MCOPSTN1"), Out("after", 540, "2026-03-10T00:00:00Z"));

        Assert.Equal([(120, 0m), (60, 0m), (0, 0m), (0, 0m), (420, 2m)], _ledger.Outcome("rated", "zero", "charged", "abroad",
            "after"));
        Assert.Equal(4, import.Result.Excluded);
        Assert.Equal(998m, _ledger.Balance());
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "T2")]
    [InlineData("44:0.00:100")]
    [InlineData("999:0.00:100")]
    [InlineData("44:0.00:30")]
    [InlineData("44::100")]
    [InlineData("44::30")]
    public void What_counts_in_a_pool_is_the_same_before_and_after_the_account_is_kept_here(string what)
    {
        // A call to a prefix, with a charge of its own or without, and the minutes that are left for it.
        var parts = what.Split(':');
        var taken = new List<decimal>();
        foreach (var accountFrom in (string?[])[null, "2026-03-10"])
        {
            var tenant = accountFrom ?? "none";
            _ledger.AddTenant(tenant, new() { AccountFrom = accountFrom is null ? null : TestLedger.At(accountFrom) });
            if (accountFrom is null)
            {
                _ledger.AddRates(DollarRates, increment: 1);
                _ledger.AddRates("Prefix,Price / min,Country\n45,1,DK\n", name: "Seconds", initial: 1, increment: 1);
            }

            _ledger.SetPool("MCOPSTN9", 1, international: 3, tenant: tenant);
            var left = int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture);
            _ledger.Import(
                Call.Csv([
                    Abroad("before", 180 - left, "MCOPSTN9") with { To = "+4512345678" },
                    Abroad("call", 120, "MCOPSTN9") with { To = $"+{parts[0]}123456789", Charge = parts[1] },
                    Abroad("after", 10, "MCOPSTN9") with { To = "+4512345678" },
                ]),
                tenant: tenant);
            taken.AddRange(_ledger.Usage(tenant).Select(record => (decimal)record.PooledSeconds));
            taken.Add(_ledger.Pools("2026-03", tenant).Single().InternationalMinutesUsed);
        }

        Assert.Equal(taken[..4], taken[4..]);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void A_new_number_of_licences_within_a_month_holds_for_what_is_posted_afterwards()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 2);
        _ledger.Import(Out("a", 180));
        _ledger.SetPool("MCOPSTN1", 2);
        _ledger.Import(Out("b", 180));
        _ledger.SetPool("MCOPSTN1", 1);

        _ledger.Import(Out("c", 60));

        Assert.Equal([(120, 1m), (120, 1m), (0, 1m)], _ledger.Outcome("a", "b", "c"));
        var pool = _ledger.Pool("MCOPSTN1");
        Assert.Equal((2m, 4m, 100m, CreditPoolStatus.UsedUp), (pool.Minutes, pool.MinutesUsed, pool.PercentUsed, pool.Status));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "U4")]
    public void The_dial_out_pool_is_tenant_wide_for_Zone_A_and_not_for_pay_per_minute()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("ConferenceDialOut", 1, minutes: 10);

        _ledger.Import(
            DialOut("US", 60), DialOut("GB", 60, "+442071234567", "United Kingdom"), DialOut("ZW", 60, "+2634123456", "Zimbabwe"),
            DialOut("other country", 60) with { Country = "GB" }, DialOut("other capability",
                60) with { Capability = "MCOPSTNPP" },
            DialOut("per minute", 60) with { Capability = "MCOMEETACPEA" }, Out("no conference", 60));

        Assert.Equal(
            [(60, 0m), (60, 0m), (0, 1m), (60, 0m), (60, 0m), (0, 1m), (0, 1m)],
            _ledger.Outcome("US", "GB", "ZW", "other country", "other capability", "per minute", "no conference"));
        Assert.Equal(4m, _ledger.Pool("ConferenceDialOut").MinutesUsed);
    }

    public void Dispose() => _ledger.Dispose();
}
