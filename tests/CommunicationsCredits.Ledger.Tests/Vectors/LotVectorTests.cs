using System.Globalization;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Vectors;

/// <summary>The public vectors of draw-down, on a real ledger.</summary>
public sealed class LotVectorTests
{
    public static TheoryData<string> Lots => Shared.Cases("vectors", "lots.csv");

    [SharedTheory, MemberData(nameof(Lots))]
    [Trait("Rule", "F3")]
    [Trait("Rule", "F4")]
    public void Lots_are_drawn_as_the_vector_says(string line)
    {
        var row = Shared.Row(line, "vectors", "lots.csv");
        using var ledger = new TestLedger("2026-06-01T00:00:00Z");
        foreach (var (lot, order) in row["lots"].Split(';').Select((lot, order) => (lot, order)))
        {
            var parts = lot.Split('@', '#');
            ledger.AddFunds(
                Number(parts[0]), purchasedAt: $"2026-01-0{order + 1}", expiresAt: parts[1],
                priority: parts.Length > 2 ? (int)Number(parts[2]) : null);
        }

        var calls = row["use"].Split(';').Select((use, order) => Call.Paid($"call-{order}", $"2026-05-0{order + 1}", Number(use)));
        ledger.Import([.. calls]);

        Assert.Equal(row["left"].Split(';').Select(Number), ledger.Remaining());
        Assert.Equal(Number(row["balance"]), ledger.Balance());
        Assert.Empty(ledger.Verify());
    }

    [SharedFact]
    public void The_file_holds_as_many_cases_as_were_retyped() => Assert.Equal(6, Shared.Rows("vectors", "lots.csv").Count());

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
