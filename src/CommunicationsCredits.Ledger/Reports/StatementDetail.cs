using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Reports.Page;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Users;

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
        var users = snapshot.Measures.Query(
            tenant.Number,
            new() { By = [UsageDimension.User], From = month.Start.ToDateTimeOffset(), To = month.Next.Start.ToDateTimeOffset() },
            now).ToList();
        var (first, last) = (UseTable.DayOf(month.Start), UseTable.DayOf(month.Next.Start) - 1);
        return new()
        {
            Departments = DepartmentsOf(snapshot, tenant, month, users),
            Users = [.. users.Take(MostUsers).Select(user => UsageGroups.ToContract(user, [UsageDimension.User], tenant))],
            Budgets = BudgetService.Of(snapshot, tenant, month),
            Alarms =
            [
                .. snapshot.Guards.Alarms(tenant.Number).Where(alarm => alarm.LastDay >= first && alarm.FirstDay <= last)
                    .Select(alarm => $"{ReportText.DateOf(alarm.FirstDay)}: {alarm.Seen}. {alarm.Who}".TrimEnd()),
            ],
        };
    }

    /// <summary>The users' sums by where each belongs in the month (P1).</summary>
    private static IReadOnlyList<CreditUsage> DepartmentsOf(LedgerSnapshot snapshot, Tenant tenant, Month month, List<UsageGroup> users)
    {
        var settings = snapshot.Users.Settings(tenant.Number).ToLookup(stored => stored.Key, stored => stored.Setting, StringComparer.Ordinal);
        string? DepartmentOf(string? user) => user is null ? null : UserRules.InForce([.. settings[UseOfCall.Lower(user)]], month)?.Department;
        if (settings.Count == 0 || users.TrueForAll(user => DepartmentOf(user.Keys[0]) is null))
            return [];
        return
        [
            .. from user in users
               group user by DepartmentOf(user.Keys[0]) into members
               let charge = new Amount(members.Sum(user => user.Charge.Micros))
               orderby charge descending, members.Key
               select UsageGroups.ToContract(
                   new(
                       [members.Key], members.Sum(user => user.Calls), members.Sum(user => user.Seconds), members.Sum(user => user.PooledSeconds),
                       charge, members.First().TenantCharge),
                   [UsageDimension.Department], tenant),
        ];
    }
}
