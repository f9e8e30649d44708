using System.Management.Automation;

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
        if (Confirm($"Book what has expired and recharge what is due for '{tenantId}'", out var preview))
            WriteObject(Ledger.Maintain(tenantId, preview, problem => Report(problem, tenantId), StopToken));
    }
}
