using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Vectors;

/// <summary>The public vectors of call types, operators and families of capabilities.</summary>
public sealed class CallTypeVectorTests
{
    public static TheoryData<string> Calls => Shared.Cases("vectors", "call-types.csv");

    [SharedTheory, MemberData(nameof(Calls))]
    [Trait("Rule", "U4")]
    public void A_call_is_paid_from_what_the_vector_says(string line)
    {
        var row = Shared.Row(line, "vectors", "call-types.csv");
        var (batch, call) = new Call
        {
            Id = row["id"],
            Type = row["call_type"],
            Capability = row["capability"],
            Operator = row["operator"],
            OtherCountry = row["other_country"],
            To = row["number"],
            Charge = row["own_charge"],
            Context = "",
            Destination = "",
        }.Read();

        CallPricer.Price(batch, ref call, new("USD", null, PricingSource.Auto, Book()));

        Assert.Null(call.Refusal);
        Assert.Equal(row["service"], call.Service?.ToString() ?? "");
        Assert.Equal(row["paid_from"], call.Status == UsageStatus.Unrated ? "Unrated" : call.PaidFrom switch
        {
            PaidFrom.CapabilityPool or PaidFrom.DialOutPool => "Pool",
            PaidFrom.RecordedChargeState => "Credits",
            var other => other.ToString(),
        });
    }

    [SharedFact]
    public void The_file_holds_as_many_cases_as_were_retyped() => Assert.Equal(12, Shared.Rows("vectors", "call-types.csv").Count());

    private static RateBook Book()
    {
        var sheet = new RateSheet
        {
            Name = "Vector",
            Service = CreditRateService.Outbound,
            Currency = "USD",
            EffectiveFrom = default,
            InitialIncrement = 60,
            Increment = 60,
            ConnectionFee = default,
            Decimals = 4,
            Rounding = CreditRounding.HalfUp,
            RateCount = 2,
        };
        return new(1, [sheet], of =>
        [
            new(of, "44", Amount.FromDecimal(0.1m), null, null), new(of, "1", Amount.FromDecimal(0.1m), null, null),
        ]);
    }
}
