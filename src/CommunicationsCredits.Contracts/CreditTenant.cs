namespace CommunicationsCredits;

/// <summary>Whether a tenant's account is kept.</summary>
public enum CreditTenantStatus : long
{
    /// <summary>Money and usage are posted.</summary>
    Active = 0,

    /// <summary>The account is closed: nothing is posted to it any more.</summary>
    Closed = 1,
}

/// <summary>A tenant: one Microsoft 365 organisation with one account of credits (T1, T2).</summary>
public sealed class CreditTenant : CreditResult
{
    /// <summary>The id, 1–128 characters; compared without regard to case, kept as it was given.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The name to show; the id where none was given.</summary>
    public required string Name { get; init; }

    /// <summary>The account's currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>The country, ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    /// <summary>The addresses that notices go to.</summary>
    public required string[] NotificationEmail { get; init; }

    /// <summary>The balance below which the tenant counts as low, or null for the recharge rule's minimum.</summary>
    public required decimal? LowBalance { get; init; }

    /// <summary>The instant from which this ledger keeps the tenant's money (T2), or null for all time.</summary>
    public required DateTimeOffset? AccountFrom { get; init; }

    /// <summary>Whether the account is kept.</summary>
    public required CreditTenantStatus Status { get; init; }

    /// <summary>When the tenant was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => TenantId;
}
