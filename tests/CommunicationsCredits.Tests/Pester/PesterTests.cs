namespace CommunicationsCredits.Tests.Pester;

/// <summary>
/// The Pester suites of <c>tests/Pester</c>, in a real PowerShell: each <c>It</c> is a test of its own, so it counts, and fails, by its name.
/// <c>--filter Suite=Get-CreditBalance</c> runs one suite, <c>--filter DisplayName~expires</c> each <c>It</c> with that in its name.
/// </summary>
[TestCaseOrderer("CommunicationsCredits.Tests.Pester.PesterOrderer", "CommunicationsCredits.Tests")]
public sealed class PesterTests
{
    [PesterSuites]
    public void Suite()
    {
        // The discoverer makes a test of each It; none of them comes here.
    }
}
