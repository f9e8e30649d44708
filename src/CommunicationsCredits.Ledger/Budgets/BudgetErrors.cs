using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Budgets;

/// <summary>The errors about budgets.</summary>
internal static class BudgetErrors
{
    public static CreditException Invalid(Tenant tenant, string reason) => new(
        CreditErrorId.BudgetInvalid, $"The budget of {tenant.InWords} makes no sense: {reason}.", tenant.Id);

    public static CreditException NotFound(Tenant tenant, string whose) => new(
        CreditErrorId.BudgetInvalid, $"{tenant.InWords} has no budget {whose}. Get-CreditBudget lists those it has.", tenant.Id);
}
