using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Guard.Operations;

/// <summary>What became of the calls of days that the guard looks at.</summary>
internal enum GuardChange
{
    /// <summary>There are more, or they cost more.</summary>
    Brought,

    /// <summary>There are fewer: an import was undone.</summary>
    Taken,

    /// <summary>They cost something else: they were priced again.</summary>
    Priced,
}

/// <summary>
/// Watches the days that an import has brought or an undo has taken calls from, when it ends: opens and ends episodes, notifies each
/// once, and holds the recharge rule before it is evaluated (D1, D2, R10).
/// </summary>
internal sealed class GuardWatch
{
    /// <summary>Of older days an alarm helps nobody.</summary>
    private const int OldestDays = 62;

    private readonly TenantState _state;
    private readonly int _first;
    private readonly int _last;
    private readonly GuardChange _change;

    private GuardWatch(TenantState state, int first, int last, GuardChange change) => (_state, _first, _last, _change) = (state, first, last, change);

    private static GuardWatch? Of(ILedgerFacts from, TenantState state, ImportTally import, Instant now, GuardChange change)
    {
        var periods = state.OpenImports.Append(import).Where(one => one.PeriodFrom is not null).ToList();
        if (periods.Count == 0)
            return null;
        var first = Math.Max(periods.Min(one => Day(one.PeriodFrom!.Value)), Day(now) - OldestDays);
        var last = Math.Min(periods.Max(one => Day(one.PeriodTo!.Value)), Day(now) + 1);
        if (first > last)
            return null;
        if (change == GuardChange.Brought)
            return new(state, first, last, change);

        // Whether an episode ends that calls were taken from, all of its days say.
        from.LoadMore([(state, Needs.Of(state.Tenant.Id) with { Alarms = true })]);
        var concerned = state.Alarms!.Where(alarm => alarm.IsOpen && alarm.FirstDay <= last && alarm.LastDay >= first).ToList();
        return new(
            state, concerned.Select(alarm => alarm.FirstDay).Append(first).Min(), concerned.Select(alarm => alarm.LastDay).Append(last).Max(), change);
    }

    /// <summary>The watch for an import that ends, with what it is decided by; null where it brought nothing that is recent.</summary>
    /// <param name="from">What is stored, the import's calls included.</param>
    /// <param name="state">The tenant.</param>
    /// <param name="import">The import; those that were killed count as well.</param>
    /// <param name="now">The clock's now.</param>
    /// <param name="change">What became of the calls of its days.</param>
    public static GuardWatch? Load(
        ILedgerFacts from, TenantState state, ImportTally import, Instant now, GuardChange change = GuardChange.Brought)
    {
        var watch = Of(from, state, import, now, change);
        if (watch is null)
            return null;
        from.LoadMore([(state, watch.Needs)]);
        if (watch.More() is { } more)
            from.LoadMore([(state, more)]);
        return watch;
    }

    /// <summary>What it needs to know first. An alarm may end on the days after it, so these are looked at again.</summary>
    private Needs Needs => Needs.Of(_state.Tenant.Id) with { GuardDays = (_first - Alarm.QuietDays - 1, _last) };

    /// <summary>Who called on the days that seem unusual, which is asked of no other; or null.</summary>
    private Needs? More()
    {
        var days = Screened().Where(day => day.Findings.Count > 0).Select(day => day.Day).ToList();
        return days.Count == 0 ? null : Needs.Of(_state.Tenant.Id) with { Details = days };
    }

