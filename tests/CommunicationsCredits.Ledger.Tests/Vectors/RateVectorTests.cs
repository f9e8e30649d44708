using System.Globalization;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Vectors;

/// <summary>A ledger with the real rate list, imported once for the class.</summary>
public sealed class RealRates : IDisposable
{
    public RealRates()
    {
        if (Shared.WhyMissing is not null)
            return;
        Ledger = new();
        Sheet = Ledger.Session.Execute(
            new AddRateSheet("PSTN 2026", RateListReader.ReadFile(Shared.PathOf("data", "acs-pstn-rates.csv")))
            {
                EffectiveFrom = TestLedger.At("2026-01-01"),
            });
    }

    internal TestLedger? Ledger { get; }

    internal CreditRateSheet? Sheet { get; }

    public void Dispose() => Ledger?.Dispose();
}

/// <summary>Numbers against the real rate list of 6,592 prefixes.</summary>
public sealed class RateVectorTests(RealRates real) : IClassFixture<RealRates>
{
    public static TheoryData<string> Numbers => Shared.Cases("vectors", "rates.csv");

    [SharedTheory, MemberData(nameof(Numbers))]
    [Trait("Rule", "G2")]
    public void A_number_is_matched_by_its_longest_prefix(string line)
    {
        var row = Shared.Row(line, "vectors", "rates.csv");

        var rate = real.Ledger!.Session.Rates.FindRate(row["number"], CreditRateService.Outbound, "USD", null);

        Assert.Equal(row["prefix"], rate?.Prefix ?? "");
        Assert.Equal(row["price"], rate?.PricePerMinute.ToString(CultureInfo.InvariantCulture) ?? "");
    }

    [SharedFact]
    [Trait("Rule", "G2")]
    public void The_real_list_is_stored_whole()
    {
        Assert.Equal(7, Shared.Rows("vectors", "rates.csv").Count());
        Assert.Equal(6592, real.Sheet!.RateCount);
        Assert.Equal(real.Sheet, Assert.Single(real.Ledger!.Session.Rates.GetRateSheets()));
    }

    [SharedFact]
    [Trait("Rule", "G2")]
    public void Every_prefix_of_the_real_list_finds_its_own_price()
    {
        foreach (var row in Shared.Rows("data", "acs-pstn-rates.csv"))
        {
            // Digits enough to be no short code (G1), and none that lengthen the match.
            var number = "+" + row["Prefix"] + "*";

            var rate = real.Ledger!.Session.Rates.FindRate(number, CreditRateService.Outbound, "USD", null);

            Assert.Equal(row["Prefix"], rate?.Prefix);
            Assert.Equal(decimal.Parse(row["Price / min"], CultureInfo.InvariantCulture), rate!.PricePerMinute);
        }
    }
}
