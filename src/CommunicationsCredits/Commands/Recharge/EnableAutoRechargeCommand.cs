using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Recharge;

namespace CommunicationsCredits.Commands;

/// <summary>Enables tenants' recharge rules, and clears what declines hold against them.</summary>
[Cmdlet(VerbsLifecycle.Enable, "AutoRecharge", SupportsShouldProcess = true)]
[OutputType(typeof(AutoRecharge))]
public sealed class EnableAutoRechargeCommand : BatchedCommand<AutoRecharge>
{
    /// <summary>The tenants, by their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity[] TenantId { get; set; } = [];

    private protected override bool WritesResults => true;

    private protected override void Process() => TenantIdentities.ForEach(this, TenantId, id => Submit(
        id, $"Enable the recharge rule of '{id}'", new EnableRechargeRule(id, enabled: true)));
}
