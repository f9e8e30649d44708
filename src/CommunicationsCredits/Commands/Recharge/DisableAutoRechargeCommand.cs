using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Recharge;

namespace CommunicationsCredits.Commands;

/// <summary>Disables tenants' recharge rules; they keep their settings.</summary>
[Cmdlet(VerbsLifecycle.Disable, "AutoRecharge", SupportsShouldProcess = true)]
[OutputType(typeof(AutoRecharge))]
public sealed class DisableAutoRechargeCommand : BatchedCommand<AutoRecharge>
{
    /// <summary>The tenants, by their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity[] TenantId { get; set; } = [];

    private protected override bool WritesResults => true;

    private protected override void Process() => TenantIdentities.ForEach(this, TenantId, id => Submit(
        id, $"Disable the recharge rule of '{id}'", new EnableRechargeRule(id, enabled: false)));
}
