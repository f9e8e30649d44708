namespace CommunicationsCredits.Ledger.Funds;

/// <summary>Which entries are asked for.</summary>
public sealed record TransactionQuery
{
    /// <summary>The earliest EffectiveAt, or null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The EffectiveAt before which they are, or null.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The kinds wanted; empty for all.</summary>
    public IReadOnlyCollection<CreditTransactionKind> Kinds { get; init; } = [];

    /// <summary>The ids of the entries, or null for all.</summary>
    public IReadOnlyCollection<string>? TransactionIds { get; init; }

    /// <summary>The ids of the usage records that they are about, or null for all.</summary>
    public IReadOnlyCollection<string>? RecordIds { get; init; }

    /// <summary>The ids of the imports that posted them, or null for all.</summary>
    public IReadOnlyCollection<string>? ImportIds { get; init; }

    /// <summary>The ids of the lots that they made, drew from or gave back to, or null for all.</summary>
    public IReadOnlyCollection<string>? FundsIds { get; init; }

    /// <summary>How many are wanted of each tenant, the newest first; null for all.</summary>
    public int? Newest { get; init; }

    /// <summary>Whether the entries say what of which lot paid them (<see cref="CreditTransaction.Draw"/>).</summary>
    public bool IncludesDraw { get; init; }
}
