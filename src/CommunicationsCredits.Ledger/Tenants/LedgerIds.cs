using System.Globalization;

namespace CommunicationsCredits.Ledger.Tenants;

/// <summary>Takes ids of entries, lots, imports, attempts and notifications apart: the tenant's id, a slash, a letter, a number.</summary>
internal static class LedgerIds
{
    /// <summary>The letter of an entry's id: none.</summary>
    public const string Entry = "";

    /// <summary>The letter of a lot's id.</summary>
    public const string Funds = "F";

    /// <summary>The letter of an import's id.</summary>
    public const string Import = "I";

    /// <summary>The letter of a notification's id.</summary>
    public const string Notification = "N";

    /// <summary>The tenant's id and the number of an id, or null where it has another form.</summary>
    /// <param name="id">The id.</param>
    /// <param name="letter">The letter before the number; empty for entries.</param>
    public static (string TenantId, long Number)? Parse(string id, string letter)
    {
        var slash = id.LastIndexOf('/');
        return slash > 0 && id.AsSpan(slash + 1).StartsWith(letter, StringComparison.OrdinalIgnoreCase)
            && long.TryParse(id.AsSpan(slash + 1 + letter.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? (id[..slash], number)
                : null;
    }

    /// <summary>The numbers of those ids that are a tenant's.</summary>
    /// <param name="tenantId">The tenant's id.</param>
    /// <param name="ids">The ids, or null where nothing is asked for by id.</param>
    /// <param name="letter">The letter before the number; empty for entries.</param>
    /// <returns>The numbers, or null where there are no ids.</returns>
    public static IReadOnlyList<long>? Of(string tenantId, IReadOnlyCollection<string>? ids, string letter) => ids is null
        ? null
        :
        [
            .. ids.Select(id => Parse(id, letter)).OfType<(string TenantId, long Number)>()
                .Where(id => Tenant.KeyOf(id.TenantId) == Tenant.KeyOf(tenantId)).Select(id => id.Number).Distinct(),
        ];
}
