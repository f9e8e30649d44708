using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the entries of tenants' ledgers, in order of sequence. -From and -To go by EffectiveAt.</summary>
[Cmdlet(VerbsCommon.Get, "CreditTransaction",
    HelpUri = HelpPages.Folder + "Get-CreditTransaction.md", SupportsPaging = true)]
[OutputType(typeof(CreditTransaction))]
public sealed class GetCreditTransactionCommand : PagedTenantReadCommandBase<CreditTransaction>
{
    /// <summary>The entries, by their ids; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[]? TransactionId { get; set; }

    /// <summary>The kinds wanted. By default all.</summary>
    [Parameter]
    public CreditTransactionKind[] Kind { get; set; } = [];

    private protected override IEnumerable<CreditTransaction> Records(TenantSelection tenants)
    {
        var entries = Ledger.Funds.GetTransactions(tenants, From?.Value, To?.Value, Kind);
        return IsFiltered(tenants)
            ? entries.Where(entry => IsWanted(tenants, TransactionId, nameof(TransactionId), entry.TransactionId))
            : entries;
    }

    private protected override long Count(TenantSelection tenants) => IsFiltered(tenants)
        ? Records(tenants).LongCount()
        : Ledger.Funds.CountTransactions(tenants, From?.Value, To?.Value, Kind);

    private bool IsFiltered(TenantSelection tenants) => TransactionId is not null || ThingOf(tenants) is not null;
}
