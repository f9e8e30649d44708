using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the recharge rules of the tenants that have one.</summary>
[Cmdlet(VerbsCommon.Get, "AutoRecharge",
    HelpUri = HelpPages.Folder + "Get-AutoRecharge.md")]
[OutputType(typeof(AutoRecharge))]
public sealed class GetAutoRechargeCommand : TenantReadCommandBase
{
    private protected override void Process(TenantSelection tenants) => WriteEach(Ledger.Recharges.GetRules(tenants));
}
