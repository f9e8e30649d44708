namespace CommunicationsCredits;

/// <summary>What a notice is about (N1).</summary>
public enum CreditNotificationKind : long
{
    /// <summary>A recharge was paid.</summary>
    RechargeSucceeded = 0,

    /// <summary>A recharge was declined, or nobody knows for a day whether it was paid.</summary>
    RechargeFailed = 1,

    /// <summary>Three declines in a row have stopped the rule.</summary>
    RechargePaused = 2,

    /// <summary>A cap of the rule left nothing to charge.</summary>
    RechargeCapped = 3,

    /// <summary>The balance has fallen to zero or below.</summary>
    BalanceExhausted = 4,

    /// <summary>The balance has fallen below the tenant's mark.</summary>
    LowBalance = 5,

    /// <summary>Funds will expire in 30, 7 or 1 days.</summary>
    FundsExpiring = 6,

    /// <summary>Funds have expired.</summary>
    FundsExpired = 7,

    /// <summary>A pool of included minutes has passed 80 or 100 percent.</summary>
    PoolUsed = 8,

    /// <summary>A budget has passed 50, 80 or 100 percent, or will not last for the month (B1).</summary>
    BudgetReached = 9,

    /// <summary>Calls are unlike what the tenant's calls have been: toll fraud looks like this (D1).</summary>
    UnusualUse = 10,

    /// <summary>The guard holds the recharge rule (R10).</summary>
    RechargeHeld = 11,
}

/// <summary>What has become of a notice.</summary>
public enum CreditNotificationStatus : long
{
    /// <summary>It has not been sent yet.</summary>
    Pending = 0,

    /// <summary>It was handed over.</summary>
    Sent = 1,

    /// <summary>It could not be handed over; it is tried again until it is given up.</summary>
    Failed = 2,

    /// <summary>There is nobody to send it to.</summary>
    NoRecipient = 3,
}

/// <summary>A notice of something that a tenant's people should know (N1).</summary>
public sealed class CreditNotification : CreditResult
{
    /// <summary>The notice's id: the tenant's id, <c>/N</c>, and the notice's number.</summary>
    public required string NotificationId { get; init; }

    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>
    /// The episode: the tenant's id, <c>/E</c>, and a number. What one operation and the recharge that it started raised is one episode, and
    /// one message. Null of notices that version 0.1.0 raised.
    /// </summary>
    public required string? Episode { get; init; }

    /// <summary>What it is about.</summary>
    public required CreditNotificationKind Kind { get; init; }

    /// <summary>Its subject, one line.</summary>
    public required string Subject { get; init; }

    /// <summary>Its text.</summary>
    public required string Body { get; init; }

    /// <summary>When it was raised.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>What has become of it.</summary>
    public required CreditNotificationStatus Status { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>Why it could not be handed over the last time, or null.</summary>
    public required string? LastError { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => NotificationId;
}

/// <summary>What maintenance did for a tenant.</summary>
public sealed class CreditMaintenance : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The amount booked as forfeited.</summary>
    public required decimal Forfeited { get; init; }

    /// <summary>The amount recharged.</summary>
    public required decimal Recharged { get; init; }

    /// <summary>The currency of the amounts, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>How many notices were raised.</summary>
    public required int Warnings { get; init; }

    /// <summary>How many recharges were declined, refused, or are not known.</summary>
    public required int Failed { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{TenantName}: {Currency} {Forfeited} forfeited, {Currency} {Recharged} recharged");
}
