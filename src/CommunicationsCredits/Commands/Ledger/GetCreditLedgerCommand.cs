using System.Management.Automation;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the ledger of this session.</summary>
[Cmdlet(VerbsCommon.Get, "CreditLedger",
    HelpUri = HelpPages.Folder + "Get-CreditLedger.md")]
[OutputType(typeof(CreditLedger))]
public sealed class GetCreditLedgerCommand : LedgerCommandBase
{
    /// <summary>
    /// A file that the seal is written to: the last entry of each tenant and of the ledger's own chain, by which Test-CreditLedger -Seal finds
    /// later that the end of a chain was cut off or an older copy was put back. A file that is there is not replaced.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SealPath { get; set; }

    private protected override void Process()
    {
        if (SealPath is null)
        {
            WriteObject(Ledger.Describe());
            return;
        }

        var path = PowerShellPath.Literal(SealPath, SessionState.Path);
        try
        {
            WriteObject(Ledger.Describe(Ledger.Audit.WriteSeal(path)));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Report(CreditErrors.NoSuchFile(path, problem.Message, problem));
        }
    }
}
