using Xunit.Abstractions;
using Xunit.Sdk;

namespace CommunicationsCredits.Tests.Pester;

/// <summary>Is every <c>It</c> of the Pester suites: each becomes a test case.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CommunicationsCredits.Tests.Pester.PesterDiscoverer", "CommunicationsCredits.Tests")]
public sealed class PesterSuitesAttribute : FactAttribute;

/// <summary>Finds the tests of the suites with one PowerShell, which runs none of them.</summary>
public sealed class PesterDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        IReadOnlyList<PesterIt> found;
        try
        {
            found = PesterIt.All;
        }
        catch (Exception problem)
        {
            return [new ExecutionErrorTestCase(diagnostics, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, testMethod, problem.ToString())];
        }

        return found.Select(it => new PesterTestCase(diagnostics, testMethod, it));
    }
}
