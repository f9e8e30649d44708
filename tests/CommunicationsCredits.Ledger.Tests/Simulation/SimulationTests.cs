using System.Diagnostics;
using System.Globalization;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Simulation;

/// <summary>
/// Random histories against the model. LEDGER_SIMULATION_COUNT raises their number, and LEDGER_SIMULATION_SEED sets where they begin. One that
/// fails is shortened to the steps that it takes, which LEDGER_SIMULATION_STEPS runs again.
/// </summary>
public abstract class SimulationTests
{
    /// <summary>How long a history is.</summary>
    internal const int Steps = 100;

    /// <summary>How many share a ledger.</summary>
    internal const int HistoriesALedger = 25;

    private static readonly TimeSpan TimeToShorten = TimeSpan.FromMinutes(2);
    private static readonly int Count = Setting("LEDGER_SIMULATION_COUNT", 24);
    private static readonly int FirstSeed = Setting("LEDGER_SIMULATION_SEED", 1);

    /// <summary>Runs a quarter of the histories: the quarters run side by side.</summary>
    internal static void RunQuarter(int quarter) =>
        RunAll(Enumerable.Range(FirstSeed, Count).Where(seed => seed % 4 == quarter), () => new(contoso: false));

    /// <summary>Runs every tenth history on another store.</summary>
    internal static void RunTenth(Func<TestLedger> open) =>
        RunAll(Enumerable.Range(FirstSeed, Count).Where((_, index) => index % 10 == 0), open);

    /// <summary>Runs histories on ledgers that some share, and lets hledger judge each ledger's journal (H2).</summary>
    internal static void RunAll(IEnumerable<int> seeds, Func<TestLedger> open)
    {
        foreach (var some in seeds.Chunk(HistoriesALedger))
        {
            using var ledger = open();
            foreach (var seed in some)
                Run(ledger, seed, open);
            if (Hledger.WhyMissing is null)
            {
                var journal = ledger.Folder.File("simulated.journal");
                ledger.Session.Reports.ExportLedger(journal, CreditExportFormat.Hledger, TenantSelection.All, force: false);
                Assert.Equal("", Hledger.Check(journal));
            }
        }
    }

    /// <summary>The fewest steps that still fail, as far as leaving out one part after another finds them in the time.</summary>
    internal static (IReadOnlyList<int> Steps, Exception Problem) Shorten(
        IReadOnlyList<int> steps, Exception problem, Func<IReadOnlyList<int>, Exception?> run)
    {
        var watch = Stopwatch.StartNew();
        for (var part = Math.Max(1, steps.Count / 2); watch.Elapsed < TimeToShorten;)
        {
            var isShorter = false;
            for (var from = steps.Count - part; from >= 0 && watch.Elapsed < TimeToShorten; from -= part)
            {
                List<int> fewer = [.. steps.Take(from), .. steps.Skip(from + part)];
                if (run(fewer) is { } other)
                {
                    (steps, problem, isShorter) = (fewer, other, true);
                    from = Math.Min(from, steps.Count);
                }
            }

            if (part == 1 && !isShorter)
                break;
            part = Math.Max(1, part / 2);
        }

        return (steps, problem);
    }

    /// <summary>Names the seed of what fails.</summary>
    internal static void Seeded(int seed, Action test)
    {
        try
        {
            test();
        }
        catch (Exception problem)
        {
            Assert.Fail($"LEDGER_SIMULATION_SEED={seed} LEDGER_SIMULATION_COUNT=1: {problem}");
        }
    }

    internal static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private static void Run(TestLedger ledger, int seed, Func<TestLedger> open)
    {
        var asked = Environment.GetEnvironmentVariable("LEDGER_SIMULATION_STEPS");
        IReadOnlyList<int> steps = asked is null
            ? [.. Enumerable.Range(0, Steps)]
            : [.. asked.Split(',').Select(step => int.Parse(step, CultureInfo.InvariantCulture))];
        if (Try(ledger, seed, steps) is not { } problem)
            return;
        (steps, problem) = Shorten(steps, problem, fewer =>
        {
            using var other = open();
            return Try(other, seed, fewer);
        });
        Assert.Fail(
            $"LEDGER_SIMULATION_SEED={seed} LEDGER_SIMULATION_COUNT=1 LEDGER_SIMULATION_STEPS={string.Join(',', steps)} "
            + $"dotnet test tests/CommunicationsCredits.Ledger.Tests --filter FullyQualifiedName~SimulationTests\n{problem}");
    }

    private static Exception? Try(TestLedger ledger, int seed, IReadOnlyList<int> steps)
    {
        try
        {
            using var history = new SimulatedHistory(ledger, seed);
            history.Run(steps);
            return null;
        }
        catch (Exception problem)
        {
            return problem;
        }
    }
}

public sealed class FirstQuarterSimulationTests
{
    [Fact]
    [Trait("Rule", "F1-F8, G2, G7, A1, A2, R2-R8, R10, U2, U3, U6, P1, P2, B1, D2, C1-C3, C1a, H1, H2")]
    public void Every_random_history_ends_as_the_model_says() => SimulationTests.RunQuarter(0);
}

public sealed class SecondQuarterSimulationTests
{
    [Fact]
    [Trait("Rule", "F1-F8, G2, G7, A1, A2, R2-R8, R10, U2, U3, U6, P1, P2, B1, D2, C1-C3, C1a, H1, H2")]
    public void Every_random_history_ends_as_the_model_says() => SimulationTests.RunQuarter(1);
}

public sealed class ThirdQuarterSimulationTests
{
    [Fact]
    [Trait("Rule", "F1-F8, G2, G7, A1, A2, R2-R8, R10, U2, U3, U6, P1, P2, B1, D2, C1-C3, C1a, H1, H2")]
    public void Every_random_history_ends_as_the_model_says() => SimulationTests.RunQuarter(2);
}

public sealed class FourthQuarterSimulationTests
{
    [Fact]
    [Trait("Rule", "F1-F8, G2, G7, A1, A2, R2-R8, R10, U2, U3, U6, P1, P2, B1, D2, C1-C3, C1a, H1, H2")]
    public void Every_random_history_ends_as_the_model_says() => SimulationTests.RunQuarter(3);
}

/// <summary>That the simulation notices what is wrong, and says so in few steps.</summary>
public sealed class SimulationSensitivityTests
{
    [Theory]
    [InlineData(ModelMistake.ForgetsPriorities)]
    [InlineData(ModelMistake.NeverBacksOff)]
    [InlineData(ModelMistake.KeepsMinutesOfReversedCalls)]
    [InlineData(ModelMistake.IgnoresRevisions)]
    [InlineData(ModelMistake.NeverPricesAgain)]
    [InlineData(ModelMistake.ForgetsDepartments)]
    [InlineData(ModelMistake.NeverHolds)]
    public void A_model_that_is_wrong_is_found_out_in_ten_steps_at_most(ModelMistake mistake)
    {
        int[] all = [.. Enumerable.Range(0, SimulationTests.Steps)];
        for (var seed = 1; ; seed++)
        {
            Assert.True(seed < 20, "No history noticed it.");
            if (Run(all) is not { } problem)
                continue;
            Assert.InRange(SimulationTests.Shorten(all, problem, Run).Steps.Count, 1, 10);
            return;

            Exception? Run(IReadOnlyList<int> steps)
            {
                using var ledger = new TestLedger(contoso: false);
                using var history = new SimulatedHistory(ledger, seed) { Model = new() { Mistake = mistake } };
                return Record.Exception(() => history.Run(steps));
            }
        }
    }
}
