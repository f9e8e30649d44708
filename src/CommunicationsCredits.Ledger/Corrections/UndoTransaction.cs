using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Corrections;

/// <summary>Reverses an entry, once, in whole: a call, an adjustment, or a purchase that nothing is drawn from (C1).</summary>
/// <param name="transactionId">The entry's id.</param>
public sealed class UndoTransaction(string transactionId) : LedgerCommand<CreditTransaction>
{
    private const string Operation = "UndoTransaction";

    private string? _tenantToRecharge;

    /// <summary>The tenant it must be of, or null.</summary>
    public string? TenantId { get; init; }

    /// <summary>Why; it stands in the record.</summary>
    public string? Reason { get; init; }

    /// <summary>The key under which the same posting is made only once (C2).</summary>
    public string? IdempotencyKey { get; init; }

    /// <inheritdoc/>
    internal override string? TenantToRecharge => _tenantToRecharge;

    internal override CreditTransaction Run(LedgerTransaction tx, LedgerSession ledger)
    {
        CardNumbers.Refuse(Reason, "reason");
        CardNumbers.Refuse(IdempotencyKey, "idempotency key");
        if (Reason?.Length > AddFunds.MaximumTextLength)
            throw LedgerErrors.TextTooLong("reason", AddFunds.MaximumTextLength, transactionId);
        if (LedgerIds.Find(tx, transactionId, string.Empty) is not var (tenant, sequence)
            || tx.Entries.Find(tenant.Number, sequence) is not { Entry: var original })
            throw CorrectionErrors.TransactionNotFound(transactionId, "there is no such entry in this ledger");
        if (TenantId is not null && Tenant.KeyOf(TenantId) != Tenant.KeyOf(tenant.Id))
            throw CorrectionErrors.TransactionNotFound(transactionId, $"it is an entry of '{tenant.Id}', not of '{TenantId}'");

        var parameters = Idempotency.Describe(("TransactionId", LedgerEntry.IdOf(tenant.Id, sequence)), ("Reason", Reason));
        if (Idempotency.FindFirst(tx, tenant, Operation, IdempotencyKey, parameters) is { } first)
            return first.ToContract(tenant);
        if (tenant.Status == CreditTenantStatus.Closed)
            throw LedgerErrors.TenantClosed(tenant.Id);
        if (tx.Entries.IsReversed(tenant.Number, sequence))
            throw CorrectionErrors.AlreadyReversed(transactionId);

        var posting = new TenantPosting(tx, tenant, ledger.Context);
        var reversal = original switch
        {
            { Kind: CreditTransactionKind.Usage } => UsageReversal.Reverse(tx, posting, original, Reason),
            { Kind: CreditTransactionKind.Adjustment, Amount.Micros: < 0 } => posting.Reverse(original, Reason),
            { Kind: CreditTransactionKind.Purchase or CreditTransactionKind.Adjustment } =>
                posting.ReverseLot(original, Reason)
                ?? throw CorrectionErrors.ReversalRefused(transactionId, "something of it has been drawn"),
            _ => throw CorrectionErrors.ReversalRefused(transactionId, $"it is a {original.Kind}"),
        };
        posting.Finish();
        if (original.Amount > Amount.Zero)
            _tenantToRecharge = tenant.Id;
        Idempotency.Remember(tx, tenant, Operation, IdempotencyKey, parameters, reversal);
        return tx.Entries.Find(tenant.Number, reversal)!.Value.Entry.ToContract(tenant);
    }
}
