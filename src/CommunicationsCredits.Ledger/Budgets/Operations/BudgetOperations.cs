using System.Globalization;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Users;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Ledger.Budgets.Operations;

/// <summary>Whose a budget is: of the tenant where nothing is given, else of one of the three.</summary>
/// <param name="User">The user's sign-in name.</param>
/// <param name="Department">The department.</param>
/// <param name="CostCenter">The cost centre.</param>
public sealed record BudgetOwner(string? User = null, string? Department = null, string? CostCenter = null)
{
    internal string[] UserKeys => string.IsNullOrWhiteSpace(User) ? [] : [UseOfCall.Lower(User.Trim())];

    /// <exception cref="CreditException"><c>BudgetInvalid</c>: more than one is given.</exception>
    internal (BudgetScope Scope, string Subject) Read(Tenant tenant)
    {
        (BudgetScope Scope, string? Subject)[] all =
            [(BudgetScope.User, User), (BudgetScope.Department, Department), (BudgetScope.CostCenter, CostCenter)];
        var given = all.Where(owner => !string.IsNullOrWhiteSpace(owner.Subject)).ToList();
        if (given.Count > 1)
            throw BudgetErrors.Invalid(tenant, "it is of one user, one department or one cost center, not of several of these");
        if (given.Count == 0)
            return (BudgetScope.Tenant, string.Empty);
        var (scope, text) = given[0];
        return (scope, text!.Trim());
    }

    /// <summary>As <see cref="Read"/>, of a budget that is set: its owner is called as a user, a department or a cost center can be.</summary>
    /// <exception cref="CreditException"><c>BudgetInvalid</c>: more than one is given, or a text is too long or cannot be seen.</exception>
    internal (BudgetScope Scope, string Subject) ReadNew(Tenant tenant)
    {
        var (scope, subject) = Read(tenant);
        var (field, most) = scope switch
        {
            BudgetScope.User => ("user", SetUser.LongestName),
            BudgetScope.Department => ("department", SetUser.LongestGroup),
            _ => ("cost center", SetUser.LongestGroup),
        };
        if (subject.Length > most)
            throw BudgetErrors.Invalid(tenant, $"the {field} has {subject.Length} characters, and at most {most} are kept. Shorten it, as Set-CreditUser has it");
        if (subject.Any(char.IsControl))
            throw BudgetErrors.Invalid(tenant, $"the {field} has a character that cannot be seen. Leave it out");
        return (scope, subject);
    }

    /// <summary>Whose it is in words that name no user, for the chain (C4).</summary>
    internal static string InWords(BudgetScope scope, string subject) => scope switch
    {
        BudgetScope.Tenant => "of the tenant",
        BudgetScope.User => "of a user",
        BudgetScope.Department => $"of the department {subject}",
        _ => $"of the cost center {subject}",
    };
}

/// <summary>Sets an amount a month (B1).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="amount">The amount, above 0.</param>
/// <param name="owner">Whose it is.</param>
public sealed class SetBudget(string tenantId, decimal amount, BudgetOwner owner) : LedgerOperation<CreditBudget>
{
    internal override Needs Needs => Needs.Of(tenantId) with { Users = owner.UserKeys, Budgets = true };

    /// <summary>The sums of the month at hand, and of the one that may have begun when it is decided.</summary>
    internal override Needs? More(TenantState state, Instant now)
    {
        var month = Month.Of(now);
        return Needs.Of(tenantId) with { Use = (month, month < Month.Last ? month.Next : month) };
    }

    internal override CreditBudget Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        var (scope, subject) = owner.ReadNew(tenant);
        if (amount <= 0)
            throw BudgetErrors.Invalid(tenant, $"its amount has to be above 0, and is {amount.ToString(CultureInfo.InvariantCulture)}. Remove-CreditBudget removes a budget");
        var budget = new Budget(scope, subject, Amount.FromDecimal(amount));
        if (scope == BudgetScope.User && draft.UserSettings(budget.Key.Subject).Count == 0 && !draft.State.SeenUsers.Contains(budget.Key.Subject))
            throw UserErrors.NotFound(tenant, subject);
        if (draft.FindBudget(budget.Key) != budget)
            draft.PutBudget(budget.Key, budget, $"Budget {BudgetOwner.InWords(scope, subject)}: {budget.Amount} a month");
        return draft.Budgets.Describe(budget, Month.Of(draft.Now));
    }
}

/// <summary>Removes a budget.</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="owner">Whose it is.</param>
public sealed class RemoveBudget(string tenantId, BudgetOwner owner) : LedgerOperation<CreditBudget>
{
    internal override Needs Needs => Needs.Of(tenantId) with { Budgets = true };

    internal override CreditBudget Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        var (scope, subject) = owner.Read(tenant);
        var key = BudgetKey.Of(scope, subject);
        var budget = draft.FindBudget(key)
            ?? throw BudgetErrors.NotFound(tenant, scope == BudgetScope.User ? $"of the user {subject}" : BudgetOwner.InWords(scope, subject));
        draft.PutBudget(key, null, $"Budget {BudgetOwner.InWords(scope, subject)} removed");
        return BudgetRules.ToContract(budget, tenant, Amount.Zero, Month.Of(draft.Now), 0);
    }
}
