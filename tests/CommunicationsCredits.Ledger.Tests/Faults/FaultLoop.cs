using CommunicationsCredits.Ledger.Tests.Simulation;
using CommunicationsCredits.Ledger.Tests.Support;
using Xunit.Abstractions;

namespace CommunicationsCredits.Ledger.Tests.Faults;

/// <summary>
/// Tries the n-th operation on files for one n after another. LEDGER_FAULT_SEED (0–6) says which seventh of them <c>dotnet test</c> tries,
/// LEDGER_FAULT_N a single one.
/// </summary>
internal static class FaultLoop
{
    private const int Share = 7;

    private static readonly int Seed = SimulationTests.Setting("LEDGER_FAULT_SEED", 3);
    private static readonly int Only = SimulationTests.Setting("LEDGER_FAULT_N", 0);
    private static readonly FileFault[] Faults = [FileFault.Fails, FileFault.Partial, FileFault.Full, FileFault.Ends];

    /// <summary>Tries every seventh operation, each fault another seventh, so that the four of them meet four sevenths of the operations.</summary>
    /// <param name="count">How many operations there are.</param>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="output">Receives the count of tried faults.</param>
    /// <param name="isNoticed">Tries one; whether somebody was told of the fault.</param>
    public static void Some(int count, FileFault fault, ITestOutputHelper output, Func<FaultPlan, bool> isNoticed)
    {
        var (tried, noticed) = (0, 0);
        for (var n = Only > 0 ? Only : 1; n <= (Only > 0 ? Only : count); n++)
        {
            if (Only == 0 && n % Share != (Seed + (int)fault) % Share)
                continue;
            tried++;
            noticed += Try(n, fault, isNoticed) ? 1 : 0;
        }

        // Some are made up for by SQLite itself, such as a log that is not cut; most are not.
        output.WriteLine($"n = 1 … {count}: {tried} tried, {noticed} noticed");
        Assert.True(noticed > tried / 3, $"Only {noticed} of {tried} faults were noticed.");
    }

    /// <summary>Tries every operation with every fault that a disk reports, going on where the last run ended.</summary>
    /// <param name="name">The proof's name.</param>
    /// <param name="unit">What is tried.</param>
    /// <param name="count">How many operations there are.</param>
    /// <param name="isNoticed">Tries one.</param>
    public static void All(string name, string unit, int count, Func<FaultPlan, bool> isNoticed)
    {
        var progress = new ProveProgress(name, count * Faults.Length);
        while (progress.GoesOn)
        {
            Try((progress.Done / Faults.Length) + 1, Faults[progress.Done % Faults.Length], isNoticed);
            progress.Advance(1, $"{unit}: n = 1 … {count}, each with {Faults.Length} faults");
        }
    }

    private static bool Try(int n, FileFault fault, Func<FaultPlan, bool> isNoticed)
    {
        try
        {
            return isNoticed(new(n, fault));
        }
        catch (Exception problem)
        {
            Assert.Fail($"LEDGER_FAULT_N={n}, {fault}: {problem}");
            throw;
        }
    }
}
