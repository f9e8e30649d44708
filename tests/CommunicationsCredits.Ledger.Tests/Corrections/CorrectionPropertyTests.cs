using System.Globalization;
using CommunicationsCredits.Ledger.Tests.Support;
using Xunit.Abstractions;

namespace CommunicationsCredits.Ledger.Tests.Corrections;

/// <summary>
/// Random histories with late calls, corrections, undos, adjustments and pools. LEDGER_CORRECTION_COUNT raises their number
/// (3000,
/// before a release), and LEDGER_CORRECTION_SEED sets where they begin: a failure names its seed.
/// </summary>
public abstract class CorrectionPropertyTests(ITestOutputHelper output)
{
    private const int HistoriesALedger = 10;

    private static readonly int Count = Setting("LEDGER_CORRECTION_COUNT", 60);
    private static readonly int FirstSeed = Setting("LEDGER_CORRECTION_SEED", 1);

    internal void RunHalf(int half)
    {
        int histories = 0, undone = 0, stated = 0;
        foreach (var some in Enumerable.Range(FirstSeed, Count).Where(seed => seed % 2 == half).Chunk(HistoriesALedger))
        {
            using var ledger = new TestLedger(contoso: false);
            ledger.AddRates();
            foreach (var seed in some)
            {
                Run(seed, () =>
                {
                    var outcomes = new List<string>();
                    foreach (var booking in Enum.GetValues<Booking>())
                    {
                        var history = new CorrectionHistory(ledger, seed, booking);
                        history.Run(steps: 18);
                        outcomes.Add(history.Outcome());
                        histories++;
                        undone += history.Undone;
                        stated += history.Stated;
                    }

                    Assert.Equal(outcomes[0], outcomes[1]);
                    Assert.Equal(outcomes[0], outcomes[2]);
                });
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{histories} histories, {undone} undone, {stated} balances asked again as posted"));
    }

    private static void Run(int seed, Action history)
    {
        try
        {
            history();
        }
        catch (Exception problem)
        {
            Assert.Fail($"LEDGER_CORRECTION_SEED={seed} LEDGER_CORRECTION_COUNT=1: {problem}");
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}

public sealed class FirstHalfCorrectionPropertyTests(ITestOutputHelper output) : CorrectionPropertyTests(output)
{
    [Fact]
    [Trait("Rule", "F5, F6, F8, C1, H1")]
    public void Neither_balances_nor_lots_depend_on_when_forfeitures_are_booked_and_what_was_stated_stays_so() => RunHalf(0);
}

public sealed class SecondHalfCorrectionPropertyTests(ITestOutputHelper output) : CorrectionPropertyTests(output)
{
    [Fact]
    [Trait("Rule", "F5, F6, F8, C1, H1")]
    public void Neither_balances_nor_lots_depend_on_when_forfeitures_are_booked_and_what_was_stated_stays_so() => RunHalf(1);
}
