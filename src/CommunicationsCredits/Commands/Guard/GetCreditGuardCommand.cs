using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets how tenants' calls are watched for toll fraud, and what is unusual now.</summary>
[Cmdlet(VerbsCommon.Get, "CreditGuard",
    HelpUri = HelpPages.Folder + "Get-CreditGuard.md")]
[OutputType(typeof(CreditGuard))]
public sealed class GetCreditGuardCommand : TenantReadCommandBase
{
    private protected override bool IsOfTenants => true;

    private protected override void Process(TenantSelection tenants) => WriteEach(Ledger.Guards.GetGuards(tenants));
}