    /// <summary>Opens and ends episodes.</summary>
    public void Decide(Draft draft)
    {
        var setting = draft.Guard;
        if (!setting.Enabled)
            return;
        var before = draft.Alarms.ToList();
        var alarms = before.ToList();
        var unusual = new HashSet<int>();
        foreach (var (day, screened) in Screened())
        {
            var findings = screened.Where(finding => IsConfirmed(finding, day)).ToList();
            if (findings.Count == 0)
                continue;
            unusual.Add(day);
            var known = alarms.FindIndex(alarm => alarm.Holds(day));
            if (known >= 0)
            {
                // One that had ended goes on after all; where it is long over, it ends again below.
                if (_change != GuardChange.Taken)
                    alarms[known] = alarms[known] with { LastDay = Math.Max(day, alarms[known].LastDay), IsOpen = true };
                continue;
            }

            if (_change == GuardChange.Taken)
                continue;
            var opened = new Alarm(day, day, draft.Now, true, InWords(findings, draft.Tenant.Currency), WhoOf(findings, day));
            alarms.Add(opened);
            draft.Notifications.UnusualUse(opened);
        }

        if (_change != GuardChange.Brought)
            Withdraw(alarms, unusual);
        var last = _state.GuardHistory!.LastDay;
        for (var i = 0; i < alarms.Count; i++)
        {
            if (alarms[i].IsOpen && last > alarms[i].LastDay + Alarm.QuietDays)
                alarms[i] = alarms[i] with { IsOpen = false };
        }

        // An episode that had ended and goes on after all holds the rule again; it is notified only once.
        var wasOpen = before.Where(alarm => alarm.IsOpen).Select(alarm => alarm.FirstDay).ToHashSet();
        var begun = alarms.FindLast(alarm => alarm.IsOpen && !wasOpen.Contains(alarm.FirstDay));
        foreach (var alarm in alarms.Where(alarm => !before.Contains(alarm)))
            draft.PutAlarm(alarm, $"{(alarm.IsOpen ? "Unusual use since" : "No unusual use any more after")} {DateOf(alarm.IsOpen ? alarm.FirstDay : alarm.LastDay)}");
        Hold(draft, setting, begun, wasOpen.Count > 0 && !alarms.Exists(alarm => alarm.IsOpen));
    }

    /// <summary>Ends an episode whose calls were undone or cost less now, so that none of its days is unusual; or lets it end on the last that is.</summary>
    private void Withdraw(List<Alarm> alarms, HashSet<int> unusual)
    {
        for (var i = 0; i < alarms.Count; i++)
        {
            var alarm = alarms[i];
            if (!alarm.IsOpen || alarm.LastDay < _first || alarm.FirstDay > _last)
                continue;
            var days = unusual.Where(day => day >= alarm.FirstDay && day <= alarm.LastDay).ToList();
            alarms[i] = days.Count == 0 ? alarm with { IsOpen = false } : alarm with { LastDay = days.Max() };
        }
    }

    public static string DateOf(int day) => new Instant(day * TimeSpan.TicksPerDay).ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private void Hold(Draft draft, GuardSetting setting, Alarm? begun, bool isOver)
    {
        if (isOver)
        {
            RechargeHold.Release(draft, _change == GuardChange.Brought ? "what was imported since is usual" : "without the calls that were taken back, use is usual");
            return;
        }

        if (begun is not null && setting.HoldRecharge && RechargeHold.Hold(draft, $"unusual use since {DateOf(begun.FirstDay)}"))
            draft.Notifications.RechargeHeld(begun);
    }

    private static int Day(Instant instant) => (int)(instant.Ticks / TimeSpan.TicksPerDay);

    private static string InWords(List<GuardFinding> findings, string currency) => string.Join(
        "; ", findings.Select(finding => $"{(char.IsDigit(finding.Seen[0]) ? currency + " " : string.Empty)}{finding.Seen} (usual: {finding.Usual})"));

    private IEnumerable<(int Day, IReadOnlyList<GuardFinding> Findings)> Screened()
    {
        var history = _state.GuardHistory ?? throw new InvalidOperationException("The history of the guard was not asked for.");
        for (var day = _first - Alarm.QuietDays - 1; day <= _last; day++)
            yield return (day, GuardRules.Screen(history, day, _state.Guard, _state.Tenant.Country, Currency.MinorDigits(_state.Tenant.Currency)));
    }

    private bool IsConfirmed(GuardFinding finding, int day) =>
        finding.NeedsRange == 0 || (_state.GuardDetails.TryGetValue(day, out var details) && details.MostShort(finding.Country!) >= finding.NeedsRange);

    private string WhoOf(List<GuardFinding> findings, int day)
    {
        var countries = findings.Exists(finding => finding.Country is not null) ? findings.Where(finding => finding.Country is not null).Select(finding => finding.Country!).ToList() : [];
        return _state.GuardDetails.TryGetValue(day, out var details) ? details.InWords(countries) : string.Empty;
    }
}
