using System.Diagnostics;
using System.Globalization;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Simulation;

/// <summary>
/// Random histories of seeds that were not run before, for LEDGER_PROVE_MINUTES (30): <c>./build.ps1 Prove</c>. The next run goes on where this
/// one ended, which <c>out/prove/simulation.txt</c> says; a failure names its seed.
/// </summary>
[Trait("Tier", "Prove")]
public sealed class LongSimulationTests
{
    private const int HistoriesALedger = 25;

    [Fact]
    [Trait("Rule", "F1-F8, U2, U3, G7, C1, C2, H1")]
    public void Every_history_of_new_seeds_ends_as_the_model_says()
    {
        var progress = Path.Combine(Shared.Repository, "out", "prove", "simulation.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(progress)!);
        var seed = File.Exists(progress) ? int.Parse(File.ReadAllText(progress), CultureInfo.InvariantCulture) : 1_000_000;
        var limit = TimeSpan.FromMinutes(SimulationTests.Setting("LEDGER_PROVE_MINUTES", 30));
        var watch = Stopwatch.StartNew();
        do
        {
            using (var ledger = new TestLedger(contoso: false))
            {
                for (var last = seed + HistoriesALedger; seed < last; seed++)
                {
                    var current = seed;
                    SimulationTests.Run(current, () => new SimulatedHistory(ledger, current).Run(steps: 24));
                }
            }

            File.WriteAllText(progress, seed.ToString(CultureInfo.InvariantCulture));
        }
        while (watch.Elapsed < limit);
    }
}
