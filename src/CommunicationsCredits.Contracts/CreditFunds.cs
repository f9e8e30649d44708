namespace CommunicationsCredits;

/// <summary>Where funds came from.</summary>
public enum CreditFundsSource : long
{
    /// <summary>Bought by hand.</summary>
    Manual = 0,

    /// <summary>Bought by the recharge rule.</summary>
    AutoRecharge = 1,

    /// <summary>Given by a positive adjustment (C3).</summary>
    Adjustment = 2,
}

/// <summary>What has become of funds.</summary>
public enum CreditFundsStatus : long
{
    /// <summary>Something is left that calls may draw.</summary>
    Live = 0,

    /// <summary>All of it has been drawn.</summary>
    Spent = 1,

    /// <summary>It has expired with something left, which is forfeited (F2).</summary>
    Expired = 2,

    /// <summary>The purchase was reversed (C1).</summary>
    Reversed = 3,
}

/// <summary>One lot of funds: one purchase with its own expiry (F1).</summary>
public sealed class CreditFunds : CreditResult
{
    /// <summary>The lot's id: the tenant's id, <c>/F</c>, and the lot's number.</summary>
    public required string FundsId { get; init; }

    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>What was bought.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What calls may still draw; 0 once it has expired.</summary>
    public required decimal Remaining { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>From when it may be drawn.</summary>
    public required DateTimeOffset PurchasedAt { get; init; }

    /// <summary>From when it is forfeited (F2).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The draw order: lower is drawn first (F3).</summary>
    public required int Priority { get; init; }

    /// <summary>Where it came from.</summary>
    public required CreditFundsSource Source { get; init; }

    /// <summary>The buyer's own reference, such as an invoice number.</summary>
    public required string? Reference { get; init; }

    /// <summary>What has become of it.</summary>
    public required CreditFundsStatus Status { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FundsId;
}
