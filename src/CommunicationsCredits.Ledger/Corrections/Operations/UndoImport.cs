using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Import;

namespace CommunicationsCredits.Ledger.Corrections.Operations;

/// <summary>Reverses all that an import kept, as one; its records stay known (C1).</summary>
/// <param name="importId">The import's id.</param>
/// <param name="reason">Why; kept in the record.</param>
public sealed class UndoImport(string importId, string? reason) : PartedOperation<UsageImport>
{
    private readonly HashChain _chain = new();
    private ImportTally _undone = null!;
    private ImportTally? _tally;
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

    // From the last to the first, so that the lots are as they were before each.
    internal override RecordPage? NextPage => new() { Import = _undone.Number, After = _next, Descending = true, WithDraws = true };

    internal override CreditException NotFound(string tenantId) =>
        CorrectionErrors.ImportNotFound(importId, "there is no such import in this ledger");

    internal override void Begin(TenantState state)
    {
        if (!state.Imports.TryGetValue(LedgerIds.Parse(importId, "I")!.Value.Number, out var undone))
            throw NotFound(state.Tenant.Id);
        if (state.Tenant.Status == CreditTenantStatus.Closed)
            throw LedgerErrors.TenantClosed(state.Tenant.Id);
        _undone = undone;
        _tally = null;
        _kept = 0;
        _next = long.MaxValue;
    }

    internal override Needs? More(TenantState state, UsageBatch page)
    {
        var debts = Amount.Zero;
        var (first, last) = (Instant.Latest, Instant.Earliest);
        foreach (ref readonly var call in page.Calls)
        {
            debts += call.Charge;
            first = call.StartedAt < first ? call.StartedAt : first;
            last = Instant.Max(call.StartedAt, last);
        }

        return Needs.Of(state.Tenant.Id) with { Debts = debts, PoolMonths = (Month.Of(first), Month.Of(last)), Use = (Month.Of(first), Month.Of(last)) };
    }

    internal override void Decide(Draft draft, UsageBatch page, ILookup<long, DrawRow> draws)
    {
        _kept += page.Count;
        _next = page.Calls[^1].Record;
        foreach (ref readonly var call in page.Calls)
        {
            if (call.IsReversed)
                continue;
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
            _tally.Charged -= UsageReversal.Reverse(draft, page, call, [.. draws[call.Sequence]], _tally.Number, reason);
            if (call.Sequence == 0)
            {
                var sum = _tally.Records;
                RecordDigests.AddReversed(ref sum, _chain, call.Record);
                _tally.Records = sum;
            }
        }

        draft.Finish(bookForfeitures: false);
    }

    internal override UsageImport End(Draft draft)
    {
        if (_kept == 0)
            throw CorrectionErrors.ReversalRefused(importId, "it kept no record");
        if (_tally is null)
            throw CorrectionErrors.AlreadyReversed(importId);

        draft.BookForfeitures();
        _tally.Status = UsageImportStatus.Complete;
        _tally.BalanceAfter = draft.Balance();
        var undone = _undone with { Status = UsageImportStatus.Reversed };
        ImportEntry.Append(draft, _tally, $"{ImportTally.IdOf(draft.Tenant.Id, undone.Number)} undone, {_tally.Read} records", undone);
        draft.Finish();
        return _tally.ToContract(draft.Tenant);
    }
}
