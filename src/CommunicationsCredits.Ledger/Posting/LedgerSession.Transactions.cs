using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

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
        using var tx = File.BeginRead();
        var batch = new UsageBatch();
        foreach (var tenant in selection.Resolve(tx))
        {
            foreach (var stored in tx.Entries.Query(tenant.Number, Instant.From(from), Instant.From(to), kinds))
                yield return Describe(tx, tenant, stored.Entry, batch);
        }
    }

    /// <summary>How many entries <see cref="GetTransactions"/> gives.</summary>
    public long CountTransactions(
        TenantSelection selection, DateTimeOffset? from, DateTimeOffset? to, IReadOnlyCollection<CreditTransactionKind> kinds)
    {
        using var tx = File.BeginRead();
        return selection.Resolve(tx).Sum(tenant => tx.Entries.Count(tenant.Number, Instant.From(from), Instant.From(to), kinds));
    }

    /// <summary>The entry as the border shows it: one of a call is described by its record.</summary>
    internal static CreditTransaction Describe(LedgerTransaction tx, Tenant tenant, LedgerEntry entry, UsageBatch batch)
    {
        batch.Reset();
        if (entry.Record is { } record && tx.Usage.Find(tenant.Number, record, batch) is not null)
        {
            ref readonly var call = ref batch.Calls[0];
            entry.Reference ??= UsageRecords.IdOf(batch, call);
            entry.Description ??= batch.String(call.Destination) is { } destination
                ? $"{call.Service}, {destination}, {call.Duration} s"
                : $"{call.Service}, {call.Duration} s";
        }

        return entry.ToContract(tenant);
    }
}
