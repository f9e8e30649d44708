using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets tenants' funds, in order of purchase.</summary>
[Cmdlet(VerbsCommon.Get, "CreditFunds",
    HelpUri = HelpPages.Folder + "Get-CreditFunds.md")]
[OutputType(typeof(CreditFunds))]
public sealed class GetCreditFundsCommand : TenantReadCommandBase
{
    private const int MostDays = 3660;

    /// <summary>Gets those too that nothing is left of, or that have expired.</summary>
    [Parameter]
    public SwitchParameter IncludeSpent { get; set; }

    /// <summary>Gets only what is left and expires within so many days, 0 to 3,660.</summary>
    [Parameter]
    [ValidateRange(0, MostDays)]
    public int? ExpiresWithin { get; set; }

    private protected override bool Takes(TypedObject thing) => thing.Type == nameof(CreditFunds);

    private protected override void Process(TenantSelection tenants)
    {
        // A lot that is asked for itself may be spent.
        var isOne = ThingOf(tenants) is not null;
        var within = ExpiresWithin is { } days ? TimeSpan.FromDays(days) : (TimeSpan?)null;
        WriteEach(Ledger.Funds.GetFunds(tenants, IncludeSpent || isOne, within)
            .Where(lot => IsWanted(tenants, null, nameof(lot.FundsId), lot.FundsId)));
    }
}
