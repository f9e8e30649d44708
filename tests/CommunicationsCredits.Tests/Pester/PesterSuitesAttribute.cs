using Xunit.Abstractions;
using Xunit.Sdk;

namespace CommunicationsCredits.Tests.Pester;

/// <summary>Stands for Pester suites of tests/Pester: each is a case, and each <c>It</c> of it a test of its own in what the run counts.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CommunicationsCredits.Tests.Pester.PesterSuiteDiscoverer", "CommunicationsCredits.Tests")]
public sealed class PesterSuitesAttribute : FactAttribute
{
    /// <summary>How many parts the suites are divided into.</summary>
    public const int Parts = 2;

    /// <summary>Which part this is, from 0.</summary>
    public int Part { get; set; }
}

/// <summary>Finds the suites by their files: no PowerShell is started for it.</summary>
public sealed class PesterSuiteDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var part = factAttribute.GetNamedArgument<int>(nameof(PesterSuitesAttribute.Part));
        return Directory.GetFiles(Checkout.PesterSuites, $"*{PesterSuiteTestCase.Ending}").Order(StringComparer.Ordinal)
            .Where((_, i) => i % PesterSuitesAttribute.Parts == part)
            .Select(path => new PesterSuiteTestCase(diagnostics, testMethod, Path.GetFileName(path)[..^PesterSuiteTestCase.Ending.Length]));
    }
}
