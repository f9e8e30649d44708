using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets what a month was for tenants: from the opening to the closing balance, and what was used by service.</summary>
[Cmdlet(VerbsCommon.Get, "CreditStatement",
    HelpUri = HelpPages.Folder + "Get-CreditStatement.md")]
[OutputType(typeof(CreditStatement))]
public sealed class GetCreditStatementCommand : TenantReadCommandBase
{
    /// <summary>The months UTC: yyyy-MM, or any date in them. By default this month, which closes at now.</summary>
    [Parameter(Position = 1)]
    [MonthTransformation]
    [ArgumentCompleter(typeof(MonthCompleter))]
    public MonthArgument[]? Month { get; set; }

    /// <summary>Prints it as it was known at this instant, ISO 8601. By default all that is known now counts.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? AsPosted { get; set; }

    private protected override bool IsOfTenants => true;

    private protected override void Process(TenantSelection tenants)
    {
        if (Month is null)
            WriteEach(Ledger.Reports.GetStatements(tenants, null, AsPosted?.Value));
        foreach (var month in Month ?? [])
            TryProcess(() => WriteEach(Ledger.Reports.GetStatements(tenants, month.Text, AsPosted?.Value)));
    }
}
