using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>What a tenant uses on each day of the week: a pure rule over the days before.</summary>
internal sealed class UsePattern
{
    /// <summary>The days without which nothing is foreseen: every day of the week once.</summary>
    public const int FewestDays = 7;

    /// <summary>The days from which on the days of the week are distinguished: each has been seen twice.</summary>
    public const int DaysForWeekdays = 14;

    /// <summary>The days that are left out at the end where nothing has arrived of them: records come a day or two late (F6).</summary>
    public const int LateDays = 3;

    private readonly decimal[] _byWeekday;

    private UsePattern(decimal[] byWeekday, int days)
    {
        _byWeekday = byWeekday;
        Days = days;
    }

    /// <summary>How many days it was made of.</summary>
    public int Days { get; }

    /// <summary>The mean use of a day, in millionths.</summary>
    public decimal Daily => _byWeekday.Sum() / _byWeekday.Length;

    /// <summary>Whether nothing is used at all.</summary>
    public bool IsNothing => Array.TrueForAll(_byWeekday, use => use == 0);

    /// <summary>What a day of the week uses, in millionths: 0 or more.</summary>
    public decimal Of(DayOfWeek day) => _byWeekday[(int)day];

    /// <summary>
    /// The whole days that tell what is used: the last of a window up to today, but not those before the first call, nor the last few
    /// of which nothing has arrived yet.
    /// </summary>
    /// <param name="now">The instant.</param>
    /// <param name="window">How many days at most.</param>
    /// <param name="calls">The starts of the first and the last call before now, whatever they cost; null without one.</param>
    /// <returns>The first day and the day after the last.</returns>
    public static (Instant From, Instant To) WindowOf(Instant now, int window, (Instant First, Instant Last)? calls)
    {
        var today = now.Midnight;
        if (calls is not var (first, last))
            return (today, today);
        var to = Instant.Max(today.Add(TimeSpan.FromDays(-LateDays)), last.NextMidnight);
        if (to > today)
            to = today;

        var from = Instant.Max(to.Add(TimeSpan.FromDays(-window)), first.Midnight);
        return from < to ? (from, to) : (to, to);
    }

    /// <summary>The pattern of the days of a window, or null where they are too few.</summary>
    /// <param name="use">What was used on the days that have any use.</param>
    /// <param name="from">The first day.</param>
    /// <param name="to">The day after the last.</param>
    public static UsePattern? Of(IEnumerable<DaySum> use, Instant from, Instant to)
    {
        var days = (int)((to.Ticks - from.Ticks) / TimeSpan.TicksPerDay);
        if (days < FewestDays)
            return null;
        var sums = new decimal[7];
        foreach (var day in use)
            sums[(int)new Instant(day.Day * TimeSpan.TicksPerDay).Date.DayOfWeek] += day.Sum.Micros;

        // Corrections may have returned more than a few calls cost; nothing can be used less than not at all.
        for (var weekday = 0; weekday < sums.Length; weekday++)
            sums[weekday] = Math.Max(0, sums[weekday]);
        if (days < DaysForWeekdays)
        {
            Array.Fill(sums, sums.Sum() / days);
            return new(sums, days);
        }

        var counts = new int[7];
        for (var day = 0; day < days; day++)
            counts[((int)from.Date.DayOfWeek + day) % 7]++;
        for (var weekday = 0; weekday < sums.Length; weekday++)
            sums[weekday] /= counts[weekday];
        return new(sums, days);
    }
}
