using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets tenants' funds, in order of purchase.</summary>
[Cmdlet(VerbsCommon.Get, "CreditFunds")]
[OutputType(typeof(CreditFunds))]
public sealed class GetCreditFundsCommand : TenantReadCommandBase
{
    /// <summary>Gets those too that nothing is left of, or that have expired.</summary>
    [Parameter]
    public SwitchParameter IncludeSpent { get; set; }

    private protected override void Process(TenantSelection tenants) => WriteEach(Ledger.GetFunds(tenants, IncludeSpent));
}
