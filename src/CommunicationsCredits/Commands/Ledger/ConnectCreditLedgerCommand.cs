using System.Management.Automation;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Connects this session to a ledger.</summary>
[Cmdlet(VerbsCommunications.Connect, "CreditLedger")]
[OutputType(typeof(CreditLedger))]
public sealed class ConnectCreditLedgerCommand : LedgerCommandBase
{
    /// <summary>The ledger's file. A missing file is created, a missing folder is not.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Opens it for reading only: nothing is written, and a missing file is an error.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Writes what was connected to.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process()
    {
        var path = PowerShellPath.OfLedger(Path, SessionState.Path);
        RunspaceLedger.Current.Connect(path, ReadOnly);
        WriteVerbose($"Connected to '{path}'.");
        if (PassThru)
            WriteObject(Ledger.Describe());
    }
}
