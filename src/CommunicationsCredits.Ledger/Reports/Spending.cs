using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>What a country, user or service came to in a month so far, and in the same days of the month before.</summary>
/// <param name="By">Which of the three it is.</param>
/// <param name="Key">Which one; null for calls that name none.</param>
/// <param name="Before">What it cost in the month before.</param>
/// <param name="Now">What it costs now.</param>
internal readonly record struct SpendingChange(UsageDimension By, string? Key, Amount Before, Amount Now)
{
    public Amount Difference => Now - Before;
}

/// <summary>Who spent a tenant's credits, and what changed against last month.</summary>
internal sealed record Spending
{
    /// <summary>The most departments, and the most users, that are shown.</summary>
    public const int MostGroups = 8;

    /// <summary>The most changes that are shown.</summary>
    public const int MostChanges = 10;

    private static readonly UsageDimension[] Compared = [UsageDimension.Country, UsageDimension.User, UsageDimension.Service];

    /// <summary>The departments of the time covered, the dearest first; nothing where no user belongs to one.</summary>
    public required IReadOnlyList<UsageGroup> Departments { get; init; }

    /// <summary>The users of the time covered, the dearest first.</summary>
    public required IReadOnlyList<UsageGroup> Users { get; init; }

    /// <summary>The last month of the time covered, as far as it goes.</summary>
    public required (Instant From, Instant To) Month { get; init; }

    /// <summary>The same days of the month before.</summary>
    public required (Instant From, Instant To) MonthBefore { get; init; }

    /// <summary>What differs between the two, the biggest difference first.</summary>
    public required IReadOnlyList<SpendingChange> Changes { get; init; }

    public static Spending Of(LedgerSnapshot snapshot, long tenant, ReportPeriod period)
    {
        IReadOnlyList<UsageGroup> By(UsageDimension dimension, Instant from, Instant to, int? top = null) =>
        [
            .. snapshot.Measures.Query(
                tenant, new() { By = [dimension], From = from.ToDateTimeOffset(), To = to.ToDateTimeOffset(), Top = top }, period.Now),
        ];

        var departments = snapshot.Users.Settings(tenant).Any() ? By(UsageDimension.Department, period.From, period.To, MostGroups) : [];
        var last = Time.Month.Of(period.To.Previous);
        var month = (From: last.Start, To: period.To < last.Next.Start ? period.To : last.Next.Start);
        var sameDay = last.Previous.Start.Add(TimeSpan.FromTicks(month.To.Ticks - month.From.Ticks));
        var before = (From: last.Previous.Start, To: month.To == last.Next.Start || sameDay > last.Start ? last.Start : sameDay);
        return new()
        {
            Departments = departments.Any(group => group.Keys[0] is not null) ? departments : [],
            Users = By(UsageDimension.User, period.From, period.To, MostGroups),
            Month = month,
            MonthBefore = before,
            Changes =
            [
                .. Compared.SelectMany(dimension => ChangesOf(dimension, By(dimension, before.From, before.To), By(dimension, month.From, month.To)))
                    .OrderByDescending(change => Math.Abs(change.Difference.Micros)).ThenBy(change => change.By)
                    .ThenBy(change => change.Key, StringComparer.Ordinal).Take(MostChanges),
            ],
        };
    }

    private static IEnumerable<SpendingChange> ChangesOf(UsageDimension dimension, IEnumerable<UsageGroup> before, IEnumerable<UsageGroup> now)
    {
        var was = before.ToDictionary(group => group.Keys[0] ?? string.Empty, group => group.Charge, StringComparer.Ordinal);
        var has = now.ToDictionary(group => group.Keys[0] ?? string.Empty, group => group.Charge, StringComparer.Ordinal);
        return from key in was.Keys.Union(has.Keys)
               let change = new SpendingChange(dimension, key.Length == 0 ? null : key, was.GetValueOrDefault(key), has.GetValueOrDefault(key))
               where change.Difference != Amount.Zero
               select change;
    }
}
