using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>The entry that ends an import: it records what it did, and the digests of its records that have no entry (H1a).</summary>
internal static class ImportEntry
{
    /// <summary>Appends the entry, and puts the import.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="tally">The import.</param>
    /// <param name="description">What happened, in words.</param>
    /// <param name="undone">The import that it undoes, as it is now; or null.</param>
    public static void Append(Draft draft, ImportTally tally, string description, ImportTally? undone = null)
    {
        if (tally.Records is { } records)
            draft.AddDigest(StateDigest.OfRecords(tally.Number, records));
        if (undone is not null)
        {
            draft.AddDigest(StateDigest.OfImport(undone));
            draft.Changes.Imports[undone.Number] = undone;
        }

        tally.Entry = draft.Account.Sequence + 1;
        draft.Note(description, StateDigest.OfImport(tally));
        draft.Changes.Imports[tally.Number] = tally with { };
    }
}
