using CommunicationsCredits.Ledger.Storage.Queries;

namespace CommunicationsCredits.Ledger.Tenants.Operations;

/// <summary>The tenants of a ledger.</summary>
public sealed class TenantService
{
    private readonly ILedgerReader _reader;

    internal TenantService(ILedgerReader reader)
    {
        _reader = reader;
    }

    /// <summary>The tenants asked for.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditTenant> GetTenants(TenantSelection selection)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
            yield return tenant.ToContract();
    }

    /// <summary>The tenants whose id or name is a text, in whatever case, in order of their ids; others may be among them.</summary>
    internal IReadOnlyList<CreditTenant> Called(string text)
    {
        using var snapshot = _reader.BeginRead();
        return [.. snapshot.Tenants.Called([text]).OrderBy(tenant => Tenant.KeyOf(tenant.Id), StringComparer.Ordinal).Select(tenant => tenant.ToContract())];
    }

    /// <summary>How many tenants there are.</summary>
    public int Count()
    {
        using var snapshot = _reader.BeginRead();
        return snapshot.Tenants.Count();
    }
}
