using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Budgets.Operations;

namespace CommunicationsCredits.Commands;

/// <summary>Removes budgets of tenants, or of a user, a department or a cost center.</summary>
[Cmdlet(VerbsCommon.Remove, "CreditBudget",
    HelpUri = HelpPages.Folder + "Remove-CreditBudget.md", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveCreditBudgetCommand : TenantChangeCommandBase<CreditBudget>
{
    /// <summary>The user whose budget it is, by the sign-in name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string? User { get; set; }

    /// <summary>The department whose budget it is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Department { get; set; }

    /// <summary>The cost center whose budget it is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? CostCenter { get; set; }

    private protected override bool WritesResults => false;

    private protected override bool Takes(TypedObject thing) => OwnerOfBudget.Is(thing);

    private protected override void Process(string id)
    {
        var owner = OwnerOfBudget.Of(this, TenantId, User, Department, CostCenter);
        Submit(
            id,
            $"Remove {OwnerOfBudget.InWords(owner, Called(id))}",
            new RemoveBudget(id, owner));
    }
}
