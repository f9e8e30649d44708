using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Storage;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>
/// What the first opening by this version adds to a ledger: the beginning of its own chain, and for each tenant of an older ledger
/// one entry that records all that steers its money (H1b).
/// </summary>
internal static class FirstOpening
{
    public static void Complete(LedgerStore store, in PostingContext context)
    {
        using (var snapshot = store.BeginRead())
        {
            if (snapshot.States.LedgerHead().Sequence > 0)
                return;
        }

        using var write = store.BeginWrite([]);
        var head = write.LockLedger();
        if (head.Sequence > 0)
            return;

        var posting = new LedgerPosting(head);
        posting.Append(new(LedgerEntryKind.Migrated, $"schema/{LedgerStore.NewestSchema}", "Opened with the schema of 1.0.0"), context);
        using var before = store.BeginRead();
        foreach (var sheet in before.Rates.Sheets())
        {
            var digest = SheetDigest.Of(sheet, before.Rates.Prefixes(sheet));
            posting.SheetDigests.Add((sheet.Number, digest));
            posting.Append(new(LedgerEntryKind.SheetAdded, SheetChanges.SubjectOf(sheet), SheetChanges.Describe(sheet), digest), context);
        }

        foreach (var tenant in before.Tenants.All(withRemoved: true))
        {
            posting.Append(LedgerChanges.Added(tenant), context);
            var state = write.Load([Needs.Of(tenant.Id)])[0];
            if (state is null)
                continue;
            var sums = RecordSums.Of(before, tenant.Number, []);
            var draft = new Draft(state, context);
            draft.Note("Brought to the schema of 1.0.0", [.. DigestedState.Of(before, tenant, sums)]);
            foreach (var import in before.Imports.Query(tenant.Number))
            {
                draft.Changes.Imports[import.Number] = import with
                {
                    Entry = draft.Account.Sequence,
                    Records = sums.GetValueOrDefault(import.Number),
                };
            }

            write.Write(draft.Accept(null));
        }

        write.Write(posting);
        write.Commit();
    }
}
