using System.Globalization;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Guard;

/// <summary>What is unusual about a day.</summary>
/// <param name="Kind">Which rule says so.</param>
/// <param name="Country">The destination it is about, or null where it is about all.</param>
/// <param name="Seen">What was seen, in words.</param>
/// <param name="Usual">What is usual, in words.</param>
/// <param name="NeedsRange">Whether it counts only if so many of the calls went to one range of numbers; else 0.</param>
internal sealed record GuardFinding(GuardKind Kind, string? Country, string Seen, string Usual, long NeedsRange = 0);

/// <summary>The rules of the guard.</summary>
internal enum GuardKind
{
    Spend,
    NewCountry,
    CountrySpend,
    ShortCalls,
    OffHours,
    Forwarding,
}

/// <summary>What calls came to, by day and country, of the days that are known.</summary>
internal sealed class UseHistory
{
    private readonly Dictionary<int, Dictionary<string, DayUse>> _days = [];
    private readonly Dictionary<string, int> _firstDays = [];

    /// <summary>The first day that anything is known of; 0 where there is none.</summary>
    public int FirstDay { get; private set; }

    /// <summary>The last day that anything is known of.</summary>
    public int LastDay { get; private set; }

    /// <summary>Adds what calls to a country came to on a day.</summary>
    public void Add(DayUseKey key, DayUse use)
    {
        if (use.Calls <= 0)
            return;
        if (!_days.TryGetValue(key.Day, out var day))
            _days.Add(key.Day, day = []);
        day[key.Country] = use;
        NoteFirst(key.Country, key.Day);
        LastDay = Math.Max(LastDay, key.Day);
    }

    /// <summary>Notes when a country was called first, which may be before the days that are known.</summary>
    public void NoteFirst(string country, int day)
    {
        if (!_firstDays.TryGetValue(country, out var first) || day < first)
            _firstDays[country] = day;
        if (FirstDay == 0 || day < FirstDay)
            FirstDay = day;
    }

    /// <summary>Whether a country was called before a day.</summary>
    public bool WasCalledBefore(string country, int day) => _firstDays.TryGetValue(country, out var first) && first < day;

    public IReadOnlyDictionary<string, DayUse> Of(int day) => _days.TryGetValue(day, out var use) ? use : Nothing;

    private static readonly IReadOnlyDictionary<string, DayUse> Nothing = new Dictionary<string, DayUse>();
}

/// <summary>
/// Whether a day is unlike what the days before it were: pure rules, with published formulas (D1, docs/toll-fraud.md). A day's figure is
/// unusual where it is above <c>max(factor × median of this weekday in eight weeks, record × dearest day of eight weeks, floor)</c>.
/// </summary>
internal static class GuardRules
{
    /// <summary>The days of history without which nothing is said: two weeks.</summary>
    public const int FewestDays = 14;

    /// <summary>The days that a day is compared with: eight weeks.</summary>
    public const int Window = 56;

    /// <summary>How many digits at the end of a number are not of its range.</summary>
    public const int RangeDigits = 3;

    private const int CentsPerFloor = 100;

    /// <summary>What makes a day unusual at a sensitivity.</summary>
    /// <param name="Factor">How many times the median of this weekday.</param>
    /// <param name="Record">How many times the dearest day of eight weeks.</param>
    /// <param name="Floor">The least spend of a day, in hundred smallest coins of the currency.</param>
    /// <param name="NewCountry">The least spend to a country that was never called, in the same.</param>
    /// <param name="ShortCalls">The fewest short calls to one range.</param>
    private readonly record struct Level(decimal Factor, decimal Record, int Floor, int NewCountry, int ShortCalls);

    private static Level LevelOf(CreditSensitivity sensitivity) => sensitivity switch
    {
        CreditSensitivity.Low => new(6, 2.5m, 60, 30, 60),
        CreditSensitivity.High => new(2, 1.2m, 10, 5, 15),
        _ => new(3, 1.75m, 25, 15, 30),
    };

