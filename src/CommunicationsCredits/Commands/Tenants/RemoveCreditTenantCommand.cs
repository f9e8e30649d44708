using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Removes tenants that have no entries of money.</summary>
[Cmdlet(VerbsCommon.Remove, "CreditTenant",
    HelpUri = HelpPages.Folder + "Remove-CreditTenant.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveCreditTenantCommand : TenantChangeCommandBase<CreditTenant>
{
    private protected override bool WritesResults => false;

    private protected override void Process(string id) => Submit(id, $"Remove tenant {Called(id)}", new RemoveTenant(id));
}
