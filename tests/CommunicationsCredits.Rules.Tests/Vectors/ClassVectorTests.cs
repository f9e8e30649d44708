using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Vectors;

/// <summary>The public vectors of which call is paid from what.</summary>
public sealed class ClassVectorTests
{
    public static TheoryData<string> Calls => Shared.Cases("vectors", "classes.csv");

    [SharedTheory, MemberData(nameof(Calls))]
    [Trait("Rule", "U4")]
    public void A_call_is_paid_from_what_the_vector_says(string line)
    {
        var row = Shared.Row(line, "vectors", "classes.csv");

        // With the country of the matched rate, and with no rate at all, where the destination's name decides.
        foreach (var rates in (RateBook[])[Book(row["destination"]), Book(null)])
        {
            var (batch, call) = new Call
            {
                Id = row["id"],
                Type = row["call_type"],
                Capability = row["capability"],
                Context = row["domestic_international"],
                Country = row["caller_country"],
                Destination = row["destination"],
                To = "+999 1234567",
            }.Read();

            CallPricer.Price(batch, ref call, new("USD", null, PricingSource.Auto, rates));

            Assert.Null(call.Refusal);
            Assert.Equal(row["service"], call.Service?.ToString() ?? "");
            Assert.Equal(row["paid_from"], call.PaidFrom switch
            {
                PaidFrom.CapabilityPool or PaidFrom.DialOutPool => "Pool",
                var other => other.ToString(),
            });
        }
    }

    [SharedFact]
    public void The_file_holds_as_many_cases_as_were_retyped() => Assert.Equal(11, Shared.Rows("vectors", "classes.csv").Count());

    private static RateBook Book(string? destination)
    {
        if (destination is null)
            return new(1, [], _ => []);
        var country = destination switch
        {
            "United Kingdom" => "GB",
            "United States" => "US",
            _ => "ZW",
        };
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
            RateCount = 1,
        };
        return new(1, [sheet], of => [new(of, "999", Amount.FromDecimal(0.1m), destination, country)]);
    }
}
