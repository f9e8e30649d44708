using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the entries of tenants' ledgers, in order of sequence. -From and -To go by EffectiveAt.</summary>
[Cmdlet(VerbsCommon.Get, "CreditTransaction", SupportsPaging = true)]
[OutputType(typeof(CreditTransaction))]
public sealed class GetCreditTransactionCommand : PagedTenantReadCommandBase<CreditTransaction>
{
    /// <summary>The kinds wanted. By default all.</summary>
    [Parameter]
    public CreditTransactionKind[] Kind { get; set; } = [];

    private protected override IEnumerable<CreditTransaction> Records(TenantSelection tenants) =>
        Ledger.GetTransactions(tenants, From?.Value, To?.Value, Kind);

    private protected override long Count(TenantSelection tenants) =>
        Ledger.CountTransactions(tenants, From?.Value, To?.Value, Kind);
}
