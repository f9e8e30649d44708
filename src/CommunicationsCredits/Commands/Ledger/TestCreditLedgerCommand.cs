using System.Management.Automation;
using CommunicationsCredits.Ledger.Audit;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Verifies the record: recomputes its hash chain, balances, lots and debts.</summary>
[Cmdlet(VerbsDiagnostic.Test, "CreditLedger",
    HelpUri = HelpPages.Folder + "Test-CreditLedger.md")]
[OutputType(typeof(bool), typeof(CreditLedgerFinding))]
public sealed class TestCreditLedgerCommand : TenantReadCommandBase
{
    private readonly HashSet<string> _warned = [];
    private bool _isSound = true;
    private LedgerSeal? _seal;

    /// <summary>Writes each thing that is wrong, instead of whether all is well.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>
    /// A seal that Get-CreditLedger -SealPath wrote earlier: every entry that it names must still be there with its hash. A tenant that was
    /// removed since is named in a warning.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Seal { get; set; }

    /// <summary>Reports an error; what cannot be verified is not sound.</summary>
    internal override void Report(CreditException error, object? target = null)
    {
        _isSound = false;
        base.Report(error, target);
    }

    private protected override void Process(TenantSelection tenants)
    {
        if (Detailed)
            WriteEach(Verify(tenants));
        else if (_isSound)
            _isSound = !Verify(tenants).Any();
    }

    private IEnumerable<CreditLedgerFinding> Verify(TenantSelection tenants)
    {
        if (Seal is null)
            return Ledger.Audit.Verify(tenants, StopToken);
        _seal ??= LedgerSeal.Read(PowerShellPath.Literal(Seal, SessionState.Path));
        return Ledger.Audit.Verify(tenants, _seal, WarnOnce, StopToken);
    }

    private void WarnOnce(string message)
    {
        if (_warned.Add(message))
            WriteWarning(message);
    }

    private protected override void Finish()
    {
        if (!Detailed)
            WriteObject(_isSound);
    }
}
