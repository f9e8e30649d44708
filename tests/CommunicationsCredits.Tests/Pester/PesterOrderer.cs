using Xunit.Abstractions;
using Xunit.Sdk;

namespace CommunicationsCredits.Tests.Pester;

/// <summary>Puts the tests of a suite together, and starts the run of those that a filter left.</summary>
public sealed class PesterOrderer : ITestCaseOrderer
{
    /// <inheritdoc/>
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase
    {
        var chosen = testCases.ToList();
        var order = PesterRun.Begin(chosen.OfType<PesterTestCase>().Select(test => test.It)).ToList();
        return chosen.OrderBy(test => test is PesterTestCase pester ? order.IndexOf(pester.It.Suite) : -1)
            .ThenBy(test => test is PesterTestCase pester ? pester.It.Number : -1);
    }
}
