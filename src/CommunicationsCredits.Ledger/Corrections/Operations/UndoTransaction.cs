using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Corrections.Operations;

/// <summary>Reverses an entry, once, in whole: a call, an adjustment, or a purchase that nothing is drawn from (C1).</summary>
/// <param name="transactionId">The entry's id.</param>
public sealed class UndoTransaction(string transactionId) : LedgerOperation<CreditTransaction>
{
    private const string Operation = "UndoTransaction";

    private bool _lowersBalance;

    /// <summary>The tenant it must be of, or null.</summary>
    public string? TenantId { get; init; }

    /// <summary>Why; kept in the record.</summary>
    public string? Reason { get; init; }

    /// <summary>The key under which the same posting is made only once (C2).</summary>
    public string? IdempotencyKey { get; init; }

    /// <inheritdoc/>
    internal override bool LowersBalance => _lowersBalance;

    internal override Needs Needs
    {
        get
        {
            CardNumbers.Refuse(Reason, "reason");
            CardNumbers.Refuse(IdempotencyKey, "idempotency key");
            if (Reason?.Length > AddFunds.MaximumTextLength)
                throw LedgerErrors.TextTooLong("reason", AddFunds.MaximumTextLength, transactionId);
            if (IdempotencyKey?.Length > Idempotency.MaximumKeyLength)
                throw LedgerErrors.TextTooLong("idempotency key", Idempotency.MaximumKeyLength, transactionId);
            return LedgerIds.Parse(transactionId, string.Empty) is var (tenantId, sequence)
                ? Needs.Of(tenantId) with { Keys = Idempotency.Need(Operation, IdempotencyKey), Entries = [sequence] }
                : throw NotFound(transactionId);
        }
    }

    internal override CreditException NotFound(string tenantId) =>
        CorrectionErrors.TransactionNotFound(transactionId, "there is no such entry in this ledger");

    internal override Needs? More(TenantState state, Instant now)
    {
        var first = Idempotency.NeedFirst(state, Operation, IdempotencyKey);
        if (!state.Entries.TryGetValue(LedgerIds.Parse(transactionId, string.Empty)!.Value.Number, out var facts))
            return first;

        // What returns to lots repays debts first; minutes return to the month of the call.
        var month = Month.Of(facts.Entry.EffectiveAt);
        var undo = Needs.Of(state.Tenant.Id) with
        {
            Debts = facts.Entry.Amount < Amount.Zero ? -facts.Entry.Amount : Amount.Zero,
            PoolMonths = facts.Record is null ? null : (month, month),
            Use = facts.Record is null ? null : (month, month),
        };
        return first is null ? undo : undo.With(first);
    }

    internal override CreditTransaction Decide(Draft draft)
    {
        var sequence = LedgerIds.Parse(transactionId, string.Empty)!.Value.Number;
        var tenant = draft.Tenant;
        if (!draft.State.Entries.TryGetValue(sequence, out var facts))
            throw NotFound(tenant.Id);
        var original = facts.Entry;
        if (TenantId is not null && Tenant.KeyOf(TenantId) != Tenant.KeyOf(tenant.Id))
            throw CorrectionErrors.TransactionNotFound(transactionId, $"it is an entry of {tenant.InWords}, not of '{TenantId}'");

        var parameters = Idempotency.Describe(("TransactionId", LedgerEntry.IdOf(tenant.Id, sequence)), ("Reason", Reason));
        if (draft.FindUse(Operation, IdempotencyKey, parameters) is { } first)
            return draft.State.Entries[first.Entry].Entry.ToContract(tenant);
        if (tenant.Status == CreditTenantStatus.Closed)
            throw TenantErrors.Closed(tenant);
        if (facts.IsReversed)
            throw CorrectionErrors.AlreadyReversed(transactionId);

        draft.RememberUse(Operation, IdempotencyKey, parameters);
        var reversal = original switch
        {
            { Kind: CreditTransactionKind.Usage } => UsageReversal.Reverse(draft, facts, Reason),
            { Kind: CreditTransactionKind.Adjustment, Amount.Micros: < 0 } => draft.Reverse(facts, Reason),
            { Kind: CreditTransactionKind.Purchase or CreditTransactionKind.Adjustment } =>
                draft.ReverseLot(original, Reason)
                ?? throw CorrectionErrors.ReversalRefused(transactionId, "something of it has been drawn"),
            _ => throw CorrectionErrors.ReversalRefused(transactionId, $"it is a {original.Kind}"),
        };
        draft.Finish();
        _lowersBalance = original.Amount > Amount.Zero;
        return reversal.ToContract(tenant);
    }
}
