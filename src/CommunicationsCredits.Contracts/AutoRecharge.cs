namespace CommunicationsCredits;

/// <summary>A tenant's rule for buying funds by itself (R1).</summary>
public sealed class AutoRecharge : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>Whether the rule may act.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The balance below which it acts, strictly (R2).</summary>
    public required decimal MinimumBalance { get; init; }

    /// <summary>The amount that is bought, or a multiple of it; null where there is a target.</summary>
    public required decimal? RechargeAmount { get; init; }

    /// <summary>The balance that is bought up to; null where there is a fixed amount.</summary>
    public required decimal? TargetBalance { get; init; }

    /// <summary>The most that one charge may be, or null.</summary>
    public required decimal? MaximumPerCharge { get; init; }

    /// <summary>The most that may be charged in a day UTC, or null.</summary>
    public required decimal? MaximumPerDay { get; init; }

    /// <summary>The most that may be charged in a month UTC, or null.</summary>
    public required decimal? MaximumPerMonth { get; init; }

    /// <summary>The name of the payment method, or null where it is invoiced.</summary>
    public required string? PaymentMethod { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>Whether it may act now.</summary>
    public required CreditAutoRecharge State { get; init; }

    /// <summary>When it last started an attempt, or null.</summary>
    public required DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>When its back-off ends, or null without one.</summary>
    public required DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Why its last attempt was declined, or null where it was not.</summary>
    public required string? LastFailure { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{TenantName}: {State}, below {Currency} {MinimumBalance}");
}

/// <summary>What has become of an attempt to recharge.</summary>
public enum AutoRechargeAttemptState : long
{
    /// <summary>It has been started, or the gateway has not decided yet.</summary>
    Pending = 0,

    /// <summary>It was paid.</summary>
    Succeeded = 1,

    /// <summary>It was not paid, and will not be.</summary>
    Declined = 2,

    /// <summary>Whether it was paid is not known; it is asked again with the same request.</summary>
    Unknown = 3,

    /// <summary>A cap of the rule left nothing to charge; the gateway was not asked (R4).</summary>
    Refused = 4,
}

/// <summary>An attempt to recharge, or the refusal of one by a cap.</summary>
public sealed class AutoRechargeAttempt : CreditResult
{
    /// <summary>The attempt's id: the tenant's id, <c>/A</c>, and the attempt's number.</summary>
    public required string AttemptId { get; init; }

    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The charge; of a refusal, the one that was wanted.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>What has become of it.</summary>
    public required AutoRechargeAttemptState State { get; init; }

    /// <summary>Why it was declined or refused, or is not known; else null.</summary>
    public required string? Reason { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was settled, or null where it is open.</summary>
    public required DateTimeOffset? SettledAt { get; init; }

    /// <summary>The gateway's own reference, where it has given one.</summary>
    public required string? PaymentReference { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => AttemptId;
}

/// <summary>How a tenant's recharges are paid (R9).</summary>
public sealed class CreditPaymentMethod : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The name, unique within the tenant, in any case.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the payment gateway that is asked.</summary>
    public required string Gateway { get; init; }

    /// <summary>The payment provider's token, masked but for its end; null without one.</summary>
    public required string? Token { get; init; }

    /// <summary>The last month in which the card is good, yyyy-MM, or null.</summary>
    public required string? ExpiryMonth { get; init; }

    /// <summary>The purchase order that invoices are written to, or null.</summary>
    public required string? PurchaseOrder { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => Name;
}

/// <summary>A payment gateway, as this machine knows it.</summary>
public sealed class CreditGateway : CreditResult
{
    /// <summary>The name by which payment methods refer to it.</summary>
    public required string Name { get; init; }

    /// <summary>The program that is asked, or null.</summary>
    public required string? Command { get; init; }

    /// <summary>The program's arguments.</summary>
    public required string[] ArgumentList { get; init; }

    /// <summary>The address that is asked, or null.</summary>
    public required Uri? Uri { get; init; }

    /// <summary>The name of the secret that requests are signed with, or null.</summary>
    public required string? SecretName { get; init; }

    /// <summary>How long an answer is waited for.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => Name;
}
