using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Evaluates recharge rules, and asks gateways for what is due: new charges, and attempts that are still open.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AutoRecharge",
    HelpUri = HelpPages.Folder + "Invoke-AutoRecharge.md", SupportsShouldProcess = true)]
[OutputType(typeof(AutoRechargeAttempt))]
public sealed class InvokeAutoRechargeCommand : TenantRunCommandBase
{
    /// <summary>Passes over the time that a rule waits after a decline. A cap is never passed over.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string Activity => "Recharging";

    private protected override IEnumerable<string> Candidates(TenantSelection tenants) =>
        Ledger.Recharges.GetRules(tenants).Select(rule => rule.TenantId);

    private protected override void Run(string tenantId)
    {
        // What it comes to is known first, so that whoever is asked knows it too; where nothing is due, nobody is asked.
        if (Ledger.Recharges.Preview(tenantId, Force) is not { } due)
        {
            WriteVerbose($"Nothing is due for '{tenantId}'.");
            return;
        }

        if (!Confirm(Foreseen.InWords(due), out var preview))
            return;
        if (preview)
            WriteObject(due);
        else
            WriteEach(Ledger.Recharges.Run(tenantId, Force, StopToken));
    }
}
