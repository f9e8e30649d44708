using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets tenants' balances. Expired funds never count.</summary>
[Cmdlet(VerbsCommon.Get, "CreditBalance",
    HelpUri = HelpPages.Folder + "Get-CreditBalance.md")]
[OutputType(typeof(CreditBalance))]
public sealed class GetCreditBalanceCommand : TenantReadCommandBase
{
    /// <summary>The instant of the balance, ISO 8601. By default now; in the future only expiry is projected.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? AsOf { get; set; }

    /// <summary>Prints it as it was known at this instant, ISO 8601. By default all that is known now counts.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? AsPosted { get; set; }

    private protected override bool IsOfTenants => true;

    private protected override void Process(TenantSelection tenants) =>
        WriteEach(Ledger.Funds.GetBalances(tenants, AsOf?.Value, AsPosted?.Value));
}
