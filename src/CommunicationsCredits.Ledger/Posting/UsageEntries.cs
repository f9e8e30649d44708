using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>The entry that a call's own row holds.</summary>
internal static class UsageEntries
{
    /// <summary>The entry of a call as it is stored, or null where it has none.</summary>
    public static LedgerEntry? Of(in UsageCall call) => call.Sequence == 0 ? null : new LedgerEntry
    {
        Sequence = call.Sequence,
        Kind = CreditTransactionKind.Usage,
        Amount = -call.Charge,
        BalanceAfter = call.BalanceAfter,
        EffectiveAt = call.StartedAt,
        PostedAt = call.PostedAt,
        RecordedAt = call.RecordedAt,
        Actor = call.Actor ?? string.Empty,
        Lot = call.Lot,
        Record = call.Record,
        Formula = call.Formula,
    };
}
