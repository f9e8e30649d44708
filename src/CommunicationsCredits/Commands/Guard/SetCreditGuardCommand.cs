using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Guard.Operations;

namespace CommunicationsCredits.Commands;

/// <summary>Sets how tenants' calls are watched for toll fraud; what is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "CreditGuard",
    HelpUri = HelpPages.Folder + "Set-CreditGuard.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditGuard))]
public sealed class SetCreditGuardCommand : PassThruTenantChangeCommandBase<CreditGuard>
{
    /// <summary>How much has to be unusual before it is notified. By default Normal.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankIsAbsent(Enum = typeof(CreditSensitivity))]
    public CreditSensitivity? Sensitivity { get; set; }

    /// <summary>Whether an alarm holds the recharge rule until two whole days are usual again.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FlagTransformation]
    public SwitchParameter HoldRecharge { get; set; }

    /// <summary>The countries to which calls are meant, by codes or names in English. They replace those that were; an empty list clears them.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CountryCompleter))]
    [AllowEmptyCollection]
    [CountryListTransformation]
    public string[]? AllowedCountry { get; set; }

    private protected override void Process(string id) => Submit(
        id,
        $"Set the guard of {Called(id)}",
        new SetGuard(id)
        {
            Sensitivity = Sensitivity,
            HoldRecharge = MyInvocation.BoundParameters.ContainsKey(nameof(HoldRecharge)) ? HoldRecharge.IsPresent : null,
            AllowedCountry = AllowedCountry,
        });
}
