using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Users;

namespace CommunicationsCredits.Ledger.Budgets;

/// <summary>Whose a budget is; ledgers keep the numbers.</summary>
internal enum BudgetScope
{
    Tenant = 0,
    User = 1,
    Department = 2,
    CostCenter = 3,
}

/// <summary>Which budget of a tenant.</summary>
/// <param name="Scope">Whose it is.</param>
/// <param name="Subject">The user, department or cost centre in lower case; empty for the tenant.</param>
internal readonly record struct BudgetKey(BudgetScope Scope, string Subject)
{
    public static BudgetKey Of(BudgetScope scope, string subject) => new(scope, UseOfCall.Lower(subject));
}

/// <summary>An amount a month (B1).</summary>
/// <param name="Scope">Whose it is.</param>
/// <param name="Subject">The user, department or cost centre as it was given; empty for the tenant.</param>
/// <param name="Amount">Above 0.</param>
internal sealed record Budget(BudgetScope Scope, string Subject, Amount Amount)
{
    public BudgetKey Key => BudgetKey.Of(Scope, Subject);
}

/// <summary>What was notified of a budget in a month.</summary>
/// <param name="Percent">The mark that was passed: 0, 50, 80 or 100.</param>
/// <param name="RunsOut">The day of the month on which it was said to run out; 0 where nothing was said.</param>
/// <param name="Day">The day on which that was said, in days since the year 1.</param>
internal readonly record struct BudgetMark(int Percent, int RunsOut, int Day);

/// <summary>What was notified of which budget in which month.</summary>
internal readonly record struct BudgetMonth(Month Month, BudgetKey Budget);

/// <summary>When a budget is passed, and when it will be: pure rules (B1).</summary>
internal static class BudgetRules
{
    /// <summary>The days of a month that have to have passed before anything is said about the rest of it.</summary>
    public const int FewestDays = 5;

    /// <summary>By how many days a budget has to run out sooner than was said before it is said again.</summary>
    public const int Sooner = 3;

    private static readonly int[] Marks = [50, 80, 100];

    /// <summary>The highest mark that is passed; 0 where none is.</summary>
    public static int MarkOf(Amount used, Amount amount) => Array.FindLast(Marks, mark => (Int128)used.Micros * 100 >= (Int128)amount.Micros * mark);

    /// <summary>
    /// The day of the month on which it is used up if the rest of the month is like its days so far; null where it lasts, is used up,
    /// or less than <see cref="FewestDays"/> days are known.
    /// </summary>
    /// <param name="used">What of it is used.</param>
    /// <param name="amount">The budget.</param>
    /// <param name="month">The month.</param>
    /// <param name="lastDay">The last day that anything is known of, in days since the year 1.</param>
    public static int? RunsOutOn(Amount used, Amount amount, Month month, int lastDay)
    {
        var days = lastDay - DayOf(month.Start) + 1;
        var length = DayOf(month.Next.Start) - DayOf(month.Start);
        if (days < FewestDays || days > length || used <= Amount.Zero || used >= amount)
            return null;
        var day = (((Int128)amount.Micros * days) + used.Micros - 1) / used.Micros;
        return day <= length ? (int)day : null;
    }

    /// <summary>What was used of any budget, out of what users used in the month; of one that is not in it, nothing was.</summary>
    /// <param name="uses">What each user's calls cost, by user in lower case.</param>
    /// <param name="settingOf">Where a user belongs in the month, or null.</param>
    public static IReadOnlyDictionary<BudgetKey, Amount> Used(IEnumerable<(string User, Amount Charge)> uses, Func<string, UserSetting?> settingOf)
    {
        var used = new Dictionary<BudgetKey, Amount>();
        void Add(BudgetKey budget, Amount charge) => used[budget] = used.GetValueOrDefault(budget) + charge;
        foreach (var (user, charge) in uses)
        {
            Add(new(BudgetScope.Tenant, string.Empty), charge);
            Add(new(BudgetScope.User, user), charge);
            var setting = settingOf(user);
            if (setting?.Department is { } department)
                Add(BudgetKey.Of(BudgetScope.Department, department), charge);
            if (setting?.CostCenter is { } center)
                Add(BudgetKey.Of(BudgetScope.CostCenter, center), charge);
        }

        return used;
    }

    /// <summary>The day of an instant, in days since the year 1.</summary>
    public static int DayOf(Instant instant) => (int)(instant.Ticks / TimeSpan.TicksPerDay);

    /// <summary>A budget as the border shows it, in a month.</summary>
    public static CreditBudget ToContract(Budget budget, Tenant tenant, Amount used, Month month, int lastDay)
    {
        var runsOut = RunsOutOn(used, budget.Amount, month, lastDay);
        return new()
        {
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            User = budget.Scope == BudgetScope.User ? budget.Subject : null,
            Department = budget.Scope == BudgetScope.Department ? budget.Subject : null,
            CostCenter = budget.Scope == BudgetScope.CostCenter ? budget.Subject : null,
            Amount = budget.Amount.ToDecimal(),
            Currency = tenant.Currency,
            Used = used.ToDecimal(),
            PercentUsed = decimal.Round(100m * used.Micros / budget.Amount.Micros, 2),
            RunsOutAt = runsOut is { } day ? month.Start.ToDateTimeOffset().AddDays(day - 1) : null,
            Status = used >= budget.Amount ? CreditBudgetStatus.UsedUp : runsOut is null ? CreditBudgetStatus.Open : CreditBudgetStatus.AtRisk,
        };
    }
}
