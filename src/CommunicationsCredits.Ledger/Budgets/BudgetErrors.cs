namespace CommunicationsCredits.Ledger.Budgets;

/// <summary>The errors about budgets.</summary>
internal static class BudgetErrors
{
    public static CreditException Invalid(string tenantId, string reason) => new(
        CreditErrorId.BudgetInvalid, $"The budget of '{tenantId}' makes no sense: {reason}.", tenantId);

    public static CreditException NotFound(string tenantId, string whose) => new(
        CreditErrorId.BudgetInvalid, $"'{tenantId}' has no budget {whose}. Get-CreditBudget lists those it has.", tenantId);
}
