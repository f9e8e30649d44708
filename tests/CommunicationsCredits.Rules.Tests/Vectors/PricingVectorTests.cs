using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Vectors;

/// <summary>The public vectors of what one call costs: ../shared/vectors.</summary>
public sealed class PricingVectorTests
{
    public static TheoryData<string> Rating => Shared.Cases("vectors", "rating.csv");

    public static TheoryData<string> BilledSeconds => Shared.Cases("vectors", "billed-seconds.csv");

    public static TheoryData<string> Roundings => Shared.Cases("vectors", "rounding.csv");

    [SharedTheory, MemberData(nameof(Rating))]
    [Trait("Rule", "G4")]
    public void A_call_costs_what_the_vector_says(string line)
    {
        var row = Shared.Row(line, "vectors", "rating.csv");

        var billed = Rater.BilledSeconds(Int(row["seconds"]), Int(row["initial_increment"]), Int(row["increment"]));

        Assert.Equal(Int(row["billed_seconds"]), billed);
        Assert.Equal(Decimal(row["cost"]), Cost(row, billed));
    }

    [SharedTheory, MemberData(nameof(BilledSeconds))]
    [Trait("Rule", "G3")]
    public void A_call_is_billed_by_its_increments(string line)
    {
        var row = Shared.Row(line, "vectors", "billed-seconds.csv");

        var billed = Rater.BilledSeconds(Int(row["seconds"]), Int(row["initial_increment"]), Int(row["increment"]));

        Assert.Equal(Int(row["billed_seconds"]), billed);
    }

    [SharedTheory, MemberData(nameof(Roundings))]
    [Trait("Rule", "G5")]
    public void A_value_is_rounded_by_the_sheet_s_rule(string line)
    {
        var row = Shared.Row(line, "vectors", "rounding.csv");
        var micros = (UInt128)(Decimal(row["value"]) * Amount.MicrosPerUnit);

        var rounded = Rounding.Round(micros, 1, Int(row["decimals"]), Enum.Parse<CreditRounding>(row["rounding"]));

        Assert.Equal(Decimal(row["expected"]), rounded.ToDecimal());
    }

    [SharedFact]
    public void The_files_hold_as_many_cases_as_were_retyped()
    {
        Assert.Equal(10, Shared.Rows("vectors", "rating.csv").Count());
        Assert.Equal(8, Shared.Rows("vectors", "billed-seconds.csv").Count());
        Assert.Equal(9, Shared.Rows("vectors", "rounding.csv").Count());
    }

    private static decimal Cost(IReadOnlyDictionary<string, string> row, int billed)
    {
        var sheet = new RateSheet
        {
            Name = "Vector",
            Service = CreditRateService.Outbound,
            Currency = "USD",
            EffectiveFrom = default,
            InitialIncrement = Int(row["initial_increment"]),
            Increment = Int(row["increment"]),
            ConnectionFee = Amount.FromDecimal(Decimal(row["connection_fee"])),
            Decimals = Int(row["decimals"]),
            Rounding = Enum.Parse<CreditRounding>(row["rounding"]),
            RateCount = 1,
        };
        return Rater.Cost(new(sheet, "1", Amount.FromDecimal(Decimal(row["price"])), null, null), billed).ToDecimal();
    }

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
