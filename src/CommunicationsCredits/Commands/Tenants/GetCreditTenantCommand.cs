using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the ledger's tenants.</summary>
[Cmdlet(VerbsCommon.Get, "CreditTenant",
    HelpUri = HelpPages.Folder + "Get-CreditTenant.md")]
[OutputType(typeof(CreditTenant))]
public sealed class GetCreditTenantCommand : TenantReadCommandBase
{
    private protected override bool IsOfTenants => true;

    private protected override void Process(TenantSelection tenants) => WriteEach(Ledger.Tenants.GetTenants(tenants));
}
