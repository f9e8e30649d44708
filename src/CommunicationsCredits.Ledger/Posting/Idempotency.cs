using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>Makes the same posting only once: a key within a tenant and an operation (C2).</summary>
internal static class Idempotency
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaximumKeyLength = 256;

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

    /// <summary>A key that was used before with other parameters.</summary>
    public static CreditException Conflict(Tenant tenant, string key, string before, string now) => new(
        CreditErrorId.IdempotencyConflict,
        $"The idempotency key '{key}' of {tenant.InWords} was used before with {before}, and now with {now}. Nothing was posted; use a "
        + "new key for another posting.",
        tenant.Id);

    /// <summary>The need to know an operation's key; empty where the caller gave no key.</summary>
    public static IReadOnlyList<(string Operation, string Key)> Need(string operation, string? key) =>
        string.IsNullOrEmpty(key) ? [] : [(operation, key)];

    /// <summary>The need to know the entry that a key led to before; null where the key is new, or that entry is known.</summary>
    public static Needs? NeedFirst(TenantState state, string operation, string? key) =>
        !string.IsNullOrEmpty(key) && state.Keys.TryGetValue((operation, key), out var use) && !state.Entries.ContainsKey(use.Entry)
            ? Needs.Of(state.Tenant.Id) with { Entries = [use.Entry] }
            : null;
}
