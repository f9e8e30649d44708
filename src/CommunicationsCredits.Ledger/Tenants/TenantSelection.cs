using CommunicationsCredits.Ledger.Storage;

namespace CommunicationsCredits.Ledger.Tenants;

/// <summary>Which tenants are asked for.</summary>
public sealed class TenantSelection
{
    private readonly string? _id;
    private readonly Func<string, bool>? _matches;

    private TenantSelection(string? id, Func<string, bool>? matches)
    {
        _id = id;
        _matches = matches;
    }

    /// <summary>All tenants, in order of their ids.</summary>
    public static TenantSelection All { get; } = new(null, null);

    /// <summary>The tenant of an id; that there is none is an error.</summary>
    public static TenantSelection One(string id) => new(id, null);

    /// <summary>The tenants whose ids match, which may be none.</summary>
    public static TenantSelection Matching(Func<string, bool> matches) => new(null, matches);

    internal IEnumerable<Tenant> Resolve(LedgerTransaction tx)
    {
        if (_id is not null)
            return [tx.Tenants.Get(_id)];
        return _matches is null ? tx.Tenants.All() : tx.Tenants.All().Where(tenant => _matches(tenant.Id));
    }
}
