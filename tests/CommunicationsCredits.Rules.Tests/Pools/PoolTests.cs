using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>What a pool has, what a call takes of it and when it is used up: each rule at the very value at which it changes.</summary>
public sealed class PoolTests
{
    private static readonly Month March = Month.Parse("2026-03");

    // What is left, what is billed, the increments; what the pool covers, and what of the rest is void.
    [Theory]
    [Trait("Rule", "A2")]
    [InlineData(120, 60, 60, 60, 60, 0)]
    [InlineData(60, 60, 60, 60, 60, 0)]
    [InlineData(59, 60, 60, 60, 0, 59)]
    [InlineData(60, 120, 60, 60, 60, 0)]
    [InlineData(119, 180, 60, 60, 60, 59)]
    [InlineData(119, 150, 60, 1, 119, 0)]
    [InlineData(35, 102, 30, 6, 30, 5)]
    [InlineData(36, 102, 30, 6, 36, 0)]
    [InlineData(101, 102, 30, 6, 96, 5)]
    [InlineData(30, 102, 30, 6, 30, 0)]
    [InlineData(29, 102, 30, 6, 0, 29)]
    [InlineData(0, 60, 60, 60, 0, 0)]
    [InlineData(0, 0, 60, 60, 0, 0)]
    public void A_call_takes_all_it_is_billed_or_whole_increments_and_the_rest_is_void(
        long left, int billed, int initial, int increment, int pooled, int unusable) =>
        Assert.Equal((pooled, unusable), PoolRules.Take(left, billed, initial, increment));

