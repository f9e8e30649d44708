using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Reports.Page;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>Who spent what in a statement's month, and what was said about it.</summary>
internal sealed record StatementDetail
{
    /// <summary>The most users that are listed.</summary>
    public const int MostUsers = 10;

    /// <summary>Of a statement as it was posted: who spent what is known only as it is now.</summary>
    public static readonly StatementDetail Nothing = new();

    /// <summary>The departments, the dearest first; nothing where no user belongs to one.</summary>
    public IReadOnlyList<CreditUsage> Departments { get; private init; } = [];

    /// <summary>The users, the dearest first.</summary>
    public IReadOnlyList<CreditUsage> Users { get; private init; } = [];

    /// <summary>The budgets, and what the month used of them.</summary>
    public IReadOnlyList<CreditBudget> Budgets { get; private init; } = [];

    /// <summary>What was unusual, in words.</summary>
    public IReadOnlyList<string> Alarms { get; private init; } = [];

    public static StatementDetail Of(LedgerSnapshot snapshot, Tenant tenant, Month month, Instant now)
    {
        var time = Statement.TimeOf(month, now);
        IReadOnlyList<CreditUsage> Shown(IReadOnlyList<UsageGroup> groups, UsageDimension dimension) =>
            [.. groups.Select(group => UsageGroups.ToContract(group, [dimension], tenant))];
        return new()
        {
            Departments = Shown(Spending.DepartmentsOf(snapshot, tenant.Number, time, now), UsageDimension.Department),
            Users = Shown(Spending.By(snapshot, tenant.Number, time, now, [UsageDimension.User], MostUsers), UsageDimension.User),
            Budgets = BudgetService.Of(snapshot, tenant, month, now),
            Alarms =
            [
                .. snapshot.Guards.Alarms(tenant.Number).Where(alarm => alarm.IsWithin(time.From, time.To))
                    .Select(alarm => $"{ReportText.Date(alarm.Since)}: {alarm.Seen}. {alarm.Who}".TrimEnd()),
            ],
        };
    }
}
