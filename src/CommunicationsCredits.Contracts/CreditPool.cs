namespace CommunicationsCredits;

/// <summary>Whether a pool has minutes left.</summary>
public enum CreditPoolStatus : long
{
    /// <summary>It has.</summary>
    Open = 0,

    /// <summary>It has not; calls are paid from credits (A2, A3).</summary>
    UsedUp = 1,
}

/// <summary>The included minutes of a license's capability in a country and a month UTC (A1).</summary>
public sealed class CreditPool : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The license's capability, or <c>ConferenceDialOut</c>.</summary>
    public required string Capability { get; init; }

    /// <summary>The country, ISO 3166-1 alpha-2; null for <c>ConferenceDialOut</c>, which is tenant-wide.</summary>
    public required string? Country { get; init; }

    /// <summary>The number of licenses.</summary>
    public required int Licenses { get; init; }

    /// <summary>The month UTC, yyyy-MM.</summary>
    public required string Month { get; init; }

    /// <summary>All domestic minutes of the pool, or all of <c>ConferenceDialOut</c>.</summary>
    public required decimal Minutes { get; init; }

    /// <summary>The minutes of these that are used, void ones included.</summary>
    public required decimal MinutesUsed { get; init; }

    /// <summary>All international minutes of the pool.</summary>
    public required decimal InternationalMinutes { get; init; }

    /// <summary>The minutes of these that are used, void ones included.</summary>
    public required decimal InternationalMinutesUsed { get; init; }

    /// <summary>How much is used, 0 to 100; of both kinds of minutes, the one of which more is.</summary>
    public required decimal PercentUsed { get; init; }

    /// <summary>Whether it has minutes left.</summary>
    public required CreditPoolStatus Status { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{TenantName} {Month}: {Capability}, {PercentUsed} % used");
}

/// <summary>A service that a tenant may or may not use (S1, S2).</summary>
public enum CreditService : long
{
    /// <summary>Calls in to toll-free numbers.</summary>
    TollFreeInbound = 0,

    /// <summary>Calls out to other countries.</summary>
    International = 1,

    /// <summary>Calls out within the country.</summary>
    Domestic = 2,

    /// <summary>Calls out from a conference.</summary>
    ConferenceDialOut = 3,

    /// <summary>Conference calls of a pay-per-minute license.</summary>
    ConferencePayPerMinute = 4,
}

/// <summary>Why a service is open or closed (S3).</summary>
public enum CreditServiceReason : long
{
    /// <summary>There is money.</summary>
    Credits = 0,

    /// <summary>There are included minutes.</summary>
    Pool = 1,

    /// <summary>There is no money, and no pool that covers it.</summary>
    BalanceExhausted = 2,

    /// <summary>There is a pool, used up, and no money.</summary>
    PoolExhausted = 3,

    /// <summary>The tenant is closed.</summary>
    TenantClosed = 4,

    /// <summary>No rate covers the number.</summary>
    NoRate = 5,
}

/// <summary>Whether a tenant may use a service now, and why.</summary>
public sealed class CreditServiceAnswer : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The service.</summary>
    public required CreditService Service { get; init; }

    /// <summary>Whether it may.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Why, or why not.</summary>
    public required CreditServiceReason Reason { get; init; }

    /// <summary>The balance now.</summary>
    public required decimal Balance { get; init; }

    /// <summary>The minutes left in the pools that cover it.</summary>
    public required decimal PoolMinutesLeft { get; init; }

    /// <summary>The balance's currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{TenantName}: {Service}, {Reason}");
}
