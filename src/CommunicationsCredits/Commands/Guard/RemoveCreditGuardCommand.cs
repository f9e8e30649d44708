using System.Management.Automation;
using CommunicationsCredits.Ledger.Guard.Operations;

namespace CommunicationsCredits.Commands;

/// <summary>Ends that tenants' calls are watched for toll fraud; Set-CreditGuard watches them again.</summary>
[Cmdlet(VerbsCommon.Remove, "CreditGuard",
    HelpUri = HelpPages.Folder + "Remove-CreditGuard.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveCreditGuardCommand : TenantChangeCommandBase<CreditGuard>
{
    private protected override bool WritesResults => false;

    private protected override void Process(string id) => Submit(id, $"Stop watching the calls of {Called(id)} for toll fraud", new RemoveGuard(id));
}
