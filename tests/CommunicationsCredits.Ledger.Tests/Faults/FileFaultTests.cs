using CommunicationsCredits.Ledger.Tests.Simulation;
using CommunicationsCredits.Ledger.Tests.Support;
using Xunit.Abstractions;

namespace CommunicationsCredits.Ledger.Tests.Faults;

/// <summary>
/// Whatever a disk does in whichever operation: the ledger opens, verifies, and goes on to the same end. LEDGER_FAULT_SEED (0–6) says which seventh
/// of the operations is tried, LEDGER_FAULT_N a single one.
/// </summary>
public sealed class FileFaultTests(ITestOutputHelper output)
{
    private const int Share = 7;

    private static readonly int Seed = SimulationTests.Setting("LEDGER_FAULT_SEED", 3);
    private static readonly int Only = SimulationTests.Setting("LEDGER_FAULT_N", 0);

    [Theory]
    [InlineData(FileFault.Fails)]
    [InlineData(FileFault.Partial)]
    [InlineData(FileFault.Full)]
    [InlineData(FileFault.Ends)]
    public void Every_seventh_operation_that_goes_wrong_changes_nothing_of_the_end(FileFault fault)
    {
        var (count, end) = WithoutFault();
        var (tried, noticed) = (0, 0);
        for (var n = Only > 0 ? Only : 1; n <= (Only > 0 ? Only : count); n++)
        {
            // Each fault has another seventh, so that the four of them meet four sevenths of the operations.
            if (Only == 0 && n % Share != (Seed + (int)fault) % Share)
                continue;
            tried++;
            noticed += Try(n, fault, end) ? 1 : 0;
        }

        // Some are made up for by SQLite itself, such as a log that is not cut; most are not.
        output.WriteLine($"n = 1 … {count}: {tried} tried, {noticed} failed a step");
        Assert.True(noticed > tried / 3, $"Only {noticed} of {tried} faults failed a step.");
    }

    [Fact]
    [Trait("Tier", "Prove")]
    public void Every_operation_that_goes_wrong_changes_nothing_of_the_end()
    {
        var (count, end) = WithoutFault();
        FileFault[] faults = [FileFault.Fails, FileFault.Partial, FileFault.Full, FileFault.Ends];
        var progress = new ProveProgress("faults", count * faults.Length);
        while (progress.GoesOn)
        {
            Try((progress.Done / faults.Length) + 1, faults[progress.Done % faults.Length], end);
            progress.Advance(1, $"histories: n = 1 … {count}, each with 4 faults");
        }
    }

    private static (int Count, string End) WithoutFault()
    {
        var plan = new FaultPlan(0, FileFault.None);
        using var history = new FaultHistory(plan);
        var end = history.Run();
        Assert.DoesNotContain("finding", end, StringComparison.Ordinal);
        Assert.True(plan.Count > 100, $"Only {plan.Count} operations were seen.");
        return (plan.Count, end);
    }

    /// <returns>Whether a step was told.</returns>
    private static bool Try(int n, FileFault fault, string end)
    {
        try
        {
            using var history = new FaultHistory(new(n, fault));
            Assert.Equal(end, history.Run());
            return history.Failures > 0;
        }
        catch (Exception problem)
        {
            Assert.Fail($"LEDGER_FAULT_N={n}, {fault}: {problem}");
            throw;
        }
    }
}
