namespace CommunicationsCredits.Ledger.Usage;

/// <summary>Which usage records are asked for.</summary>
public sealed record UsageQuery
{
    /// <summary>The earliest start, or null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The start before which they are, or null.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The statuses wanted; empty for all.</summary>
    public IReadOnlyCollection<UsageStatus> Statuses { get; init; } = [];

    /// <summary>The services wanted; empty for all.</summary>
    public IReadOnlyCollection<UsageService> Services { get; init; } = [];

    /// <summary>The user, with <c>*</c> and <c>?</c> as wildcards, in any case; or null.</summary>
    public string? User { get; init; }

    /// <summary>The other party's countries, by their codes of ISO 3166-1 alpha-2 or their names in English, in any case; empty for all.</summary>
    public IReadOnlyCollection<string> Countries { get; init; } = [];

    /// <summary>The records' own ids, or null for all. GUIDs are compared as GUIDs, any other id as it stands (U2).</summary>
    public IReadOnlyCollection<string>? RecordIds { get; init; }

    /// <summary>The ids of the imports that brought them, or null for all.</summary>
    public IReadOnlyCollection<string>? ImportIds { get; init; }

    /// <summary>The ids of the lots that paid for them, or null for all.</summary>
    public IReadOnlyCollection<string>? FundsIds { get; init; }

    /// <summary>How many are wanted of each tenant, the dearest first, without reversed ones unless their status is asked for; null for all.</summary>
    public int? Top { get; init; }
}
