using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Writes the ledger to a file that other programs read: an hledger journal, CSV or JSON.</summary>
[Cmdlet(VerbsData.Export, "CreditLedger",
    HelpUri = HelpPages.Folder + "Export-CreditLedger.md", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCreditLedgerCommand : ExportCommandBase
{
    /// <summary>What it is written as. By default what the path's extension says, .csv or .json; else an hledger journal.</summary>
    [Parameter]
    public CreditExportFormat? Format { get; set; }

    private protected override string What => $"Export the ledger as {Chosen}";

    private CreditExportFormat Chosen => Format ?? System.IO.Path.GetExtension(Path).ToUpperInvariant() switch
    {
        ".CSV" => CreditExportFormat.Csv,
        ".JSON" => CreditExportFormat.Json,
        _ => CreditExportFormat.Hledger,
    };

    private protected override void Export(string path, TenantSelection tenants) =>
        Ledger.Reports.ExportLedger(path, Chosen, tenants, Force, StopToken);
}
