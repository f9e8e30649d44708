using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets tenants' budgets, and what of them is used this month.</summary>
[Cmdlet(VerbsCommon.Get, "CreditBudget",
    HelpUri = HelpPages.Folder + "Get-CreditBudget.md")]
[OutputType(typeof(CreditBudget))]
public sealed class GetCreditBudgetCommand : TenantReadCommandBase
{
    /// <summary>The users whose budgets are wanted; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string[]? User { get; set; }

    /// <summary>The departments whose budgets are wanted; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[]? Department { get; set; }

    /// <summary>The cost centers whose budgets are wanted; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[]? CostCenter { get; set; }

    private protected override bool Takes(TypedObject thing) => thing.Type == nameof(CreditBudget);

    private protected override void Process(TenantSelection tenants) => WriteEach(Ledger.Budgets.GetBudgets(tenants).Where(IsWanted));

    private bool IsWanted(CreditBudget budget) =>
        IsNamed(User, budget.User) && IsNamed(Department, budget.Department) && IsNamed(CostCenter, budget.CostCenter);

    private static bool IsNamed(string[]? names, string? name) =>
        names is null || names.All(string.IsNullOrWhiteSpace) || (name is not null && NamePattern.Matches(names, name));
}
