using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Corrections.Operations;

/// <summary>Posts money that is neither bought nor used: above 0 it makes a lot, below 0 it is drawn like a call made now (C3).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="amount">The amount, signed, not 0, of at most six decimals.</param>
public sealed class AddAdjustment(string tenantId, decimal amount) : LedgerOperation<CreditTransaction>
{
    private const string Operation = "AddAdjustment";

    /// <summary>Why; kept in the record.</summary>
    public string? Reason { get; init; }

    /// <summary>When a positive one expires; twelve months from now where nothing is given.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The key under which the same posting is made only once (C2).</summary>
    public string? IdempotencyKey { get; init; }

    /// <inheritdoc/>
    internal override bool LowersBalance => amount < 0;

    internal override Needs Needs => Needs.Of(tenantId) with
    {
        Keys = Idempotency.Need(Operation, IdempotencyKey),
        Debts = Checked() is { Micros: > 0 } added ? added : Amount.Zero,
    };

    internal override Needs? More(TenantState state, Instant now) => Idempotency.NeedFirst(state, Operation, IdempotencyKey);

    internal override CreditTransaction Decide(Draft draft)
    {
        var value = Checked();
        var tenant = draft.Tenant;
        var parameters = Idempotency.Describe(
            ("Amount", value.ToString()), ("Reason", Reason), ("ExpiresAt", Instant.From(ExpiresAt)?.ToString()));
        if (draft.FindUse(Operation, IdempotencyKey, parameters) is { } first)
            return draft.State.Entries[first.Entry].Entry.ToContract(tenant);
        if (tenant.Status == CreditTenantStatus.Closed)
            throw TenantErrors.Closed(tenant);

        draft.RememberUse(Operation, IdempotencyKey, parameters);
        var entry = value > Amount.Zero
            ? AddLot(draft, value)
            : draft.Draw(new() { Kind = CreditTransactionKind.Adjustment, Amount = value, EffectiveAt = draft.Now, Description = Reason });
        draft.Finish();
        return entry.ToContract(tenant);
    }

    private LedgerEntry AddLot(Draft draft, Amount value)
    {
        var expiresAt = Instant.From(ExpiresAt) ?? draft.Now.AddMonths(Lot.MonthsOfLife);
        if (expiresAt <= draft.Now)
            throw FundsErrors.AlreadyExpired(draft.Tenant, expiresAt);
        var lot = draft.AddLot(
            new(CreditTransactionKind.Adjustment, value, draft.Now, expiresAt, 0, CreditFundsSource.Adjustment, null), Reason);
        return draft.Changes.Entries.First(stored => stored.Entry.Sequence == lot.Entry).Entry;
    }

    private Amount Checked()
    {
        CardNumbers.Refuse(Reason, "reason");
        CardNumbers.Refuse(IdempotencyKey, "idempotency key");
        if (Reason?.Length > AddFunds.MaximumTextLength)
            throw LedgerErrors.TextTooLong("reason", AddFunds.MaximumTextLength, tenantId);
        if (IdempotencyKey?.Length > Idempotency.MaximumKeyLength)
            throw LedgerErrors.TextTooLong("idempotency key", Idempotency.MaximumKeyLength, tenantId);
        var value = Amount.FromDecimal(amount);
        return value != Amount.Zero
            ? value
            : throw LedgerErrors.InvalidAmount("An adjustment of 0 changes nothing. Give an amount above or below 0.", tenantId);
    }
}
