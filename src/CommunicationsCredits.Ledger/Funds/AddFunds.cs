using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds;

/// <summary>Posts a purchase of funds by hand (F1).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="amount">The amount, above 0, of at most six decimals.</param>
public sealed class AddFunds(string tenantId, decimal amount) : LedgerCommand<CreditFunds>
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

    internal override CreditFunds Run(LedgerTransaction tx, LedgerSession ledger)
    {
        CardNumbers.Refuse(Reference, "reference");
        CardNumbers.Refuse(IdempotencyKey, "idempotency key");
        if (Reference?.Length > MaximumTextLength)
            throw LedgerErrors.TextTooLong("reference", MaximumTextLength, tenantId);
        var value = Amount.FromDecimal(amount);
        if (value <= Amount.Zero)
            throw LedgerErrors.InvalidAmount($"Funds of {value} cannot be added: an amount is above 0.", tenantId);
        if (Priority is < 0 or > MaximumPriority)
            throw new CreditException(CreditErrorId.RuleInvalid, $"A priority is 0 to {MaximumPriority:N0}.", tenantId);

        var tenant = tx.Tenants.Get(tenantId);
        var parameters = Idempotency.Describe(
            ("Amount", value.ToString()), ("PurchasedAt", Instant.From(PurchasedAt)?.ToString()),
            ("ExpiresAt", Instant.From(ExpiresAt)?.ToString()), ("Priority", Priority?.ToString(CultureInfo.InvariantCulture)),
            ("Reference", Reference));
        if (Idempotency.FindFirst(tx, tenant, Operation, IdempotencyKey, parameters) is { } first)
            return tx.Lots.Get(tenant.Number, first.Lot!.Value).ToContract(tenant, ledger.Now);
        if (tenant.Status == CreditTenantStatus.Closed)
            throw LedgerErrors.TenantClosed(tenant.Id);

        var now = ledger.Now;
        var purchasedAt = Instant.From(PurchasedAt) ?? now;
        var expiresAt = Instant.From(ExpiresAt) ?? purchasedAt.AddMonths(Lot.MonthsOfLife);
        if (purchasedAt > now)
            throw LedgerErrors.FundsInFuture(tenant.Id, purchasedAt, now);
        if (expiresAt <= now || expiresAt <= purchasedAt)
            throw LedgerErrors.FundsAlreadyExpired(tenant.Id, expiresAt);

        var posting = new TenantPosting(tx, tenant, ledger.Context);
        var lot = posting.AddLot(new(
            CreditTransactionKind.Purchase, value, purchasedAt, expiresAt, Priority ?? 0, CreditFundsSource.Manual, Reference));
        posting.Finish();
        if (tx.Recharge.FindRule(tenant.Number) is { Declines: > 0 } rule)
            tx.Recharge.PutRule(tenant.Number, rule.Resumed());
        Idempotency.Remember(tx, tenant, Operation, IdempotencyKey, parameters, lot.Entry);
        return lot.ToContract(tenant, now);
    }
}
