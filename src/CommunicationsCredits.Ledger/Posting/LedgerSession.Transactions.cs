using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger;

/// <content>The entries.</content>
public sealed partial class LedgerSession
{
    /// <summary>The entries of the tenants asked for, in order of sequence.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="from">The earliest EffectiveAt, or null.</param>
    /// <param name="to">The EffectiveAt before which they are, or null.</param>
    /// <param name="kinds">The kinds wanted; all where there are none.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditTransaction> GetTransactions(
        TenantSelection selection, DateTimeOffset? from, DateTimeOffset? to, IReadOnlyCollection<CreditTransactionKind> kinds)
    {
        using var snapshot = Store.BeginRead();
        foreach (var tenant in selection.Resolve(snapshot))
        {
            foreach (var read in snapshot.Entries.Query(tenant.Number, Instant.From(from), Instant.From(to), kinds))
                yield return EntryText.Describe(tenant, read);
        }
    }

    /// <summary>How many entries <see cref="GetTransactions"/> gives.</summary>
    public long CountTransactions(
        TenantSelection selection, DateTimeOffset? from, DateTimeOffset? to, IReadOnlyCollection<CreditTransactionKind> kinds)
    {
        using var snapshot = Store.BeginRead();
        return selection.Resolve(snapshot).Sum(
            tenant => snapshot.Entries.Count(tenant.Number, Instant.From(from), Instant.From(to), kinds));
    }
}
