using System.Globalization;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds;

/// <summary>The terms of a lot in words: they stand in its entry, so that the chain covers them too.</summary>
internal static class LotTerms
{
    public static string Describe(Instant expiresAt, int priority) => priority == 0
        ? $"Expires {expiresAt}"
        : string.Create(CultureInfo.InvariantCulture, $"Expires {expiresAt}, priority {priority}");

    /// <summary>Whether an entry's words are of these terms.</summary>
    public static bool Match(string? description, Instant expiresAt, int priority)
    {
        var terms = Describe(expiresAt, priority);
        return description == terms || description?.StartsWith($"{terms}: ", StringComparison.Ordinal) == true;
    }
}
