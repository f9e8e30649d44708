using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>Makes the same posting only once: a key within a tenant and an operation (C2).</summary>
internal static class Idempotency
{
    /// <summary>The parameters as given, in one line that can be compared and shown; what was not given is left out.</summary>
    public static string Describe(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var given = new List<string>();
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
                given.Add($"{name} {value}");
        }

        return string.Join(", ", given);
    }

    /// <summary>The entry that came of the key's first use, or null where the key is new or there is none.</summary>
    /// <exception cref="CreditException"><c>IdempotencyConflict</c>: the first use had other parameters.</exception>
    public static LedgerEntry? FindFirst(LedgerTransaction tx, Tenant tenant, string operation, string? key, string parameters)
    {
        if (string.IsNullOrEmpty(key) || tx.Entries.FindKey(tenant.Number, operation, key) is not { } known)
            return null;
        if (known.Parameters != parameters)
            throw LedgerErrors.IdempotencyConflict(tenant.Id, key, known.Parameters, parameters);
        return tx.Entries.Find(tenant.Number, known.Entry)!.Value.Entry;
    }

    /// <summary>Remembers what came of a key's first use.</summary>
    public static void Remember(LedgerTransaction tx, Tenant tenant, string operation, string? key, string parameters, long entry)
    {
        if (!string.IsNullOrEmpty(key))
            tx.Entries.AddKey(tenant.Number, operation, key, parameters, entry);
    }
}
