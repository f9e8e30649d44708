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
        var all = (period.From, period.To);
        var last = Time.Month.Of(period.To.Previous);
        var month = (From: last.Start, To: period.To < last.Next.Start ? period.To : last.Next.Start);
        var sameDay = last.Previous.Start.Add(TimeSpan.FromTicks(month.To.Ticks - month.From.Ticks));
        var before = (From: last.Previous.Start, To: month.To == last.Next.Start || sameDay > last.Start ? last.Start : sameDay);
        return new()
        {
            Departments = DepartmentsOf(snapshot, tenant, all, period.Now),
            Users = By(snapshot, tenant, all, period.Now, [UsageDimension.User]),
            Month = month,
            MonthBefore = before,
            Changes =
            [
                .. ChangesOf(By(snapshot, tenant, before, period.Now, Compared), By(snapshot, tenant, month, period.Now, Compared))
                    .OrderByDescending(change => Math.Abs(change.Difference.Micros)).ThenBy(change => change.By)
                    .ThenBy(change => change.Key, StringComparer.Ordinal).Take(MostChanges),
            ],
        };
    }

    /// <summary>The departments of a time, the dearest first; nothing where no user belongs to one (P1).</summary>
    public static IReadOnlyList<UsageGroup> DepartmentsOf(LedgerSnapshot snapshot, long tenant, (Instant From, Instant To) time, Instant now)
    {
        if (!snapshot.Users.Settings(tenant).Any())
            return [];
        var departments = By(snapshot, tenant, time, now, [UsageDimension.Department]);
        return departments.Any(group => group.Keys[0] is not null) ? departments : [];
    }

    /// <summary>The groups of a time, the dearest first (P2).</summary>
    /// <param name="snapshot">The ledger.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="time">From when, and until when without it.</param>
    /// <param name="now">The instant of the report.</param>
    /// <param name="dimensions">What they are grouped by.</param>
    /// <param name="top">How many at most; null for all.</param>
    public static IReadOnlyList<UsageGroup> By(
        LedgerSnapshot snapshot, long tenant, (Instant From, Instant To) time, Instant now, UsageDimension[] dimensions, int? top = null) =>
    [
        .. snapshot.Measures.Query(
            tenant, new() { By = dimensions, From = time.From.ToDateTimeOffset(), To = time.To.ToDateTimeOffset(), Top = top }, now),
    ];

    private static IEnumerable<SpendingChange> ChangesOf(IReadOnlyList<UsageGroup> before, IReadOnlyList<UsageGroup> now)
    {
        for (var i = 0; i < Compared.Length; i++)
        {
            var (was, has) = (SumsOf(before, i), SumsOf(now, i));
            foreach (var key in was.Keys.Union(has.Keys))
            {
                var change = new SpendingChange(Compared[i], key.Length == 0 ? null : key, was.GetValueOrDefault(key), has.GetValueOrDefault(key));
                if (change.Difference != Amount.Zero)
                    yield return change;
            }
        }
    }

    /// <summary>The charges by one of the keys; by an empty one where calls name none.</summary>
    private static Dictionary<string, Amount> SumsOf(IReadOnlyList<UsageGroup> groups, int key) => groups
        .GroupBy(group => group.Keys[key] ?? string.Empty, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => new Amount(group.Sum(part => part.Charge.Micros)), StringComparer.Ordinal);
}
