using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Corrections;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>Decides what becomes of a batch of priced calls: kept and charged, a duplicate, a conflict, a correction (U3–U7).</summary>
internal sealed class ImportDecision
{
    private readonly HashChain _chain = new();
    private readonly KnownRecords _known;
    private readonly ConflictAction _onConflict;

    public ImportDecision(KnownRecords known, ConflictAction onConflict)
    {
        _known = known;
        _onConflict = onConflict;
    }

    /// <summary>What corrections of a batch need besides, once it is known which calls are known; or null.</summary>
    public Needs? Corrections(Tenants.Tenant tenant, UsageBatch batch)
    {
        if (_onConflict != ConflictAction.Correct)
            return null;
        var debts = Amount.Zero;
        var (first, last) = MonthsOf(_known.Stored.Count > 0 ? _known.Stored : batch);
        foreach (ref readonly var call in _known.Stored.Calls)
            debts += call.Charge;
        foreach (ref readonly var call in batch.Calls)
            debts += call.Refusal is null ? call.Charge : Amount.Zero;
        return Needs.Of(tenant.Id) with { AllLots = true, Debts = debts, PoolMonths = (first, last), Use = (first, last) };
    }

    /// <summary>The months of the calls of a batch.</summary>
    [MethodImpl(HotPath.Compiled)]
    public static (Month First, Month Last) MonthsOf(UsageBatch batch)
    {
        var (first, last) = (Instant.Latest, Instant.Earliest);
        foreach (ref readonly var call in batch.Calls)
        {
            if (call.Refusal is not null)
                continue;
            first = call.StartedAt < first ? call.StartedAt : first;
            last = Instant.Max(call.StartedAt, last);
        }

        return (Month.Of(first), Month.Of(first > last ? first : last));
    }

    /// <summary>Decides on a batch.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="batch">The batch; which of its calls are known has been asked.</param>
    /// <param name="draws">What lots paid of the known calls' entries.</param>
    /// <param name="tally">The import; it is numbered with its first batch.</param>
    [MethodImpl(HotPath.Compiled)]
    public void Decide(Draft draft, UsageBatch batch, ILookup<long, DrawRow> draws, ImportTally tally)
    {
        if (tally.Number == 0)
            tally.Number = ++draft.Account.Imports;
        var first = draft.Account.Records + 1;
        var calls = batch.Calls;
        for (var i = 0; i < calls.Length; i++)
        {
            ref var call = ref calls[i];
            tally.Read++;
            call.Record = 0;
            call.IsReversed = false;
            if (call.Refusal is not null)
            {
                tally.Rejected++;
                continue;
            }

            AddToPeriod(call, tally);
            ref var claim = ref _known[i];
            if (claim.IsKept && !IsCorrection(draft, batch, i, claim, claim.Record - first, draws, tally))
                continue;
            Keep(draft, batch, ref call, first + i, ref claim, tally);
        }

        draft.Changes.Calls = batch;
        draft.Finish(bookForfeitures: false);
        tally.BalanceAfter = draft.Account.Balance;
        draft.Changes.Imports[tally.Number] = tally with { };
    }

    [MethodImpl(HotPath.Compiled)]
    private void Keep(Draft draft, UsageBatch batch, ref UsageCall call, long record, ref KeyClaim claim, ImportTally tally)
    {
        draft.Pools.Apply(batch, ref call);
        call.Record = record;
        call.Import = tally.Number;
        call.Sequence = 0;
        call.Lot = null;
        call.Formula = LedgerEntry.NewestFormula;
        Span<byte> buffer = stackalloc byte[UsageDigest.MostBytes];
        var digest = UsageDigest.WriteCharge(batch.Bytes(call.Content), batch, call, tally.Number, buffer);
        if (call.Status is UsageStatus.Charged or UsageStatus.Pooled)
        {
            draft.Charge(batch, ref call, digest);
            draft.Use.Add(batch, call);
        }
        else
        {
            var sum = tally.Records;
            RecordDigests.AddKept(ref sum, _chain, record, digest);
            tally.Records = sum;
        }

        if (call is { IsRatedBySheet: true, Sheet: { } sheet })
            draft.Changes.SheetsUsed.Add(sheet);
        if (claim.Record != record)
            draft.Changes.MovedKeys.Add((call.Key, record));
        claim.Record = draft.Account.Records = record;
        claim.IsKept = true;
        Count(call, tally);
    }

    /// <summary>What is known already is part of the period too: exports overlap.</summary>
    private static void AddToPeriod(in UsageCall call, ImportTally tally) => tally.Reach(call.StartedAt);

    private static void Count(in UsageCall call, ImportTally tally)
    {
        tally.Imported++;
        tally.Charged += call.Charge;
        switch (call.Status)
        {
            case UsageStatus.Free:
                tally.Free++;
                break;
            case UsageStatus.Excluded:
                tally.Excluded++;
                break;
            case UsageStatus.Unrated:
                tally.Unrated++;
                break;
        }
    }

    /// <summary>
    /// Whether a record that is known already is to be posted anew, its old charge undone; otherwise it is a duplicate or a conflict
    /// (U3).
    /// </summary>
    private bool IsCorrection(
        Draft draft, UsageBatch batch, int i, in KeyClaim claim, long place, ILookup<long, DrawRow> draws, ImportTally tally)
    {
        ref var call = ref batch.Calls[i];

        // A call of the same batch was decided a moment ago, and stands there as it will be stored.
        var (knownBatch, known) = claim.Known >= 0 && _known.Stored.Calls[claim.Known].Record == claim.Record
            ? (_known.Stored, claim.Known)
            : (batch, place >= 0 && place < i ? (int)place : -1);
        if (known < 0)
        {
            // Kept by a preview, which stores nothing: its identity and its fingerprint are all that is left of it.
            if (_onConflict == ConflictAction.Error && _known.Seen[call.Key].Fingerprint != BillingContent.Fingerprint(batch, call))
                RefuseConflict(batch, ref call, UsageField.RecordId, tally);
            else
                tally.Duplicate++;
            return false;
        }

        ref readonly var kept = ref knownBatch.Calls[known];
        var difference = BillingContent.Difference(knownBatch, kept, !kept.Personal.IsEmpty, batch, call);
        if (_onConflict == ConflictAction.Correct && (difference is not null || kept.IsReversed))
        {
            if (!kept.IsReversed)
                Undo(draft, knownBatch, known, draws, tally);
            return true;
        }

        if (difference is null || _onConflict != ConflictAction.Error)
        {
            tally.Duplicate++;
            return false;
        }

        RefuseConflict(batch, ref call, difference.Value, tally);
        return false;
    }

    private static void RefuseConflict(UsageBatch batch, ref UsageCall call, UsageField field, ImportTally tally)
    {
        tally.Rejected++;
        call.Refuse(
            CreditErrorId.UsageConflict,
            batch.NameOf(field),
            "the ledger has this record with another value. Nothing was changed; import it with -OnConflict Correct to undo the "
            + "old charge and post this one, or with Skip to pass over it.");
    }

    private void Undo(Draft draft, UsageBatch batch, int known, ILookup<long, DrawRow> draws, ImportTally tally)
    {
        ref var call = ref batch.Calls[known];
        tally.Charged -= UsageReversal.Reverse(
            draft, batch, call, [.. draws[call.Sequence]], tally.Number, "Corrected by a later export");
        if (call.Sequence == 0)
        {
            var sum = tally.Records;
            RecordDigests.AddReversed(ref sum, _chain, call.Record);
            tally.Records = sum;
        }

        // A third export of it meets the correction, not this.
        call.IsReversed = true;
    }
}
