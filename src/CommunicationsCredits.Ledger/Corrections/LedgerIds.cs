using System.Globalization;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Corrections;

/// <summary>Takes ids of entries, imports and attempts apart: the tenant's id, a slash, a letter where there is one, a number.</summary>
internal static class LedgerIds
{
    /// <summary>The tenant and the number of an id, or null where it is none of this ledger's.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="id">The id.</param>
    /// <param name="letter">The letter before the number; empty for entries.</param>
    public static (Tenant Tenant, long Number)? Find(LedgerTransaction tx, string id, string letter)
    {
        var slash = id.LastIndexOf('/');
        if (slash <= 0 || !id.AsSpan(slash + 1).StartsWith(letter, StringComparison.OrdinalIgnoreCase)
            || !long.TryParse(id.AsSpan(slash + 1 + letter.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || tx.Tenants.Find(id[..slash]) is not { } tenant)
            return null;
        return (tenant, number);
    }
}
