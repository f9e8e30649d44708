using System.Management.Automation;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Disconnects this session from its ledger, and writes which one it was.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "CreditLedger",
    HelpUri = HelpPages.Folder + "Disconnect-CreditLedger.md")]
[OutputType(typeof(CreditLedger))]
public sealed class DisconnectCreditLedgerCommand : LedgerCommandBase
{
    private protected override void Process()
    {
        var runspace = RunspaceLedger.Current;
        var ledger = runspace.TryAcquire();
        if (ledger is null)
        {
            runspace.Disconnect();
            WriteVerbose("This session has no ledger open.");
            return;
        }

        runspace.Disconnect();
        try
        {
            WriteObject(ledger.Session.Describe());
        }
        catch (CreditException error)
        {
            // Whatever has become of the file, the session has let go of it; that is all that was asked.
            WriteVerbose(error.Message);
        }
        finally
        {
            ledger.Release();
        }
    }
}