    /// <summary>What is unusual about a day; nothing where too little is known of the days before.</summary>
    /// <param name="history">What is known.</param>
    /// <param name="day">The day, in days since the year 1.</param>
    /// <param name="setting">How the tenant is watched.</param>
    /// <param name="country">The tenant's own country.</param>
    /// <param name="minorDigits">The decimals of the currency's smallest coin.</param>
    public static IReadOnlyList<GuardFinding> Screen(UseHistory history, int day, GuardSetting setting, string country, int minorDigits)
    {
        if (!setting.Enabled || history.FirstDay == 0 || day - history.FirstDay < FewestDays)
            return [];
        var level = LevelOf(setting.Sensitivity);
        var allowed = setting.Allowed;
        var unit = new Amount(CentsPerFloor * (long)Math.Pow(10, Math.Max(0, 6 - Math.Max(minorDigits, 0))) );
        var findings = new List<GuardFinding>();
        var today = history.Of(day).Where(use => !allowed.Contains(use.Key)).ToList();
        if (today.Count == 0)
            return [];
        var before = Before(history, day, allowed);
        var weight = 1m + Math.Max(0, (Window - (decimal)before.Days.Count) / Window);

        Amount Limit(Func<KeyValuePair<string, DayUse>, Amount> of, decimal floor, out Amount median, out Amount most)
        {
            var sums = before.Days.Select(known => new Amount(known.Use.Sum(use => of(use).Micros))).ToList();
            median = MedianOf(before.Days.Zip(sums).Where(pair => (day - pair.First.Day) % 7 == 0).Select(pair => pair.Second));
            most = sums.Count == 0 ? Amount.Zero : sums.Max();
            return new((long)(Math.Max(Math.Max(level.Factor * median.Micros, level.Record * most.Micros), floor * unit.Micros) * weight));
        }

        void Add(GuardKind kind, string? where, Amount seen, Amount limit, Amount median, Amount most, string what)
        {
            if (seen > limit)
                findings.Add(new(kind, where, $"{Words(seen)} {what}", $"{Words(median)} on this weekday, and {Words(most)} at most, in the eight weeks before"));
        }

        var spend = new Amount(today.Sum(use => use.Value.Charge.Micros));
        var limit = Limit(use => use.Value.Charge, level.Floor, out var median, out var most);
        Add(GuardKind.Spend, null, spend, limit, median, most, "on one day");
        var usual = median;

        foreach (var (where, use) in today.Where(use => use.Key.Length > 0 && use.Key != country).OrderByDescending(use => use.Value.Charge).ThenBy(use => use.Key, StringComparer.Ordinal))
        {
            // A share of the usual day, so that a large tenant is not told of every call.
            var share = new Amount(usual.Micros / 20);
            if (!history.WasCalledBefore(where, day))
            {
                var least = new Amount(Math.Max(level.NewCountry * unit.Micros, share.Micros));
                if (use.Charge > least)
                    findings.Add(new(GuardKind.NewCountry, where, $"{Words(use.Charge)} to {where}", "no call to there before"));
            }
            else
            {
                var known = Limit(pair => pair.Key == where ? pair.Value.Charge : Amount.Zero, level.Floor, out median, out most);
                if (use.Charge > new Amount(share.Micros * 4))
                    Add(GuardKind.CountrySpend, where, use.Charge, known, median, most, $"to {where} on one day");
            }

            if (use.ShortAbroad >= level.ShortCalls)
            {
                var mostShort = before.Days.Select(known => known.Use.Where(pair => pair.Key == where).Sum(pair => pair.Value.ShortAbroad)).DefaultIfEmpty().Max();
                var needed = Math.Max(level.ShortCalls, (long)(level.Record * mostShort));
                if (use.ShortAbroad >= needed)
                    findings.Add(new(GuardKind.ShortCalls, where, $"many short calls to one range of {where}", $"{mostShort} short calls a day to there at most", needed));
            }
        }

        Add(
            GuardKind.OffHours, null, new(today.Sum(use => use.Value.OffHours.Micros)),
            Limit(use => use.Value.OffHours, level.Floor, out median, out most), median, most, "at night or on the weekend");
        Add(
            GuardKind.Forwarding, null, new(today.Sum(use => use.Value.ForwardedAbroad.Micros)),
            Limit(use => use.Value.ForwardedAbroad, level.Floor / 2m, out median, out most), median, most, "for calls forwarded abroad");
        return findings;
    }

    private static string Words(Amount amount) => amount.ToDecimal().ToString("#,##0.00", CultureInfo.InvariantCulture);

    private static (List<(int Day, List<KeyValuePair<string, DayUse>> Use)> Days, int First) Before(UseHistory history, int day, string[] allowed)
    {
        var first = Math.Max(history.FirstDay, day - Window);
        return ([.. Enumerable.Range(first, day - first).Select(known => (known, history.Of(known).Where(use => !allowed.Contains(use.Key)).ToList()))], first);
    }

    private static Amount MedianOf(IEnumerable<Amount> amounts)
    {
        var sorted = amounts.Order().ToList();
        return sorted.Count == 0 ? Amount.Zero
            : sorted.Count % 2 == 1 ? sorted[sorted.Count / 2]
            : new((sorted[(sorted.Count / 2) - 1].Micros + sorted[sorted.Count / 2].Micros) / 2);
    }
}
