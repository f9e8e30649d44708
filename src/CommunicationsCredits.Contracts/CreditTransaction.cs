namespace CommunicationsCredits;

/// <summary>What an entry is.</summary>
public enum CreditTransactionKind : long
{
    /// <summary>Funds bought by hand.</summary>
    Purchase = 0,

    /// <summary>Funds bought by the recharge rule.</summary>
    Recharge = 1,

    /// <summary>A call.</summary>
    Usage = 2,

    /// <summary>What was left of a lot at its expiry (F5).</summary>
    Forfeiture = 3,

    /// <summary>A part of a forfeiture taken back, because a late call was entitled to it (F6).</summary>
    Release = 4,

    /// <summary>An earlier entry undone (C1).</summary>
    Reversal = 5,

    /// <summary>Money that was neither bought nor used (C3).</summary>
    Adjustment = 6,

    /// <summary>A change of a setting; its amount is 0 (C3).</summary>
    Setting = 7,
}

/// <summary>One entry of a tenant's ledger. Nothing that was posted is edited or deleted (I2).</summary>
public sealed class CreditTransaction : CreditResult
{
    /// <summary>The entry's id: the tenant's id, <c>/</c>, and the sequence.</summary>
    public required string TransactionId { get; init; }

    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The place in the tenant's chain, from 1 on, without gaps (H1).</summary>
    public required long Sequence { get; init; }

    /// <summary>What the entry is.</summary>
    public required CreditTransactionKind Kind { get; init; }

    /// <summary>The amount, signed: usage and forfeiture are negative.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The sum of the entries up to this one, in order of sequence.</summary>
    public required decimal BalanceAfter { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>When it counts (I2).</summary>
    public required DateTimeOffset EffectiveAt { get; init; }

    /// <summary>When it was written (I2).</summary>
    public required DateTimeOffset PostedAt { get; init; }

    /// <summary>Who wrote it: account@machine.</summary>
    public required string Actor { get; init; }

    /// <summary>The caller's own reference; of a usage entry, the record's id.</summary>
    public required string? Reference { get; init; }

    /// <summary>What it is about, in words.</summary>
    public required string? Description { get; init; }

    /// <summary>
    /// What of which lot paid for it, was returned by it, or was paid by it for calls that no lot had paid before; empty unless it was asked
    /// for.
    /// </summary>
    public CreditDraw[] Draw { get; init; } = [];

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => TransactionId;
}

/// <summary>What one lot paid for one entry, or got back from it.</summary>
public sealed class CreditDraw : CreditResult
{
    /// <summary>The lot.</summary>
    public required string FundsId { get; init; }

    /// <summary>The entry that it paid for.</summary>
    public required string TransactionId { get; init; }

    /// <summary>The entry whose posting made it so: the call's own, a later purchase (F4), or a reversal (C1).</summary>
    public required string PostedBy { get; init; }

    /// <summary>The amount: above 0 where the lot paid it, below 0 where it got it back.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{FundsId}: {Currency} {Amount}");
}
