namespace CommunicationsCredits.Ledger.Tenants;

/// <summary>Which tenants are asked for.</summary>
public sealed class TenantSelection
{
    private readonly string? _id;
    private readonly Func<Tenant, bool>? _matches;

    private TenantSelection(string? id, Func<Tenant, bool>? matches)
    {
        _id = id;
        _matches = matches;
    }

    /// <summary>All tenants, in order of their names.</summary>
    public static TenantSelection All { get; } = new(null, null);

    /// <summary>The tenant of an id; a missing one is an error.</summary>
    public static TenantSelection One(string id) => new(id, null);

    /// <summary>The tenants whose ids match, which may be none, in order of their names.</summary>
    public static TenantSelection Matching(Func<string, bool> matches) => new(null, tenant => matches(tenant.Id));

    /// <summary>The tenants whose ids or names match, which may be none, in order of their names.</summary>
    public static TenantSelection MatchingNames(Func<string, bool> matches) =>
        new(null, tenant => matches(tenant.Id) || matches(tenant.Name));

    /// <summary>Whether all tenants are asked for.</summary>
    internal bool IsAll => _id is null && _matches is null;

    /// <summary>The id of the one tenant asked for, or null.</summary>
    internal string? Id => _id;

    /// <summary>Those of all tenants that are asked for, in order of their names.</summary>
    internal IReadOnlyList<Tenant> Among(IEnumerable<Tenant> all) =>
    [
        .. all.Where(tenant => _matches?.Invoke(tenant) ?? true).OrderBy(tenant => tenant.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(tenant => tenant.Id, StringComparer.OrdinalIgnoreCase),
    ];
}
