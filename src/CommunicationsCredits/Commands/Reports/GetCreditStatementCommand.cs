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
    /// <summary>What has the view of a row.</summary>
    private const string Several = "CommunicationsCredits.CreditStatement#Several";

    private CreditStatement? _first;
    private bool _isWritten;

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
            Write(Ledger.Reports.GetStatements(tenants, null, AsPosted?.Value));
        foreach (var month in Month ?? [])
            TryProcess(() => Write(Ledger.Reports.GetStatements(tenants, month.Text, AsPosted?.Value)));
    }

    private protected override void Finish()
    {
        if (_first is not null)
            WriteObject(_first);
    }

    /// <summary>One statement is shown whole; of several, each is a row, which is known when the second comes.</summary>
    private void Write(IEnumerable<CreditStatement> statements)
    {
        foreach (var statement in statements)
        {
            if (!_isWritten && _first is null)
            {
                _first = statement;
                continue;
            }

            if (_first is { } first)
            {
                _first = null;
                WriteObject(AsRow(first));
            }

            WriteObject(AsRow(statement));
            _isWritten = true;
            if (Stopping)
                return;
        }
    }

    private static PSObject AsRow(CreditStatement statement)
    {
        var row = new PSObject(statement);
        row.TypeNames.Insert(0, Several);
        return row;
    }
}
