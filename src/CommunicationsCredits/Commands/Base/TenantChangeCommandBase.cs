using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;

namespace CommunicationsCredits.Commands;

/// <summary>A command that changes tenants which are in the ledger, one after another.</summary>
/// <typeparam name="T">What a change answers with.</typeparam>
public abstract class TenantChangeCommandBase<T> : BatchedCommandBase<T>
    where T : class
{
    /// <summary>The tenants, by their ids or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity[] TenantId { get; set; } = [];

    /// <summary>What the command does with one tenant; what it throws is reported, and the others go on.</summary>
    /// <param name="id">The tenant's id.</param>
    private protected abstract void Process(string id);

    private protected sealed override void Process() => TenantIdentities.ForEach(this, TenantId, Process);
}

/// <summary>A command that changes tenants, and writes its results where asked to.</summary>
/// <typeparam name="T">What a change answers with.</typeparam>
public abstract class PassThruTenantChangeCommandBase<T> : TenantChangeCommandBase<T>
    where T : class
{
    /// <inheritdoc cref="PassThruCommandBase{T}.PassThru"/>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected sealed override bool WritesResults => PassThru;
}
