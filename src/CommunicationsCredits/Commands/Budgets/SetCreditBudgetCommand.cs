using System.Globalization;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Budgets.Operations;

namespace CommunicationsCredits.Commands;

/// <summary>Sets an amount a month for tenants, or for a user, a department or a cost center. It informs, and never blocks a call.</summary>
[Cmdlet(VerbsCommon.Set, "CreditBudget",
    HelpUri = HelpPages.Folder + "Set-CreditBudget.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditBudget))]
public sealed class SetCreditBudgetCommand : PassThruTenantChangeCommandBase<CreditBudget>
{
    /// <summary>The amount a month, above 0.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument Amount { get; set; } = AmountArgument.From(null);

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

    private protected override bool Takes(TypedObject thing) => OwnerOfBudget.Is(thing);

    private protected override void Process(string id)
    {
        var owner = OwnerOfBudget.Of(this, TenantId, User, Department, CostCenter);
        Submit(
            id,
            $"Set {OwnerOfBudget.InWords(owner, Called(id))} to {Amount.Value.ToString(CultureInfo.InvariantCulture)} a month",
            new SetBudget(id, Amount.Value, owner));
    }
}
