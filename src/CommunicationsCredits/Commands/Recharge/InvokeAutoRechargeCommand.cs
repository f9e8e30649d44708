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
            if (IsShown)
                WriteVerbose(WhyNot(tenantId));
            return;
        }

        if (!Confirm(Foreseen.InWords(due), out var preview))
            return;
        if (preview)
            WriteObject(due);
        else
            WriteEach(Ledger.Recharges.Run(tenantId, Force, StopToken));
    }

    /// <summary>Why a rule buys nothing now.</summary>
    private string WhyNot(string tenantId)
    {
        var one = TenantSelection.One(tenantId);
        var rule = Ledger.Recharges.GetRules(one).First();
        var balance = Ledger.Funds.GetBalances(one).First();
        var tenant = Display.Text(rule.TenantName);
        return rule.State switch
        {
            CreditAutoRecharge.Off => $"Nothing is due for '{tenant}': its rule is off. Enable-AutoRecharge turns it on.",
            CreditAutoRecharge.Paused => $"Nothing is due for '{tenant}': its rule is paused ({Display.Text(rule.LastFailure)}). Enable-AutoRecharge lets it go on.",
            CreditAutoRecharge.Waiting when rule.NextAttemptAt is { } next =>
                $"Nothing is due for '{tenant}': after a decline ({Display.Text(rule.LastFailure)}) its rule waits until {Display.Instant(next)} UTC. -Force does not wait.",
            _ when balance.Balance >= rule.MinimumBalance =>
                $"Nothing is due for '{tenant}': its balance of {Display.InWords(balance.Balance, balance.Currency)} is not below {Display.InWords(rule.MinimumBalance, rule.Currency)}.",
            _ => $"Nothing is due for '{tenant}': {Display.Text(balance.Recharge)}.",
        };
    }
}
