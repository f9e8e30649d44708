using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>Capabilities whose names begin with a known one, and destinations that no pool covers (A1, U4).</summary>
public sealed class CapabilityFamilyTests
{
    [Fact]
    [Trait("Rule", "A1")]
    public void A_family_has_a_pool_of_its_own_under_its_full_name()
    {
        using var ledger = new TestLedger();
        ledger.AddRates(PoolLedger.DollarRates);
        ledger.SetPool("MCOPSTN1", 1, 2);
        ledger.SetPool("MCOPSTN1BR", 1, 1);

        ledger.Import(
            PoolLedger.Out("a", 60, capability: "MCOPSTN1BR"), PoolLedger.Out("b", 60, capability: "MCOPSTN1BR"), PoolLedger.Out("c", 60));

        Assert.Equal([(60, 0m), (0, 1m), (60, 0m)], ledger.Outcome("a", "b", "c"));
    }

    [Fact]
    [Trait("Rule", "U4")]
    public void Dial_out_of_the_US_plan_has_its_own_pool_for_the_US_and_Canada()
    {
        using var ledger = new TestLedger();
        ledger.AddRates(PoolLedger.DollarRates);
        ledger.SetPool("ConferenceDialOut", 1, 1);
        var pool = ledger.SetPool("MCOMEETADD_DIALOUT_US", 115);
        Assert.Equal((6900m, null), (pool.Minutes, pool.Country));

        ledger.Import(
            PoolLedger.DialOut("us", 60) with { Capability = "MCOMEETADD_DIALOUT_US" },
            PoolLedger.DialOut("gb", 60, "+442071234567", "United Kingdom") with { Capability = "MCOMEETADD_DIALOUT_US" },
            PoolLedger.DialOut("zone", 60, "+442071234567", "United Kingdom"));

        Assert.Equal([(60, 0m), (0, 1m), (60, 0m)], ledger.Outcome("us", "gb", "zone"));
        Assert.Equal(1m, ledger.Pool("MCOMEETADD_DIALOUT_US").MinutesUsed);
    }

    [Theory]
    [Trait("Rule", "U4")]
    [InlineData("user_out", "MCOPSTN2", true)]
    [InlineData("conf_out", "MCOMEETADD", true)]
    [InlineData("user_out", "MCOPSTN2", false)]
    [InlineData("conf_out", "MCOMEETADD", false)]
    public void No_pool_covers_a_destination_whose_rate_says_so(string type, string capability, bool isExcluded)
    {
        var (batch, call) = new Call { Id = "a", Type = type, Capability = capability, To = "+4490912345678", Destination = "United Kingdom", Context = "International" }.Read();
        var sheet = new RateSheet
        {
            Name = "Deck",
            Service = CreditRateService.Outbound,
            Currency = "USD",
            EffectiveFrom = default,
            InitialIncrement = 60,
            Increment = 60,
            ConnectionFee = default,
            Decimals = 4,
            Rounding = CreditRounding.HalfUp,
            RateCount = 1,
        };
        var terms = new RateTerms(Amount.FromDecimal(0.10m), 1, 1, isExcluded, "premium");
        var book = new RateBook(1, [sheet], of => [new(of, "44909", Amount.FromDecimal(0.6m), "United Kingdom - Premium", "GB") { Terms = terms }]);

        CallPricer.Price(batch, ref call, new("USD", null, PricingSource.Auto, book));

        Assert.Equal(isExcluded, call.PaidFrom == PaidFrom.Credits);
        Assert.Equal((60, Amount.FromDecimal(0.7m)), (call.BilledSeconds, call.Charge));
    }

    [Theory]
    [Trait("Rule", "U4")]
    [InlineData("", "US", "US", null, UsageService.Domestic)]
    [InlineData("", "US", "GB", "US", UsageService.International)]
    [InlineData("", "GB", "United Kingdom", "US", UsageService.Domestic)]
    [InlineData("", "US", "", "US", UsageService.Domestic)]
    [InlineData("", "US", "??", "US", UsageService.Domestic)]
    [InlineData("", "", "US", "US", UsageService.International)]
    [InlineData("International", "US", "US", "US", UsageService.International)]
    public void Domestic_is_the_context_then_the_other_party_then_the_rate(string context, string usage, string other, string? rated, UsageService service)
    {
        var (batch, call) = new Call { Id = "a", Context = context, Country = usage, OtherCountry = other, Destination = "x" }.Read();
        var sheet = new RateSheet
        {
            Name = "Deck",
            Service = CreditRateService.Outbound,
            Currency = "USD",
            EffectiveFrom = default,
            InitialIncrement = 60,
            Increment = 60,
            ConnectionFee = default,
            Decimals = 4,
            Rounding = CreditRounding.HalfUp,
            RateCount = 1,
        };

        CallPricer.Price(batch, ref call, new("USD", null, PricingSource.Auto, new(1, [sheet], of => [new(of, "1", Amount.FromDecimal(1m), null, rated)])));

        Assert.Equal(service, call.Service);
    }
}
