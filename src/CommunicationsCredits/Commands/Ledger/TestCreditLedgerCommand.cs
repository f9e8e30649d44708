using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Verifies the record: recomputes its hash chain, balances, lots and debts.</summary>
[Cmdlet(VerbsDiagnostic.Test, "CreditLedger")]
[OutputType(typeof(bool), typeof(CreditLedgerFinding))]
public sealed class TestCreditLedgerCommand : TenantReadCommandBase
{
    private bool _isSound = true;

    /// <summary>Writes each thing that is wrong, instead of whether all is well.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override void Process(TenantSelection tenants)
    {
        try
        {
            if (Detailed)
                WriteEach(Ledger.Verify(tenants));
            else if (_isSound)
                _isSound = !Ledger.Verify(tenants).Any();
        }
        catch (CreditException)
        {
            // What cannot be verified is not sound.
            _isSound = false;
            throw;
        }
    }

    private protected override void Finish()
    {
        if (!Detailed)
            WriteObject(_isSound);
    }
}
