using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Writes the ledger to a file that other programs read: an hledger journal, CSV or JSON.</summary>
[Cmdlet(VerbsData.Export, "CreditLedger", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCreditLedgerCommand : ExportCommandBase
{
    /// <summary>What it is written as. By default an hledger journal.</summary>
    [Parameter]
    public CreditExportFormat Format { get; set; }

    private protected override bool WritesFile => true;

    private protected override string What => $"Export the ledger as {Format}";

    private protected override void Export(string path, TenantSelection tenants) =>
        Ledger.ExportLedger(path, Format, tenants, Force, StopToken);
}
