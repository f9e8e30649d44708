using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds.Operations;

/// <summary>Posts a purchase of funds by hand (F1).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="amount">The amount, above 0, of at most six decimals.</param>
public sealed class AddFunds(string tenantId, decimal amount) : LedgerOperation<CreditFunds>
{
    /// <summary>The longest reference or reason, in characters.</summary>
    internal const int MaximumTextLength = 256;

    /// <summary>The highest priority number.</summary>
    internal const int MaximumPriority = 1_000_000;

    private const string Operation = "AddFunds";

    /// <summary>When they were bought; now where nothing is given.</summary>
    public DateTimeOffset? PurchasedAt { get; init; }

    /// <summary>When they expire; twelve months after the purchase where nothing is given.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The draw order, 0 to 1,000,000: lower is drawn first. 0 where nothing is given.</summary>
    public int? Priority { get; init; }

    /// <summary>The buyer's own reference.</summary>
    public string? Reference { get; init; }

    /// <summary>The key under which the same posting is made only once (C2).</summary>
    public string? IdempotencyKey { get; init; }

    internal override Needs Needs => Needs.Of(tenantId) with
    {
        Keys = Idempotency.Need(Operation, IdempotencyKey),
        Debts = Checked(),
    };

    internal override Needs? More(TenantState state, Instant now) => Idempotency.NeedFirst(state, Operation, IdempotencyKey);

    internal override CreditFunds Decide(Draft draft)
    {
        var value = Checked();
        var tenant = draft.Tenant;
        var now = draft.Now;
        var parameters = Idempotency.Describe(
            ("Amount", value.ToString()), ("PurchasedAt", Instant.From(PurchasedAt)?.ToString()),
            ("ExpiresAt", Instant.From(ExpiresAt)?.ToString()), ("Priority", Priority?.ToString(CultureInfo.InvariantCulture)),
            ("Reference", Reference));
        if (draft.FindUse(Operation, IdempotencyKey, parameters) is { } first)
        {
            var number = draft.State.Entries[first.Entry].Entry.Lot!.Value;
            return draft.Lots.Peek(number).ToContract(tenant, now);
        }

        if (tenant.Status == CreditTenantStatus.Closed)
            throw TenantErrors.Closed(tenant);

        var purchasedAt = Instant.From(PurchasedAt) ?? now;
        if (purchasedAt > now)
            throw FundsErrors.InFuture(tenant, purchasedAt, now);
        var expiresAt = Instant.From(ExpiresAt) ?? purchasedAt.AddMonths(Lot.MonthsOfLife);
        if (expiresAt <= now || expiresAt <= purchasedAt)
            throw FundsErrors.AlreadyExpired(tenant, expiresAt);

        draft.RememberUse(Operation, IdempotencyKey, parameters);
        if (draft.Rule is { Declines: > 0 } rule)
            draft.SetRule(rule.Resumed());
        var lot = draft.AddLot(new(
            CreditTransactionKind.Purchase, value, purchasedAt, expiresAt, Priority ?? 0, CreditFundsSource.Manual, Reference));
        draft.Finish();
        return lot.ToContract(tenant, now);
    }

    private Amount Checked()
    {
        CardNumbers.Refuse(Reference, "reference");
        CardNumbers.Refuse(IdempotencyKey, "idempotency key");
        if (Reference?.Length > MaximumTextLength)
            throw LedgerErrors.TextTooLong("reference", MaximumTextLength, tenantId);
        if (IdempotencyKey?.Length > Idempotency.MaximumKeyLength)
            throw LedgerErrors.TextTooLong("idempotency key", Idempotency.MaximumKeyLength, tenantId);
        var value = Amount.FromDecimal(amount);
        if (value <= Amount.Zero)
            throw LedgerErrors.InvalidAmount($"Funds of {value} cannot be added: an amount is above 0.", tenantId);
        if (Priority is < 0 or > MaximumPriority)
            throw new CreditException(CreditErrorId.RuleInvalid, $"A priority is 0 to {MaximumPriority:N0}.", tenantId);
        return value;
    }
}
