using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Writes a report as one HTML page that needs nothing else: balances, use, recharges, pools, what needs attention.</summary>
[Cmdlet(VerbsData.Export, "CreditReport",
    HelpUri = HelpPages.Folder + "Export-CreditReport.md", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCreditReportCommand : ExportCommandBase
{
    /// <summary>Where the time it covers begins, ISO 8601. By default five months before the month of its end.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? From { get; set; }

    /// <summary>Where the time it covers ends, exclusive, ISO 8601. By default now.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? To { get; set; }

    /// <summary>Changes nothing: the file is written to the pipeline in any case.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string What => "Export a report";

    private protected override void Export(string path, TenantSelection tenants) =>
        Ledger.Reports.ExportReport(path, From?.Value, To?.Value, tenants, Force, StopToken);
}
