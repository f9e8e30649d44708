namespace CommunicationsCredits.Ledger.Pools;

/// <summary>What is asked of the service gate.</summary>
public sealed record ServiceQuestion
{
    /// <summary>The service; found from the number where nothing is given.</summary>
    public CreditService? Service { get; init; }

    /// <summary>The number to be called, or the toll-free number dialled; or null.</summary>
    public string? Number { get; init; }

    /// <summary>The license's capability whose minutes count; all where nothing is given.</summary>
    public string? Capability { get; init; }

    /// <summary>The user whose minutes count, where they are per user.</summary>
    public string? User { get; init; }
}
