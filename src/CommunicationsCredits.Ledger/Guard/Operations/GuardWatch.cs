using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Guard.Operations;

/// <summary>
/// Watches the days that an import has brought, when it ends: opens and ends episodes, notifies each once, and holds the recharge rule
/// before it is evaluated (D1, D2, R10).
/// </summary>
internal sealed class GuardWatch
{
    /// <summary>Of older days an alarm helps nobody.</summary>
    private const int OldestDays = 62;

    private readonly TenantState _state;
    private readonly int _first;
    private readonly int _last;

    private GuardWatch(TenantState state, int first, int last) => (_state, _first, _last) = (state, first, last);

    private static GuardWatch? Of(TenantState state, ImportTally import, Instant now)
    {
        var periods = state.OpenImports.Append(import).Where(one => one.PeriodFrom is not null).ToList();
        if (periods.Count == 0)
            return null;
        var first = Math.Max(periods.Min(one => Day(one.PeriodFrom!.Value)), Day(now) - OldestDays);
        var last = Math.Min(periods.Max(one => Day(one.PeriodTo!.Value)), Day(now) + 1);
        return first <= last ? new(state, first, last) : null;
    }

    /// <summary>The watch for an import that ends, with what it is decided by; null where it brought nothing that is recent.</summary>
    /// <param name="from">What is stored, the import's calls included.</param>
    /// <param name="state">The tenant.</param>
    /// <param name="import">The import; those that were killed count as well.</param>
    /// <param name="now">The clock's now.</param>
    public static GuardWatch? Load(ILedgerFacts from, TenantState state, ImportTally import, Instant now)
    {
        var watch = Of(state, import, now);
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
        var alarms = draft.Alarms.ToList();
        foreach (var (day, screened) in Screened())
        {
            var findings = screened.Where(finding => IsConfirmed(finding, day)).ToList();
            if (findings.Count == 0)
                continue;
            var known = alarms.FindIndex(alarm => alarm.Holds(day));
            if (known >= 0)
            {
                if (day > alarms[known].LastDay)
                    alarms[known] = alarms[known] with { LastDay = day, IsOpen = true };
                continue;
            }

            var opened = new Alarm(day, day, draft.Now, true, InWords(findings, draft.Tenant.Currency), WhoOf(findings, day));
            alarms.Add(opened);
            draft.Notifications.UnusualUse(opened);
        }

        var last = _state.GuardHistory!.LastDay;
        var hasEnded = false;
        for (var i = 0; i < alarms.Count; i++)
        {
            if (alarms[i].IsOpen && last > alarms[i].LastDay + Alarm.QuietDays)
            {
                alarms[i] = alarms[i] with { IsOpen = false };
                hasEnded = true;
            }
        }

        // An episode that had ended and goes on after all holds the rule again; it is notified only once.
        var before = draft.Alarms.Where(alarm => alarm.IsOpen).Select(alarm => alarm.FirstDay).ToHashSet();
        var begun = alarms.FindLast(alarm => alarm.IsOpen && !before.Contains(alarm.FirstDay));
        foreach (var alarm in alarms.Where(alarm => !draft.Alarms.Contains(alarm)).ToList())
            draft.PutAlarm(alarm, $"{(alarm.IsOpen ? "Unusual use since" : "No unusual use any more after")} {DateOf(alarm.IsOpen ? alarm.FirstDay : alarm.LastDay)}");
        Hold(draft, setting, begun, hasEnded && !alarms.Exists(alarm => alarm.IsOpen));
    }

    public static string DateOf(int day) => new Instant(day * TimeSpan.TicksPerDay).ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Hold(Draft draft, GuardSetting setting, Alarm? begun, bool isOver)
    {
        if (isOver)
        {
            RechargeHold.Release(draft, "what was imported since is usual");
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
