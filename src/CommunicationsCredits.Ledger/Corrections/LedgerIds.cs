using System.Globalization;

namespace CommunicationsCredits.Ledger.Corrections;

/// <summary>Takes ids of entries, lots, imports, attempts and notifications apart: the tenant's id, a slash, a letter, a number.</summary>
internal static class LedgerIds
{
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
}