    [Fact]
    [Trait("Rule", "A1")]
    public void A_setting_holds_from_its_month_on_and_the_first_one_for_all_earlier_months_too()
    {
        PoolSetting[] settings = [Setting() with { From = March }, Setting() with { From = March.Next.Next, Licenses = 2 }];

        Assert.Equal(settings[0], PoolRules.InForce(settings, March.Previous));
        Assert.Equal(settings[0], PoolRules.InForce(settings, March));
        Assert.Equal(settings[0], PoolRules.InForce(settings, March.Next));
        Assert.Equal(settings[1], PoolRules.InForce(settings, March.Next.Next));
        Assert.Equal(settings[1], PoolRules.InForce(settings, Month.Last));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void Licenses_are_pooled_but_those_of_a_plan_a_user_has_for_himself()
    {
        Assert.Equal((115 * 60 * 60L, 115 * 600 * 60L), Setting(licenses: 115, domestic: 60, international: 600).Seconds());
        Assert.Equal((120 * 60L, 0L), Setting("MCOPSTN8", licenses: 115, domestic: 120).Seconds());
        Assert.Equal((0L, 0L), Setting("MCOPSTN8", licenses: 0, domestic: 120).Seconds());

        // 32 bits would not hold them.
        Assert.Equal((60L * 1_000_000 * 44_640, 60L * 1_000_000 * 44_640), Setting(licenses: 1_000_000, domestic: 44_640, international: 44_640).Seconds());
        Assert.True(Setting("MCOPSTN8").IsPerUser);
        Assert.False(Setting().IsPerUser);
    }

    [Theory]
    [Trait("Rule", "A1, U4")]
    [InlineData(UsageService.Domestic, "MCOPSTN1", "US", "MCOPSTN1", "US", true)]
    [InlineData(UsageService.International, "mcopstn1", "us", "MCOPSTN1", "US", true)]
    [InlineData(UsageService.Domestic, "MCOPSTN2", "US", "MCOPSTN1", "US", false)]
    [InlineData(UsageService.Domestic, "MCOPSTN1", "GB", "MCOPSTN1", "US", false)]
    [InlineData(UsageService.Inbound, "MCOPSTN1", "US", "MCOPSTN1", "US", false)]
    [InlineData(UsageService.ConferenceDialOut, "MCOPSTN1", "US", "MCOPSTN1", "US", false)]
    [InlineData(UsageService.ConferenceDialOut, "MCOMEETADD", "US", "ConferenceDialOut", "", true)]
    [InlineData(UsageService.ConferenceDialOut, "MCOMEETADD_DIALOUT_US", "US", "ConferenceDialOut", "", false)]
    [InlineData(UsageService.Domestic, "ConferenceDialOut", "US", "ConferenceDialOut", "", false)]
    public void A_pool_takes_calls_of_its_capability_and_country_and_a_tenants_dial_out(
        UsageService service, string capability, string country, string pool, string poolCountry, bool takes)
    {
        var (batch, call) = new Call { Id = "a", Capability = capability, Country = country }.Read();
        call.Service = service;

        Assert.Equal(takes, (Setting(pool) with { Country = poolCountry }).Takes(batch, call));
    }

    [Fact]
    [Trait("Rule", "A2, A4")]
    public void Minutes_are_used_by_calls_and_by_what_is_void()
    {
        var minutes = new PoolMinutes { Total = 300, Used = 200, Unusable = 40 };
        Assert.Equal((60L, 80m, false), (minutes.Left, minutes.Percent, minutes.IsUsedUp));

        minutes.Used = 260;
        Assert.Equal((0L, 100m, true), (minutes.Left, minutes.Percent, minutes.IsUsedUp));

        // A setting that came later may give fewer than were used.
        minutes.Total = 100;
        Assert.Equal((0L, 100m, true), (minutes.Left, minutes.Percent, minutes.IsUsedUp));
        Assert.Equal((0L, 0m, false), (new PoolMinutes { Used = 60 }.Left, new PoolMinutes { Used = 60 }.Percent, new PoolMinutes().IsUsedUp));
    }

    [Fact]
    [Trait("Rule", "A3")]
    public void Either_kind_used_up_closes_MCOPSTN2_whole_and_no_other()
    {
        foreach (var isDomestic in (bool[])[true, false])
        {
            var (whole, each) = (MonthOf("MCOPSTN2"), MonthOf("MCOPSTN77"));
            foreach (var month in (PoolMonth[])[whole, each])
                (isDomestic ? month.Domestic : month.International).Used = 600;
            Assert.Equal((true, true, 100m, 0L, 0L), (whole.IsClosed, whole.IsUsedUp, whole.Percent, whole.LeftOf(whole.Domestic), whole.LeftOf(whole.International)));
            Assert.Equal((false, false, 100m), (each.IsClosed, each.IsUsedUp, each.Percent));
            Assert.Equal(600, each.LeftOf(isDomestic ? each.International : each.Domestic));
            (each.Domestic.Used, each.International.Used) = (600, 600);
            Assert.True(each.IsUsedUp);
        }

        var open = MonthOf("MCOPSTN2");
        (open.Domestic.Used, open.International.Used) = (60, 120);
        Assert.Equal((false, false, 20m, 540L), (open.IsClosed, open.IsUsedUp, open.Percent, open.LeftOf(open.Domestic)));
    }

    [Fact]
    [Trait("Rule", "A1")]
    public void The_same_use_under_another_setting_is_a_copy()
    {
        var month = new PoolMonth("MCOPSTN1", "US", March, "ann");
        (month.Domestic.Used, month.Domestic.Unusable, month.International.Used, month.International.Unusable) = (1, 2, 3, 4);

        var under = month.Under(Setting(licenses: 2, domestic: 5, international: 7));

        Assert.Equal(new(March, "MCOPSTN1", "US", "ann"), under.Key);
        Assert.Equal(("MCOPSTN1", "US", March, "ann"), (under.Capability, under.Country, under.Month, under.User));
        Assert.Equal((600L, 1L, 2L), (under.Domestic.Total, under.Domestic.Used, under.Domestic.Unusable));
        Assert.Equal((840L, 3L, 4L), (under.International.Total, under.International.Used, under.International.Unusable));
        under.Domestic.Used = 9;
        Assert.Equal(1, month.Domestic.Used);
    }

    private static PoolMonth MonthOf(string capability) =>
        new PoolMonth(capability, "US", March, "").Under(Setting(capability, domestic: 10, international: 10));

    private static PoolSetting Setting(string capability = "MCOPSTN1", int licenses = 1, int domestic = 0, int international = 0) =>
        new(capability, "US", March, licenses, domestic, international);
}
