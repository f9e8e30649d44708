using Xunit.Abstractions;

namespace CommunicationsCredits.Ledger.Tests.Faults;

/// <summary>
/// Whatever a disk does in whichever operation: the ledger opens, verifies, and goes on to the same end. <see cref="FaultLoop"/> says how one is
/// tried again.
/// </summary>
public sealed class FileFaultTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(FileFault.Fails)]
    [InlineData(FileFault.Partial)]
    [InlineData(FileFault.Full)]
    [InlineData(FileFault.Ends)]
    public void Every_seventh_operation_that_goes_wrong_changes_nothing_of_the_end(FileFault fault)
    {
        var (count, end) = WithoutFault();
        FaultLoop.Some(count, fault, output, plan => Try(plan, end));
    }

    [Fact]
    [Trait("Tier", "Prove")]
    public void Every_operation_that_goes_wrong_changes_nothing_of_the_end()
    {
        var (count, end) = WithoutFault();
        FaultLoop.All("faults", "histories", count, plan => Try(plan, end));
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
    private static bool Try(FaultPlan plan, string end)
    {
        using var history = new FaultHistory(plan);
        Assert.Equal(end, history.Run());
        return history.Failures > 0;
    }
}
