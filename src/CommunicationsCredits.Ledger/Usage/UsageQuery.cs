namespace CommunicationsCredits.Ledger.Usage;

/// <summary>Which usage records are asked for.</summary>
public sealed record UsageQuery
{
    /// <summary>The earliest start, or null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The start before which they are, or null.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The statuses wanted; all where there are none.</summary>
    public IReadOnlyCollection<UsageStatus> Statuses { get; init; } = [];

    /// <summary>The services wanted; all where there are none.</summary>
    public IReadOnlyCollection<UsageService> Services { get; init; } = [];

    /// <summary>The user, with <c>*</c> and <c>?</c> as wildcards, in any case; or null.</summary>
    public string? User { get; init; }
}
