using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Corrections;

/// <summary>Undoes the charge of a call: its money, its included minutes, its status (C1).</summary>
internal static class UsageReversal
{
    /// <summary>Reverses the entry of a call.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="facts">The entry, with its record.</param>
    /// <param name="reason">Why.</param>
    public static LedgerEntry Reverse(Draft draft, EntryFacts facts, string? reason)
    {
        var reversal = draft.Reverse(facts, reason);
        draft.Pools.Return(facts.Record!, facts.Record!.Calls[0]);
        draft.Use.Remove(facts.Record!, facts.Record!.Calls[0]);
        draft.Changes.Reversed.Add((facts.Entry.Record!.Value, reversal.Sequence, null));
        return reversal;
    }

    /// <summary>Reverses a record, whether it has an entry or not.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="batch">The batch that the record is in.</param>
    /// <param name="call">The record, as it is stored.</param>
    /// <param name="draws">What lots paid of its entry.</param>
    /// <param name="import">The number of the import that reverses it.</param>
    /// <param name="reason">Why.</param>
    /// <returns>What the reversal gives back, 0 or more.</returns>
    public static Amount Reverse(Draft draft, UsageBatch batch, in UsageCall call, IReadOnlyList<DrawRow> draws, long import, string? reason)
    {
        LedgerEntry? reversal = null;
        if (UsageEntries.Of(call) is { } entry)
            reversal = draft.Reverse(new() { Entry = entry, IsReversed = false, Draws = draws }, reason);
        draft.Pools.Return(batch, call);
        draft.Use.Remove(batch, call);
        draft.Changes.Reversed.Add((call.Record, reversal?.Sequence, reversal is null ? import : null));
        return reversal?.Amount ?? Amount.Zero;
    }
}
