using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Guard.Operations;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Import;

namespace CommunicationsCredits.Ledger.Corrections.Operations;

/// <summary>
/// Reverses all that an import kept, as one; its records stay known (C1). Undoing a pricing again posts the former charges again (C1a).
/// </summary>
/// <param name="importId">The import's id.</param>
/// <param name="reason">Why; kept in the record.</param>
public sealed class UndoImport(string importId, string? reason) : PartedOperation<UsageImport>
{
    private readonly HashChain _chain = new();
    private readonly UsageBatch _former = new();
    private readonly Repost _repost = new();
    private readonly Dictionary<long, int> _formerOf = [];
    private ImportTally _undone = null!;
    private ImportTally? _tally;
    private GuardWatch? _watch;
    private long _kept;
    private long _next;

    internal override Needs Needs
    {
        get
        {
            CardNumbers.Refuse(reason, "reason");
            if (reason?.Length > AddFunds.MaximumTextLength)
                throw LedgerErrors.TextTooLong("reason", AddFunds.MaximumTextLength, importId);
            return LedgerIds.Parse(importId, "I") is var (tenantId, number)
                ? Needs.Of(tenantId) with { Imports = [number], AllLots = true }
                : throw NotFound(importId);
        }
    }

    // What was priced lower may cost more again (R8).
    internal override bool LowersBalance => PostsFormer;

    // From the last to the first, so that the lots are as they were before each.
    internal override RecordPage? NextPage => new() { Import = _undone.Number, After = _next, Descending = true, WithDraws = true, WithReposted = !PostsFormer };

    /// <summary>Whether the charges before are posted again: what it undoes is a pricing again.</summary>
    private bool PostsFormer => _undone.Kind == ImportKind.Rerating;

    internal override CreditException NotFound(string tenantId) =>
        CorrectionErrors.ImportNotFound(importId, "there is no such import in this ledger");

    internal override void Begin(TenantState state)
    {
        if (!state.Imports.TryGetValue(LedgerIds.Parse(importId, "I")!.Value.Number, out var undone))
            throw NotFound(state.Tenant.Id);
        if (state.Tenant.Status == CreditTenantStatus.Closed)
            throw TenantErrors.Closed(state.Tenant);
        if (undone.Kind == ImportKind.Undo)
            throw CorrectionErrors.ReversalRefused(importId, "it is itself the undo of an import");
        _undone = undone;
        _tally = null;
        _kept = 0;
        _next = long.MaxValue;
    }

    internal override void Load(ILedgerFacts from, long tenant, UsageBatch page)
    {
        if (!PostsFormer)
            return;
        _former.Reset();
        _formerOf.Clear();
        var records = new List<long>(page.Count);
        foreach (ref readonly var call in page.Calls)
            records.Add(call.Record);
        var former = from.LoadFormer(tenant, records, _former);
        var places = new Dictionary<long, int>(_former.Count);
        for (var i = 0; i < _former.Count; i++)
            places[_former.Calls[i].Record] = i;
        foreach (var (record, before) in former)
            _formerOf[record] = places[before];
    }

    internal override Needs? More(TenantState state, UsageBatch page) => Repost.NeedsOf(state, page);

    internal override void Decide(Draft draft, UsageBatch page, ILookup<long, DrawRow> draws)
    {
        _kept += page.Count;
        _next = page.Calls[^1].Record;
        foreach (ref var call in page.Calls)
        {
            var (record, sequence) = (call.Record, call.Sequence);
            if (call.IsReversed)
            {
                // The page is written where former charges are posted, and this one is not to be.
                call.Record = 0;
                continue;
            }

            _tally ??= new()
            {
                Number = ++draft.Account.Imports,
                Kind = ImportKind.Undo,
                Source = $"(undo of {ImportTally.IdOf(draft.Tenant.Id, _undone.Number)})",
                Format = _undone.Format,
                StartedAt = draft.Now,
                Actor = draft.Actor,
                Undoes = _undone.Number,
            };
            _tally.Read++;
            _tally.Imported++;
            _tally.Charged -= UsageReversal.Reverse(draft, page, call, [.. draws[sequence]], _tally.Number, reason);
            if (sequence == 0)
            {
                var sum = _tally.Records;
                RecordDigests.AddReversed(ref sum, _chain, record);
                _tally.Records = sum;
            }

            if (PostsFormer)
                PostFormer(draft, page, ref call, _former.Calls[_formerOf[record]], _tally);
        }

        if (PostsFormer)
            draft.Changes.Calls = page;
        draft.Finish(bookForfeitures: false);
    }

    private void PostFormer(Draft draft, UsageBatch page, ref UsageCall call, in UsageCall former, ImportTally tally)
    {
        call.BilledSeconds = former.BilledSeconds;
        call.Charge = former.Charge;
        (call.HasRatedCharge, call.RatedCharge) = (former.HasRatedCharge, former.RatedCharge);
        call.Sheet = former.Sheet;
        call.Rate = null;
        call.Prefix = page.Append(_former.Bytes(former.Prefix));
        if (former.Sheet is { } sheet)
            draft.Changes.SheetsUsed.Add(sheet);
        tally.Charged += former.Charge;
        _repost.Post(draft, page, ref call, tally.Number);
    }

    internal override void LoadEnd(ILedgerFacts from, TenantState state, Instant now) => _watch = _tally is null ? null
        : GuardWatch.Load(from, state, _undone, now, PostsFormer ? GuardChange.Priced : GuardChange.Taken);

    internal override UsageImport End(Draft draft)
    {
        if (_kept == 0)
            throw CorrectionErrors.ReversalRefused(importId, "it kept no record");
        if (_tally is null)
            throw CorrectionErrors.AlreadyReversed(importId);

        draft.BookForfeitures();

        // An alarm that these calls raised ends, and what it held goes on (D1, R10).
        _watch?.Decide(draft);
        _tally.Status = UsageImportStatus.Complete;
        _tally.BalanceAfter = draft.Balance();
        var undone = _undone with { Status = UsageImportStatus.Reversed };
        ImportEntry.Append(draft, _tally, $"{ImportTally.IdOf(draft.Tenant.Id, undone.Number)} undone, {_tally.Read} records", undone);
        draft.Finish();
        return _tally.ToContract(draft.Tenant);
    }
}
