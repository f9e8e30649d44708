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

        if (!Confirm($"Book what has expired and recharge what is due for '{tenantId}'", out var preview, foreseen.Foresight))
            return;
        if (!preview)
        {
            WriteObject(Ledger.Recharges.Maintain(tenantId, preview: false, problem => Report(problem, tenantId), StopToken));
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
}
