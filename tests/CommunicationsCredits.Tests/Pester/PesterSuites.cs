namespace CommunicationsCredits.Tests.Pester;

/// <summary>Pester suites that share a PowerShell. xunit runs classes beside each other, and the tests of a class one after another: each half has a class.</summary>
public abstract class PesterSuites(PesterWorker worker) : IClassFixture<PesterWorker>
{
    /// <summary>The PowerShell; a case takes it from what the class would be made with.</summary>
    protected PesterWorker Worker { get; } = worker;
}

/// <summary>The first half of the suites.</summary>
public sealed class FirstPesterSuites(PesterWorker worker) : PesterSuites(worker)
{
    [PesterSuites(Part = 0)]
    public void Suites() => Assert.NotNull(Worker);
}

/// <summary>The second half of the suites.</summary>
public sealed class SecondPesterSuites(PesterWorker worker) : PesterSuites(worker)
{
    [PesterSuites(Part = 1)]
    public void Suites() => Assert.NotNull(Worker);
}
