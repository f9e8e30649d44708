using System.Globalization;
using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Backup.Operations;

/// <summary>Lets the ledger's own chain say that this ledger takes another's place, and of which (H1b, R11).</summary>
/// <param name="reason">In words, as in "restored from a copy of …".</param>
/// <param name="replaced">Where the chain of the ledger had got to that is replaced.</param>
internal sealed class NoteRestore(string reason, LedgerHead replaced) : LedgerWideOperation<long>
{
    internal override long Decide(LedgerDraft draft)
    {
        // Sessions that are open have rates of the replaced ledger at hand.
        draft.Posting.RaiseRateVersion(replaced.RateVersion);
        draft.Append(new(
            LedgerEntryKind.Restored,
            "ledger",
            string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(reason[0])}{reason[1..]}, in place of a ledger with {replaced.Sequence} entries of its own"),
            replaced.Hash));
        return draft.Posting.After.Sequence;
    }
}
