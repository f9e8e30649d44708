using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>Undoes the charge of a call: its money, its included minutes, its status (C1).</summary>
internal static class UsageReversal
{
    /// <summary>Reverses the entry of a call.</summary>
    /// <returns>The sequence of the reversal.</returns>
    public static long Reverse(LedgerTransaction tx, TenantPosting posting, in LedgerEntry original, string? reason)
    {
        var batch = new UsageBatch();
        tx.Usage.Find(posting.Tenant.Number, original.Record!.Value, batch);
        return Reverse(tx, posting, batch, original.Record.Value, original, reason)!.Value;
    }

    /// <summary>Reverses a record, whether it has an entry or not.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="posting">The posting.</param>
    /// <param name="batch">The record, alone in a batch.</param>
    /// <param name="record">The record's number.</param>
    /// <param name="original">Its entry, or null where it has none.</param>
    /// <param name="reason">Why.</param>
    /// <returns>The sequence of the reversal, or null where there was nothing to reverse.</returns>
    public static long? Reverse(
        LedgerTransaction tx, TenantPosting posting, UsageBatch batch, long record, LedgerEntry? original, string? reason)
    {
        long? reversal = original is { } entry ? posting.Reverse(entry, reason) : null;
        posting.Pools.Return(batch, batch.Calls[0]);
        tx.Usage.SetStatus(posting.Tenant.Number, record, UsageStatus.Reversed);
        return reversal;
    }
}
