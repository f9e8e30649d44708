using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Writes tenants' usage to a file, a row a call or a group: CSV for a spreadsheet, or the columns of FOCUS 1.2.</summary>
[Cmdlet(VerbsData.Export, "CreditUsage",
    HelpUri = HelpPages.Folder + "Export-CreditUsage.md", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCreditUsageCommand : ExportCommandBase
{
    /// <summary>What it is grouped by, one or several. By default a row is a call.</summary>
    [Parameter]
    public UsageDimension[] By { get; set; } = [];

    /// <summary>The earliest start, ISO 8601; included. By default the first call's.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? From { get; set; }

    /// <summary>The latest start, ISO 8601; not included. By default the last call counts too.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? To { get; set; }

    /// <summary>What it is written as. By default Csv.</summary>
    [Parameter]
    public CreditUsageFormat Format { get; set; }

    private protected override string What => $"Export usage as {Format}";

    private protected override bool IsOfTenants => true;

    private protected override void Export(string path, TenantSelection tenants) => Ledger.Reports.ExportUsage(
        path, Format, new() { By = [.. By.Distinct()], From = From?.Value, To = To?.Value }, tenants, Force, StopToken);
}
