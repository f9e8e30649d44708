using System.Management.Automation;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Writes a verified copy of the ledger to a file, while others go on to use the ledger.</summary>
[Cmdlet(VerbsData.Backup, "CreditLedger",
    HelpUri = HelpPages.Folder + "Backup-CreditLedger.md", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class BackupCreditLedgerCommand : LedgerCommandBase
{
    /// <summary>The file. Its folder has to exist.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = string.Empty;

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var path = PowerShellPath.Literal(Destination, SessionState.Path);
        var what = $"Back up '{Ledger.Location}' to '{path}'";
        if (!ShouldProcess(what, what + "?", "Confirm"))
            return;
        try
        {
            Ledger.Backups.BackUp(path, Force, StopToken);
            WriteFile(path);
        }
        catch (OperationCanceledException)
        {
            // The user stopped it, and there is no file.
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Report(CreditErrors.NoSuchFile(path, problem.Message, problem));
        }
    }
}
