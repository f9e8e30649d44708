using System.Management.Automation;
using CommunicationsCredits.Ledger;

namespace CommunicationsCredits.Commands;

/// <summary>
/// Looks after tenants: books what has expired, warns of what will, evaluates recharge rules, and asks again for what is open.
/// Run it every night.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "CreditMaintenance",
    HelpUri = HelpPages.Folder + "Invoke-CreditMaintenance.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditMaintenance))]
public sealed class InvokeCreditMaintenanceCommand : TenantRunCommandBase
{
    /// <summary>The tenants that are maintained as one commit, before the gateways of those that need one are asked.</summary>
    private const int Together = 250;

    private readonly List<string> _waiting = [];

    private protected override string Activity => "Maintaining credits";

    private protected override void Run(string tenantId)
    {
        LedgerOutcome<CreditMaintenance> foreseen = default;
        if (IsShown)
        {
            foreseen = Ledger.Recharges.Maintain([tenantId], preview: true, StopToken)[0];
            if (foreseen.Error is { } refusal)
                throw refusal;
        }

        if (!Confirm($"Book what has expired and recharge what is due for {Called(tenantId)}", out var preview, foreseen.Foresight))
            return;
        if (!preview)
        {
            _waiting.Add(tenantId);
            if (_waiting.Count >= Together || IsShown)
                Flush();
            return;
        }

        if (foreseen.Foresight is { } foresight)
        {
            ShowForeseen(foresight);
            if (foresight.RechargeProblem is { } problem)
                Report(problem, tenantId);
        }

        WriteObject(foreseen.Result);
    }

    private protected override void Flush()
    {
        var tenants = _waiting.ToList();
        _waiting.Clear();
        if (tenants.Count == 0)
            return;
        var outcomes = Ledger.Recharges.Maintain(tenants, preview: false, StopToken);
        for (var i = 0; i < outcomes.Count; i++)
        {
            var outcome = outcomes[i];
            if (outcome.Error is { } error)
            {
                Report(error, tenants[i]);
                continue;
            }

            if (outcome.Foresight?.RechargeProblem is { } problem)
                Report(problem, tenants[i]);
            WriteObject(outcome.Result);
        }
    }
}
