using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Removes tenants that have no entries of money.</summary>
[Cmdlet(VerbsCommon.Remove, "CreditTenant", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveCreditTenantCommand : BatchedCommand<CreditTenant>
{
    /// <summary>The tenants, by their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity[] TenantId { get; set; } = [];

    private protected override bool WritesResults => false;

    private protected override void Process() => TenantIdentities.ForEach(
        this, TenantId, id => Submit(id, $"Remove tenant '{id}'", new RemoveTenant(id)));
}
