using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>What calls came to, by day and country, and by month and user, as postings kept it.</summary>
internal sealed class UseTable(StoreConnection connection)
{
    private const int SeenMonths = 12;

    /// <summary>The day of an instant, in days since the year 1.</summary>
    public static int DayOf(Instant instant) => (int)(instant.Ticks / TimeSpan.TicksPerDay);

    /// <summary>The use of days, from one to another.</summary>
    public IEnumerable<(DayUseKey Key, DayUse Use)> Days(long tenant, int first, int last)
    {
        using var select = connection.Prepare(
            "SELECT day, country, calls, charge, short_abroad, off_hours, forwarded_abroad FROM usage_day "
            + "WHERE tenant = $1 AND day >= $2 AND day <= $3").Bind(1, tenant).Bind(2, first).Bind(3, last);
        while (select.Step())
        {
            yield return (
                new(select.Int32(0), select.Text(1)),
                new(select.Int64(2), new(select.Int64(3)), select.Int64(4), new(select.Int64(5)), new(select.Int64(6))));
        }
    }

    /// <summary>When calls to each country are known first.</summary>
    public IEnumerable<(string Country, int Day)> FirstDays(long tenant)
    {
        using var select = connection.Prepare(
            "SELECT country, min(day) FROM usage_day WHERE tenant = $1 AND calls > 0 GROUP BY country").Bind(1, tenant);
        while (select.Step())
            yield return (select.Text(0), select.Int32(1));
    }

    /// <summary>What calls of months cost, by user.</summary>
    public IEnumerable<(UserMonthKey Key, Amount Charge)> Months(long tenant, Month first, Month last)
    {
        using var select = connection.Prepare(
            "SELECT month, user_key, charge FROM usage_month WHERE tenant = $1 AND month >= $2 AND month <= $3")
            .Bind(1, tenant).Bind(2, first.Index).Bind(3, last.Index);
        while (select.Step())
            yield return (new(new(select.Int32(0)), select.Text(1)), new(select.Int64(2)));
    }

    /// <summary>The last month that anything is kept of, or null.</summary>
    public Month? LastMonth(long tenant)
    {
        using var select = connection.Prepare("SELECT max(month) FROM usage_month WHERE tenant = $1").Bind(1, tenant);
        return select.Step() && select.Int64OrNull(0) is { } month ? new Month((int)month) : null;
    }

    /// <summary>Those of some users, in lower case, who have called in the last months that anything is kept of.</summary>
    public IReadOnlyList<string> Seen(long tenant, IReadOnlyList<string> users)
    {
        var seen = new List<string>();
        if (LastMonth(tenant) is not { } last)
            return seen;
        using var select = connection.Prepare(
            $"SELECT DISTINCT user_key FROM usage_month WHERE tenant = $1 AND month >= $2 AND user_key {connection.Among(3)}")
            .Bind(1, tenant).Bind(2, last.Index - SeenMonths).BindAll(3, users);
        while (select.Step())
            seen.Add(select.Text(0));
        return seen;
    }

    /// <summary>Whether there are calls, and none of them is in the sums: they were imported before sums were kept.</summary>
    public bool IsToBeFilled() =>
        connection.Scalar("SELECT 1 FROM usage_day LIMIT 1") is null && connection.Scalar("SELECT 1 FROM usage WHERE sequence IS NOT NULL LIMIT 1") is not null;
}
