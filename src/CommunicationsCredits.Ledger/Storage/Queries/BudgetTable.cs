using CommunicationsCredits.Ledger.Budgets;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The budgets, and what was notified of them.</summary>
internal sealed class BudgetTable(StoreConnection connection)
{
    /// <summary>The budgets of a tenant: its own first, then those of users, departments and cost centres.</summary>
    public IEnumerable<Budget> All(long tenant) => Stored(tenant).Select(stored => stored.Budget);

    /// <summary>The budgets with what they are found by.</summary>
    public IEnumerable<(BudgetKey Key, Budget Budget)> Stored(long tenant)
    {
        using var select = connection.Prepare(
            "SELECT scope, subject_key, subject, amount FROM budget WHERE tenant = $1 ORDER BY scope, subject_key").Bind(1, tenant);
        while (select.Step())
        {
            var scope = (BudgetScope)select.Int32(0);
            yield return (new(scope, select.Text(1)), new(scope, select.Text(2), new(select.Int64(3))));
        }
    }

    /// <summary>What was notified of the budgets of a tenant, by month.</summary>
    public IEnumerable<(BudgetMonth Month, BudgetMark Mark)> Marks(long tenant)
    {
        using var select = connection.Prepare(
            "SELECT month, scope, subject_key, percent, runs_out, notified_day FROM budget_month WHERE tenant = $1").Bind(1, tenant);
        while (select.Step())
        {
            yield return (
                new(new(select.Int32(0)), new((BudgetScope)select.Int32(1), select.Text(2))),
                new(select.Int32(3), select.Int32(4), select.Int32(5)));
        }
    }
}
