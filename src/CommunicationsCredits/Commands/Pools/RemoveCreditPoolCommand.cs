using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Pools.Operations;
using CommunicationsCredits.Ledger.Pools;

namespace CommunicationsCredits.Commands;

/// <summary>Ends the included minutes of a license's capability from a month on; earlier months keep theirs.</summary>
[Cmdlet(VerbsCommon.Remove, "CreditPool",
    HelpUri = HelpPages.Folder + "Remove-CreditPool.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveCreditPoolCommand : TenantChangeCommandBase<CreditPool>
{
    /// <summary>The license's capability, such as MCOPSTN1, or ConferenceDialOut.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string Capability { get; set; } = string.Empty;

    /// <summary>The country, an ISO 3166-1 code of two letters. By default the tenant's; ConferenceDialOut has none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CountryCompleter))]
    public string? Country { get; set; }

    /// <summary>The month UTC from which the pool is gone, yyyy-MM. By default this month.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(MonthCompleter))]
    public string? Month { get; set; }

    private protected override bool WritesResults => false;

    private protected override void Process(string id) => Submit(
        id,
        $"Remove the included minutes of {Capability} of {Called(id)}",
        new RemovePool(id, Capability) { Country = ValueOrNull(Country, nameof(Country)), Month = ValueOrNull(Month, nameof(Month)) });
}
