using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Guard;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>A balance from an instant on.</summary>
/// <param name="At">The instant.</param>
/// <param name="Balance">The balance.</param>
internal readonly record struct BalancePoint(Instant At, Amount Balance);

/// <summary>What expired at an instant.</summary>
/// <param name="At">The expiry.</param>
/// <param name="Amount">What was left, above 0.</param>
internal readonly record struct Expiry(Instant At, Amount Amount);

/// <summary>A month of the time covered.</summary>
/// <param name="Month">The month.</param>
/// <param name="Statement">What was in it, as far as the time covered goes.</param>
internal readonly record struct MonthPart(Month Month, Statement Statement);

/// <summary>What a report tells of a tenant in full.</summary>
internal sealed record TenantDetail
{
    private const int UsualWindow = 30;

    /// <summary>The most recharges that are listed.</summary>
    public const int MostAttempts = 10;

    /// <summary>The most alarms that are listed.</summary>
    public const int MostAlarms = 5;

    /// <summary>The most months that are listed.</summary>
    public const int MostMonths = 24;

    /// <summary>The balance at the end of each day on which it changed, and at both ends of the time covered.</summary>
    public required IReadOnlyList<BalancePoint> Balances { get; init; }

    /// <summary>What expired in the time covered.</summary>
    public required IReadOnlyList<Expiry> Expiries { get; init; }

    /// <summary>The last months of the time covered.</summary>
    public required IReadOnlyList<MonthPart> Months { get; init; }

    /// <summary>What is used, and what becomes of the funds if that goes on.</summary>
    public required Forecast Forecast { get; init; }

    /// <summary>Funds that can be drawn now, by expiry.</summary>
    public required IReadOnlyList<Lot> Funds { get; init; }

    /// <summary>What calls cost, by service and destination.</summary>
    public required IReadOnlyList<DestinationUse> Use { get; init; }

    /// <summary>Who spent it, and what changed against last month.</summary>
    public required Spending Spending { get; init; }

    /// <summary>The budgets in the last month of the time covered.</summary>
    public required IReadOnlyList<CreditBudget> Budgets { get; init; }

    /// <summary>What was unusual in the time covered, the newest first.</summary>
    public required IReadOnlyList<Alarm> Alarms { get; init; }

    /// <summary>The last recharges of the time covered, the newest first.</summary>
    public required IReadOnlyList<Attempt> Attempts { get; init; }

    /// <summary>How many recharges there were in the time covered.</summary>
    public required int AttemptCount { get; init; }

    /// <summary>The pools in the last month of the time covered.</summary>
    public required IReadOnlyList<CreditPool> Pools { get; init; }

    public static TenantDetail Of(LedgerSnapshot snapshot, Tenant tenant, ReportPeriod period)
    {
        var number = tenant.Number;
        var account = AccountView.Current(snapshot, number);
        var lots = snapshot.Lots.All(number).ToList();
        var attempts = snapshot.Recharge.Attempts(number, period.From).Where(attempt => attempt.StartedAt < period.To).ToList();
        var last = Month.Of(period.To.Previous);
        return new()
        {
            Balances = BalanceOverTime(snapshot, number, account, period),
            Expiries =
            [
                .. lots.Where(lot => !lot.Reversed && lot.Remaining > Amount.Zero && period.From <= lot.ExpiresAt && lot.ExpiresAt < period.To)
                    .GroupBy(lot => lot.ExpiresAt).OrderBy(expired => expired.Key)
                    .Select(expired => new Expiry(expired.Key, new(expired.Sum(lot => lot.Remaining.Micros)))),
            ],
            Months = [.. MonthsOf(snapshot, number, account, period)],
            Forecast = Forecast.Of(snapshot, tenant, UsualWindow, period.Now),
            Funds = [.. lots.Where(lot => lot.IsLiveAt(period.Now) && lot.Remaining > Amount.Zero).OrderBy(lot => lot.ExpiresAt)],
            Use = snapshot.Reports.UseByDestination(number, period.From, period.To),
            Spending = Spending.Of(snapshot, number, period),
            Budgets = BudgetService.Of(snapshot, tenant, last, period.Now),
            Alarms = [.. snapshot.Guards.Alarms(number).Where(alarm => alarm.IsWithin(period.From, period.To)).Reverse().Take(MostAlarms)],
            Attempts = [.. attempts.AsEnumerable().Reverse().Take(MostAttempts)],
            AttemptCount = attempts.Count,
            Pools =
            [
                .. snapshot.Pools.Settings(number).GroupBy(setting => (setting.Capability, setting.Country))
                    .Select(pool => PoolRules.InForce([.. pool], last)).Where(setting => setting.Licenses > 0)
                    .Select(setting => PoolView.At(tenant, setting, last, snapshot.Pools.Months(number, last))),
            ],
        };
    }

    private static List<BalancePoint> BalanceOverTime(LedgerSnapshot snapshot, long tenant, AccountView account, ReportPeriod period)
    {
        var changes = new SortedDictionary<long, Amount>();
        foreach (var day in snapshot.Reports.ChangeByDay(tenant, period.From, period.To))
            changes[day.Day] = changes.GetValueOrDefault(day.Day) + day.Sum;
        foreach (var expiry in account.Unbooked.Where(expiry => period.From <= expiry.At && expiry.At < period.To))
        {
            var day = expiry.At.Ticks / TimeSpan.TicksPerDay;
            changes[day] = changes.GetValueOrDefault(day) - expiry.Amount;
        }

        var balance = account.BalanceAt(period.From.Previous);
        var points = new List<BalancePoint> { new(period.From, balance) };
        foreach (var (day, change) in changes)
            points.Add(new(Instant.Max(period.From, new(day * TimeSpan.TicksPerDay)), balance += change));
        points.Add(new(period.To, balance));
        return points;
    }

    private static IEnumerable<MonthPart> MonthsOf(LedgerSnapshot snapshot, long tenant, AccountView account, ReportPeriod period)
    {
        var last = Month.Of(period.To.Previous);
        var first = Month.Of(period.From);
        if (last.Index - first.Index >= MostMonths)
            first = new(last.Index - MostMonths + 1);
        for (var month = first; month <= last; month = month.Next)
        {
            var from = Instant.Max(period.From, month.Start);
            var to = month.Next.Start < period.To ? month.Next.Start : period.To;
            yield return new(month, Statement.Between(snapshot, tenant, account, from, to, isByService: false));
        }
    }
}
