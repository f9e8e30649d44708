using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tenants;

/// <summary>A tenant, as the ledger keeps it (T1, T2).</summary>
internal sealed record Tenant
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaximumIdLength = 128;

    /// <summary>The tenant's number in the ledger, which all its data is keyed by.</summary>
    public long Number { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Currency { get; init; }

    public required string Country { get; init; }

    public required IReadOnlyList<string> NotificationEmail { get; init; }

    public required Amount? LowBalance { get; init; }

    public required Instant? AccountFrom { get; init; }

    public required CreditTenantStatus Status { get; init; }

    public required Instant CreatedAt { get; init; }

    /// <summary>When it was removed, or null; its id may then be another tenant's (H1b).</summary>
    public Instant? RemovedAt { get; init; }

    /// <summary>The tenant in a message (<see cref="Display.Tenant"/>).</summary>
    public string InWords => Display.Tenant(Name, Id);

    /// <summary>What an id is compared by: case does not tell tenants apart (T1).</summary>
    public static string KeyOf(string id) => id.ToUpperInvariant();

    /// <summary>Whether a text is its id or its name, in whatever case.</summary>
    public bool IsCalled(string text) =>
        Id.Equals(text, StringComparison.OrdinalIgnoreCase) || Name.Equals(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>The tenant as the border shows it.</summary>
    public CreditTenant ToContract() => new()
    {
        TenantId = Id,
        TenantName = Name,
        Name = Name,
        Currency = Currency,
        Country = Country,
        NotificationEmail = [.. NotificationEmail],
        LowBalance = LowBalance?.ToDecimal(),
        AccountFrom = AccountFrom?.ToDateTimeOffset(),
        Status = Status,
        CreatedAt = CreatedAt.ToDateTimeOffset(),
    };
}
