using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Users;

namespace CommunicationsCredits.Ledger.Budgets.Operations;

/// <summary>Budgets, and what of them is used.</summary>
public sealed class BudgetService
{
    private readonly ILedgerReader _reader;
    private readonly TimeProvider _clock;

    internal BudgetService(ILedgerReader reader, TimeProvider clock)
    {
        _reader = reader;
        _clock = clock;
    }

    /// <summary>The budgets of the tenants asked for, and what of them is used this month (B1).</summary>
    /// <param name="selection">The tenants.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditBudget> GetBudgets(TenantSelection selection)
    {
        using var snapshot = _reader.BeginRead();
        var now = Instant.Now(_clock);
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var budget in Of(snapshot, tenant, Month.Of(now), now))
                yield return budget;
        }
    }

    /// <summary>The budgets of a tenant, and what of them is used in a month; of one that is over, nothing runs out any more.</summary>
    internal static IReadOnlyList<CreditBudget> Of(LedgerSnapshot snapshot, Tenant tenant, Month month, Instant now)
    {
        var budgets = snapshot.Budgets.All(tenant.Number).ToList();
        if (budgets.Count == 0)
            return [];
        var uses = snapshot.Uses.Months(tenant.Number, month, month).Select(pair => (pair.Key.User, pair.Charge)).ToList();
        var lastDay = month < Month.Of(now) ? BudgetRules.DayOf(month.Next.Start) - 1 : snapshot.Uses.Days(tenant.Number, BudgetRules.DayOf(month.Start), BudgetRules.DayOf(month.Next.Start) - 1)
            .Where(day => day.Use.Calls > 0).Select(day => day.Key.Day).DefaultIfEmpty().Max();
        var users = budgets.Exists(budget => budget.Scope is BudgetScope.Department or BudgetScope.CostCenter)
            ? snapshot.Users.Settings(tenant.Number).ToLookup(stored => stored.Key, stored => stored.Setting)
            : null;
        var used = BudgetRules.Used(uses, user => users is null ? null : UserRules.InForce([.. users[user]], month));
        return [.. budgets.Select(budget => BudgetRules.ToContract(budget, tenant, used.GetValueOrDefault(budget.Key), month, lastDay))];
    }
}
