using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger;

/// <content>The tenants.</content>
public sealed partial class LedgerSession
{
    /// <summary>The tenants asked for.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditTenant> GetTenants(TenantSelection selection)
    {
        using var snapshot = Store.BeginRead();
        foreach (var tenant in selection.Resolve(snapshot))
            yield return tenant.ToContract();
    }
}
