using System.Globalization;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds;

/// <summary>The terms of a lot in words: they stand in its entry, so that the chain vouches for them too.</summary>
internal static class LotTerms
{
    public static string Describe(Instant expiresAt, int priority) => priority == 0
        ? $"Expires {expiresAt}"
        : string.Create(CultureInfo.InvariantCulture, $"Expires {expiresAt}, priority {priority}");
}
