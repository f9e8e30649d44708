using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Simulation;

/// <summary>10,000 random histories of seeds that <c>dotnet test</c> does not run; a failure names its seed and the steps that it takes.</summary>
[Trait("Tier", "Prove")]
public sealed class LongSimulationTests
{
    private const int FirstSeed = 1_000_000;

    [Fact]
    [Trait("Rule", "F1-F8, G2, G7, A1, A2, R2-R8, R10, U2, U3, U6, P1, P2, B1, D2, C1-C3, C1a, H1, H2")]
    public void Every_history_of_new_seeds_ends_as_the_model_says()
    {
        var progress = new ProveProgress("simulation", goal: 10_000);
        while (progress.GoesOn)
        {
            var count = Math.Min(SimulationTests.HistoriesALedger, progress.Goal - progress.Done);
            SimulationTests.RunAll(Enumerable.Range(FirstSeed + progress.Done, count), () => new(contoso: false));
            progress.Advance(count, $"histories of {SimulationTests.Steps} steps, seeds from {FirstSeed}");
        }
    }
}
