namespace CommunicationsCredits.Ledger.Tenants.Operations;

/// <summary>A tenant that was asked for by its id or its name.</summary>
/// <param name="TenantId">The tenant's id.</param>
/// <param name="AlsoNamed">The id of another tenant that has this text as its name, or null; the id wins.</param>
public readonly record struct TenantMatch(string TenantId, string? AlsoNamed);

/// <summary>
/// Finds the tenants of a ledger by their ids and names, in whatever case. What it has read it keeps, and reads again where a text is not
/// found and tenants have been added since.
/// </summary>
/// <param name="tenants">The tenants of the ledger.</param>
public sealed class TenantNames(TenantService tenants)
{
    private const int MostSuggestions = 3;
    private const int FewestLettersToBegin = 3;

    /// <summary>So many texts are asked for by themselves: whoever asks for more reads all tenants at once.</summary>
    private const int FewTexts = 4;

    private Dictionary<string, string> _ids = [];
    private ILookup<string, string> _named = Array.Empty<string>().ToLookup(id => id);
    private int _count = -1;
    private int _asked;

    /// <summary>Finds a tenant: by its id, else by its name.</summary>
    /// <param name="text">The id or the name.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>: no tenant, or several have that name. It offers the nearest.</exception>
    public TenantMatch Find(string text) => TryFind(text, out var match) ? match : throw LedgerErrors.TenantNotFound(text, Nearest(text));

    /// <summary>Finds a tenant, where there is one.</summary>
    /// <param name="text">The id or the name.</param>
    /// <param name="match">The tenant.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>: several tenants have that name.</exception>
    public bool TryFind(string text, out TenantMatch match)
    {
        if (_count < 0 && _asked++ < FewTexts)
        {
            var called = tenants.Called(text);
            var id = called.FirstOrDefault(tenant => text.Equals(tenant.TenantId, StringComparison.OrdinalIgnoreCase))?.TenantId;
            if (TryMatch(text, id, [.. called.Where(tenant => text.Equals(tenant.Name, StringComparison.OrdinalIgnoreCase)).Select(tenant => tenant.TenantId)], out match))
                return true;
        }

        if (TryFindKnown(text, out match))
            return true;
        return Refresh() && TryFindKnown(text, out match);
    }

    private bool TryFindKnown(string text, out TenantMatch match)
    {
        if (_count < 0)
            Refresh();
        return TryMatch(text, _ids.GetValueOrDefault(text), [.. _named[text]], out match);
    }

    /// <summary>The tenant that a text stands for: the one with that id, else the only one with that name.</summary>
    private static bool TryMatch(string text, string? id, List<string> named, out TenantMatch match)
    {
        if (id is not null)
        {
            match = new(id, named.Find(other => !string.Equals(other, id, StringComparison.OrdinalIgnoreCase)));
            return true;
        }

        if (named.Count > 1)
            throw LedgerErrors.TenantNameAmbiguous(text, named);
        match = named.Count == 1 ? new(named[0], null) : default;
        return named.Count == 1;
    }

    /// <summary>Reads the tenants, unless there are as many as before.</summary>
    private bool Refresh()
    {
        var count = tenants.Count();
        if (count == _count)
            return false;
        _count = count;
        var all = tenants.GetTenants(TenantSelection.All).ToList();
        _ids = all.ToDictionary(tenant => tenant.TenantId, tenant => tenant.TenantId, StringComparer.OrdinalIgnoreCase);
        _named = all.ToLookup(tenant => tenant.Name, tenant => tenant.TenantId, StringComparer.OrdinalIgnoreCase);
        return true;
    }

    /// <summary>The tenants whose id or name is most like a text.</summary>
    private List<string> Nearest(string text)
    {
        var typed = text.ToUpperInvariant().Trim('*', '?', ' ');
        var limit = Math.Max(2, typed.Length / 3);
        return
        [
            .. (from name in _named
               from id in name
               let distance = Math.Min(Distance(typed, name.Key.ToUpperInvariant(), limit), Distance(typed, id.ToUpperInvariant(), limit))
               where distance <= limit
               orderby distance, name.Key.ToUpperInvariant()
               select string.Equals(name.Key, id, StringComparison.OrdinalIgnoreCase) ? id : $"{name.Key} ({id})").Take(MostSuggestions),
        ];
    }

    /// <summary>
    /// The letters to change, add or leave out to make one text of the other; 1 where one begins with the other; above the limit, any number
    /// that is.
    /// </summary>
    private static int Distance(string typed, string name, int limit)
    {
        if (typed.Length >= FewestLettersToBegin && name.StartsWith(typed, StringComparison.Ordinal))
            return 1;
        if (Math.Abs(typed.Length - name.Length) > limit)
            return int.MaxValue;
        var before = Enumerable.Range(0, name.Length + 1).ToArray();
        var row = new int[name.Length + 1];
        for (var i = 1; i <= typed.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= name.Length; j++)
            {
                var change = before[j - 1] + (typed[i - 1] == name[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, 1 + Math.Min(before[j], row[j - 1]));
            }

            (before, row) = (row, before);
        }

        return before[name.Length];
    }
}
