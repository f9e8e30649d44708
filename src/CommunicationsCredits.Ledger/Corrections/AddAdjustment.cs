using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Corrections;

/// <summary>Posts money that is neither bought nor used: above 0 it makes a lot, below 0 it is drawn like a call made now (C3).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="amount">The amount, signed, not 0, of at most six decimals.</param>
public sealed class AddAdjustment(string tenantId, decimal amount) : LedgerCommand<CreditTransaction>
{
    private const string Operation = "AddAdjustment";

    /// <summary>Why; it stands in the record.</summary>
    public string? Reason { get; init; }

    /// <summary>When a positive one expires; twelve months from now where nothing is given.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The key under which the same posting is made only once (C2).</summary>
    public string? IdempotencyKey { get; init; }

    /// <inheritdoc/>
    internal override string? TenantToRecharge => amount < 0 ? tenantId : null;

    internal override CreditTransaction Run(LedgerTransaction tx, LedgerSession ledger)
    {
        CardNumbers.Refuse(Reason, "reason");
        CardNumbers.Refuse(IdempotencyKey, "idempotency key");
        if (Reason?.Length > AddFunds.MaximumTextLength)
            throw LedgerErrors.TextTooLong("reason", AddFunds.MaximumTextLength, tenantId);
        var value = Amount.FromDecimal(amount);
        if (value == Amount.Zero)
            throw LedgerErrors.InvalidAmount("An adjustment of 0 changes nothing. Give an amount above or below 0.", tenantId);

        var tenant = tx.Tenants.Get(tenantId);
        var parameters = Idempotency.Describe(
            ("Amount", value.ToString()), ("Reason", Reason), ("ExpiresAt", Instant.From(ExpiresAt)?.ToString()));
        if (Idempotency.FindFirst(tx, tenant, Operation, IdempotencyKey, parameters) is { } first)
            return first.ToContract(tenant);
        if (tenant.Status == CreditTenantStatus.Closed)
            throw LedgerErrors.TenantClosed(tenant.Id);

        var now = ledger.Now;
        var posting = new TenantPosting(tx, tenant, ledger.Context);
        long sequence;
        if (value > Amount.Zero)
        {
            var expiresAt = Instant.From(ExpiresAt) ?? now.AddMonths(Lot.MonthsOfLife);
            if (expiresAt <= now)
                throw LedgerErrors.FundsAlreadyExpired(tenant.Id, expiresAt);
            sequence = posting.AddLot(
                new(CreditTransactionKind.Adjustment, value, now, expiresAt, 0, CreditFundsSource.Adjustment, null), Reason).Entry;
        }
        else
        {
            var entry = new LedgerEntry
            {
                Kind = CreditTransactionKind.Adjustment,
                Amount = value,
                EffectiveAt = now,
                Description = Reason,
            };
            sequence = posting.Draw(ref entry);
        }

        posting.Finish();
        Idempotency.Remember(tx, tenant, Operation, IdempotencyKey, parameters, sequence);
        return tx.Entries.Find(tenant.Number, sequence)!.Value.Entry.ToContract(tenant);
    }
}
