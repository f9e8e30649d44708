using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Verifies the record: recomputes its hash chain, balances, lots and debts.</summary>
[Cmdlet(VerbsDiagnostic.Test, "CreditLedger",
    HelpUri = HelpPages.Folder + "Test-CreditLedger.md")]
[OutputType(typeof(bool), typeof(CreditLedgerFinding))]
public sealed class TestCreditLedgerCommand : TenantReadCommandBase
{
    private bool _isSound = true;

    /// <summary>Writes each thing that is wrong, instead of whether all is well.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Reports an error; what cannot be verified is not sound.</summary>
    internal override void Report(CreditException error, object? target = null)
    {
        _isSound = false;
        base.Report(error, target);
    }

    private protected override void Process(TenantSelection tenants)
    {
        if (Detailed)
            WriteEach(Ledger.Audit.Verify(tenants));
        else if (_isSound)
            _isSound = !Ledger.Audit.Verify(tenants).Any();
    }

    private protected override void Finish()
    {
        if (!Detailed)
            WriteObject(_isSound);
    }
}
