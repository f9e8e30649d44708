using CommunicationsCredits.Ledger.Budgets;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Users;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>What of the tenant's budgets is used, and what is to be notified of it in the posting that uses it (B1).</summary>
/// <param name="draft">The draft; its state has to know the budgets and the months of the calls.</param>
internal sealed class BudgetBook(Draft draft)
{
    /// <summary>Notifies what the draft's calls have passed, once a budget, mark and month; and once a day at most that a budget will not last.</summary>
    public void Notify()
    {
        if (draft.State.Budgets.Count == 0 && draft.Changes.Budgets.Count == 0)
            return;
        foreach (var month in draft.Use.ChangedMonths)
        {
            var (used, lastDay) = (UsedIn(month), LastDayOf(month));
            foreach (var budget in Current())
                Notify(budget, month, used.GetValueOrDefault(budget.Key), lastDay);
        }
    }

    /// <summary>A budget as the border shows it.</summary>
    public CreditBudget Describe(Budget budget, Month month) =>
        BudgetRules.ToContract(budget, draft.Tenant, UsedIn(month).GetValueOrDefault(budget.Key), month, LastDayOf(month));

    private IEnumerable<Budget> Current() => draft.State.Budgets.Values.Where(budget => !draft.Changes.Budgets.ContainsKey(budget.Key))
        .Concat(draft.Changes.Budgets.Values.OfType<Budget>());

    private void Notify(Budget budget, Month month, Amount used, int lastDay)
    {
        var mark = draft.FindBudgetMark(new(month, budget.Key));
        var passed = BudgetRules.MarkOf(used, budget.Amount);
        var after = mark;
        if (passed > mark.Percent)
        {
            after = after with { Percent = passed };
            draft.Notifications.BudgetReached(budget, month, passed, used);
        }

        // Only of the running month can anybody still do something.
        var today = BudgetRules.DayOf(draft.Now);
        if (month == Month.Of(draft.Now) && passed < 100 && BudgetRules.RunsOutOn(used, budget.Amount, month, lastDay) is { } day
            && (mark.RunsOut == 0 || (day <= mark.RunsOut - BudgetRules.Sooner && mark.Day < today)))
        {
            after = after with { RunsOut = day, Day = today };
            draft.Notifications.BudgetWillNotLast(budget, month, used, lastDay, day);
        }

        if (after != mark)
            draft.Changes.BudgetMarks[new(month, budget.Key)] = after;
    }

    private IReadOnlyDictionary<BudgetKey, Amount> UsedIn(Month month) => BudgetRules.Used(draft.Use.OfMonth(month), user => SettingOf(user, month));

    private UserSetting? SettingOf(string user, Month month) => draft.Changes.Users.TryGetValue(user, out var changed) ? UserRules.InForce(changed, month)
        : draft.State.Users.TryGetValue(user, out var known) ? UserRules.InForce(known, month)
        : null;

    private int LastDayOf(Month month) => draft.Use.Days.Where(pair => pair.Use.Calls > 0 && Month.Of(new(pair.Key.Day * TimeSpan.TicksPerDay)) == month)
        .Select(pair => pair.Key.Day).DefaultIfEmpty().Max();
}
