using System.Management.Automation;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the ledger of this session.</summary>
[Cmdlet(VerbsCommon.Get, "CreditLedger",
    HelpUri = HelpPages.Folder + "Get-CreditLedger.md")]
[OutputType(typeof(CreditLedger))]
public sealed class GetCreditLedgerCommand : LedgerCommandBase
{
    private protected override void Process() => WriteObject(Ledger.Describe());
}
