using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Adds tenants to the ledger.</summary>
[Cmdlet(VerbsCommon.New, "CreditTenant",
    HelpUri = HelpPages.Folder + "New-CreditTenant.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditTenant))]
public sealed class NewCreditTenantCommand : TenantSettingsCommandBase
{
    /// <summary>The new tenants' ids, 1 to 128 characters: a GUID, a domain, a customer number.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Tenant", "CustomerId", "Id")]
    [TenantIdentityTransformation]
    public TenantIdentity[] TenantId { get; set; } = [];

    private protected override void Process() => TenantIdentities.ForEach(this, TenantId, id => Submit(
        id,
        $"Add tenant '{id}'",
        // A blank currency is an error, not USD: in the wrong currency, every amount would be wrong.
        new AddTenant(id, Settings() with { Currency = Currency })), isNew: true);
}
