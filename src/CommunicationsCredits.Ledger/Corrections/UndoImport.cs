using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Corrections;

/// <summary>Reverses all that an import kept, as one; its records stay known (C1).</summary>
/// <param name="importId">The import's id.</param>
/// <param name="reason">Why; it stands in the record.</param>
public sealed class UndoImport(string importId, string? reason) : LedgerCommand<UsageImport>
{
    internal override UsageImport Run(LedgerTransaction tx, LedgerSession ledger)
    {
        CardNumbers.Refuse(reason, "reason");
        if (reason?.Length > AddFunds.MaximumTextLength)
            throw LedgerErrors.TextTooLong("reason", AddFunds.MaximumTextLength, importId);
        if (LedgerIds.Find(tx, importId, "I") is not var (tenant, number)
            || tx.Imports.Query(tenant.Number, number).FirstOrDefault() is not { } undone)
            throw CorrectionErrors.ImportNotFound(importId, "there is no such import in this ledger");
        if (tenant.Status == CreditTenantStatus.Closed)
            throw LedgerErrors.TenantClosed(tenant.Id);

        var started = ledger.Clock.GetTimestamp();
        var batch = new UsageBatch();

        // From the last to the first, so that the lots are as they were before each.
        var kept = tx.Usage.Query(tenant.Number, new(Import: number), batch)
            .Select(place => (place.Number, IsReversed: batch.Calls[0].Status == UsageStatus.Reversed)).ToList();
        if (kept.Count == 0)
            throw CorrectionErrors.ReversalRefused(importId, "it kept no record");
        var records = kept.Where(record => !record.IsReversed).Select(record => record.Number).Reverse().ToList();
        if (records.Count == 0)
            throw CorrectionErrors.AlreadyReversed(importId);

        var posting = new TenantPosting(tx, tenant, ledger.Context);
        var tally = new ImportTally
        {
            Number = ++posting.Account.Imports,
            Source = $"(undo of {ImportTally.IdOf(tenant.Id, number)})",
            Format = undone.Format,
            StartedAt = ledger.Now,
            Read = records.Count,
            Imported = records.Count,
        };
        foreach (var record in records)
        {
            batch.Reset();
            var place = tx.Usage.Find(tenant.Number, record, batch)!.Value;
            LedgerEntry? original = place.Entry is { } entry ? tx.Entries.Find(tenant.Number, entry)!.Value.Entry : null;
            UsageReversal.Reverse(tx, posting, batch, record, original, reason);
            tally.Charged += original?.Amount ?? Amount.Zero;
        }

        posting.Finish();
        tally.BalanceAfter = posting.Balance();
        tally.Elapsed = ledger.Clock.GetElapsedTime(started);
        tx.Imports.Put(tenant.Number, tally);
        return tally.ToContract(tenant);
    }
}
