using System.Globalization;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Simulation;

/// <summary>
/// Random histories against the model. LEDGER_SIMULATION_COUNT raises their number (10000, before a release), and
/// LEDGER_SIMULATION_SEED sets where they begin: a failure names its seed.
/// </summary>
public abstract class SimulationTests
{
    private const int HistoriesALedger = 25;

    private static readonly int Count = Setting("LEDGER_SIMULATION_COUNT", 240);
    private static readonly int FirstSeed = Setting("LEDGER_SIMULATION_SEED", 1);

    /// <summary>Runs a quarter of the histories: the quarters run side by side.</summary>
    internal static void RunQuarter(int quarter) =>
        RunAll(Enumerable.Range(FirstSeed, Count).Where(seed => seed % 4 == quarter), () => new(contoso: false));

    /// <summary>Runs every tenth history on another store.</summary>
    internal static void RunTenth(Func<TestLedger> open) =>
        RunAll(Enumerable.Range(FirstSeed, Count).Where((_, index) => index % 10 == 0), open);

    private static void RunAll(IEnumerable<int> seeds, Func<TestLedger> open)
    {
        foreach (var some in seeds.Chunk(HistoriesALedger))
        {
            using var ledger = open();
            foreach (var seed in some)
                Run(seed, () => new SimulatedHistory(ledger, seed).Run(steps: 24));
        }
    }

    internal static void Run(int seed, Action history)
    {
        try
        {
            history();
        }
        catch (Exception problem)
        {
            Assert.Fail($"LEDGER_SIMULATION_SEED={seed} LEDGER_SIMULATION_COUNT=1: {problem}");
        }
    }

    internal static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}

public sealed class FirstQuarterSimulationTests
{
    [Fact]
    [Trait("Rule", "F1-F8, U2, U3, G7, C1, C2, H1")]
    public void Every_random_history_ends_as_the_model_says() => SimulationTests.RunQuarter(0);
}

public sealed class SecondQuarterSimulationTests
{
    [Fact]
    [Trait("Rule", "F1-F8, U2, U3, G7, C1, C2, H1")]
    public void Every_random_history_ends_as_the_model_says() => SimulationTests.RunQuarter(1);
}

public sealed class ThirdQuarterSimulationTests
{
    [Fact]
    [Trait("Rule", "F1-F8, U2, U3, G7, C1, C2, H1")]
    public void Every_random_history_ends_as_the_model_says() => SimulationTests.RunQuarter(2);
}

public sealed class FourthQuarterSimulationTests
{
    [Fact]
    [Trait("Rule", "F1-F8, U2, U3, G7, C1, C2, H1")]
    public void Every_random_history_ends_as_the_model_says() => SimulationTests.RunQuarter(3);
}
