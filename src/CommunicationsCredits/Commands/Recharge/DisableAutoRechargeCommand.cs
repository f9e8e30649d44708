using System.Management.Automation;

namespace CommunicationsCredits.Commands;

/// <summary>Disables tenants' recharge rules; they keep their settings.</summary>
[Cmdlet(VerbsLifecycle.Disable, "AutoRecharge",
    HelpUri = HelpPages.Folder + "Disable-AutoRecharge.md", SupportsShouldProcess = true)]
[OutputType(typeof(AutoRecharge))]
public sealed class DisableAutoRechargeCommand : RechargeSwitchCommandBase
{
    private protected override bool Enables => false;
}
