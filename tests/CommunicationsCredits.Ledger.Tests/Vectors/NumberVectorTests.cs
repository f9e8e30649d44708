using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Vectors;

/// <summary>The public vectors of what of a number is matched, against the real rate list.</summary>
public sealed class NumberVectorTests(RealRates real) : IClassFixture<RealRates>
{
    public static TheoryData<string> Numbers => Shared.Cases("vectors", "numbers.csv");

    [SharedTheory, MemberData(nameof(Numbers))]
    [Trait("Rule", "G1")]
    public void A_number_is_rated_free_or_refused_as_the_vector_says(string line)
    {
        var row = Shared.Row(line, "vectors", "numbers.csv");
        if (row["typed"] == "yes")
        {
            if (row["outcome"] == "refused")
                Refuses.With(CreditErrorId.InvalidNumber, () => Find(row["number"]));
            else
                Assert.Equal(row["prefix"], Find(row["number"])?.Prefix);
            return;
        }

        using var ledger = new TestLedger();
        ledger.Session.Execute(new CommunicationsCredits.Ledger.Rates.Operations.AddRateSheet(
            "PSTN", CommunicationsCredits.Ledger.Rates.RateListReader.ReadFile(Shared.PathOf("data", "acs-pstn-rates.csv")))
        {
            EffectiveFrom = TestLedger.At("2026-01-01"),
        });
        var import = ledger.Import(new Call { Id = row["id"], To = row["number"], Context = "International" });

        switch (row["outcome"])
        {
            case "rated":
                var rate = Find("+" + row["prefix"] + "*");
                Assert.Equal(rate!.PricePerMinute, ledger.Record(row["id"]).RatedCharge);
                break;
            case "short code":
                Assert.Equal(UsageStatus.Free, ledger.Record(row["id"]).Status);
                break;
            default:
                Assert.Equal("Destination Number", Assert.Single(import.Rejections).Field);
                break;
        }
    }

    [SharedFact]
    public void The_file_holds_as_many_cases_as_were_retyped() => Assert.Equal(21, Shared.Rows("vectors", "numbers.csv").Count());

    private CreditRate? Find(string number) => real.Ledger!.Session.Rates.FindRate(number, CreditRateService.Outbound, "USD", null);
}
