using System.Management.Automation;

namespace CommunicationsCredits.Commands;

/// <summary>Enables tenants' recharge rules, and clears what declines hold against them.</summary>
[Cmdlet(VerbsLifecycle.Enable, "AutoRecharge",
    HelpUri = HelpPages.Folder + "Enable-AutoRecharge.md", SupportsShouldProcess = true)]
[OutputType(typeof(AutoRecharge))]
public sealed class EnableAutoRechargeCommand : RechargeSwitchCommandBase
{
    private protected override bool Enables => true;
}
