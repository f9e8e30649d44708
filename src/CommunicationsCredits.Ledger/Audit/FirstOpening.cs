using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Storage.Queries;

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
            {
                FillSums(store, snapshot);
                return;
            }
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

        var work = new VerifierWork();
        foreach (var tenant in before.Tenants.All(withRemoved: true))
        {
            posting.Append(LedgerChanges.Added(tenant), context);
            var state = write.Load([Needs.Of(tenant.Id)])[0];
            if (state is null)
                continue;
            var sums = RecordSums.Of(before, tenant.Number, [], work);
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

            var use = UseCount.Of(before, tenant.Number);
            Put(draft.Changes, use);
            write.Write(draft.Accept(null));
        }

        write.Write(posting);
        write.Commit();
    }

    /// <summary>A ledger whose calls are from before their sums were kept gets them.</summary>
    private static void FillSums(LedgerStore store, LedgerSnapshot snapshot)
    {
        if (!snapshot.Uses.IsToBeFilled())
            return;
        var tenants = snapshot.Tenants.All();
        using var write = store.BeginWrite([.. tenants.Select(tenant => tenant.Number)]);
        using var now = store.BeginRead();
        foreach (var tenant in tenants)
        {
            if (write.Load([Needs.Of(tenant.Id)])[0] is not { } state)
                continue;
            var posting = new TenantPosting { Tenant = state.Tenant, Before = state.Account, After = state.Account };
            Put(posting, UseCount.Of(now, tenant.Number));
            write.Write(posting);
        }

        write.Commit();
    }

    private static void Put(TenantPosting posting, UseCount use)
    {
        foreach (var (key, day) in use.Days)
            posting.DayUses[key] = day;
        foreach (var (key, charge) in use.Months)
            posting.UserMonths[key] = charge;
    }
}
