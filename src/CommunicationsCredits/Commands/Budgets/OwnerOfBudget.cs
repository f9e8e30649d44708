using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Budgets.Operations;

namespace CommunicationsCredits.Commands;

/// <summary>Whose budget a command that changes one is about.</summary>
internal static class OwnerOfBudget
{
    /// <summary>Whether an object stands for the owner of a budget.</summary>
    public static bool Is(TypedObject thing) => thing.Type is nameof(CreditBudget) or nameof(CreditUser);

    /// <summary>Reads the owner from the parameters. A piped user owns the budget itself: its department and cost center do not count.</summary>
    public static BudgetOwner Of(LedgerCommandBase command, TenantIdentity[] tenants, string? user, string? department, string? costCenter)
    {
        var isUser = tenants.Any(tenant => tenant.Source?.Type == nameof(CreditUser));
        return new(
            Given(user, nameof(CreditBudget.User)), Given(department, nameof(CreditBudget.Department), isUser), Given(costCenter, nameof(CreditBudget.CostCenter), isUser));

        string? Given(string? value, string parameter, bool isOfUser = false) =>
            (isOfUser || string.IsNullOrWhiteSpace(value)) && !command.IsOnCommandLine(parameter) ? null : value;
    }

    /// <summary>Names a budget in a question: <c>the budget of 'Sales' of Contoso (contoso.com)</c>.</summary>
    public static string InWords(BudgetOwner owner, string tenant) =>
        (owner.User ?? owner.Department ?? owner.CostCenter) is { } name ? $"the budget of '{name}' of {tenant}" : $"the budget of {tenant}";
}
