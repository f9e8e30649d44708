using System.Text;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Time;

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

    internal UsageFilter ToFilter() => new(Instant.From(From), Instant.From(To), Statuses, Services, UserLike());

    private string? UserLike()
    {
        if (User is null)
            return null;
        var like = new StringBuilder();
        foreach (var c in User)
        {
            _ = c switch
            {
                '*' => like.Append('%'),
                '?' => like.Append('_'),
                '%' or '_' or '\\' => like.Append('\\').Append(c),
                _ => like.Append(c),
            };
        }

        return like.ToString();
    }
}
