using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Changes tenants' settings; what is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "CreditTenant",
    HelpUri = HelpPages.Folder + "Set-CreditTenant.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditTenant))]
public sealed class SetCreditTenantCommand : TenantSettingsCommandBase
{
    /// <summary>The tenants, by their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    [ArgumentCompleter(typeof(TenantIdCompleter))]
    public TenantIdentity[] TenantId { get; set; } = [];

    /// <summary>Closed takes no money and no usage any more; Active does again.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankIsAbsent(Enum = typeof(CreditTenantStatus))]
    public CreditTenantStatus? Status { get; set; }

    private protected override void Process() => TenantIdentities.ForEach(this, TenantId, id => Submit(
        id,
        $"Change tenant {Called(id)}",
        new ChangeTenant(id, Settings() with { Currency = ValueOrNull(Currency, nameof(Currency)), Status = Status })));
}
