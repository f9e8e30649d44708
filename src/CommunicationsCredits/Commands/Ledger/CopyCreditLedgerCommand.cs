using System.Management.Automation;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Copies the ledger into an empty one of either kind, with the same entries, hashes and settings.</summary>
[Cmdlet(VerbsCommon.Copy, "CreditLedger", DefaultParameterSetName = PathSet,
    HelpUri = HelpPages.Folder + "Copy-CreditLedger.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditLedger))]
public sealed class CopyCreditLedgerCommand : LedgerCommandBase
{
    private const string PathSet = "Path";
    private const string DatabaseSet = "ConnectionString";

    /// <summary>The file. Its folder has to exist; a file that is there has to be an empty ledger.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = string.Empty;

    /// <summary>The PostgreSQL database, as Connect-CreditLedger takes it; a ledger that is in it has to be empty.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DatabaseSet)]
    [ValidateNotNullOrEmpty]
    public string DestinationConnectionString { get; set; } = string.Empty;

    private protected override void Process()
    {
        var isDatabase = ParameterSetName == DatabaseSet;
        if (isDatabase)
            LedgerSession.RefusePassword(DestinationConnectionString);
        var place = isDatabase
            ? LedgerSession.LocationOf(DestinationConnectionString)
            : PowerShellPath.OfLedger(Destination, SessionState.Path);
        var what = $"Copy '{Ledger.Location}' to '{place}'";
        if (!ShouldProcess(what, what + "?", "Confirm"))
            return;
        try
        {
            var copy = isDatabase
                ? Ledger.Backups.CopyToDatabase(DestinationConnectionString, StopToken)
                : Ledger.Backups.CopyTo(place, StopToken);
            WriteWarning(
                $"There are two ledgers now. Connect to '{place}' from here on and let nothing post to '{Ledger.Location}' any more: both would recharge.");
            WriteObject(copy);
        }
        catch (OperationCanceledException)
        {
            // The user stopped it, and nothing was copied.
        }
    }
}
