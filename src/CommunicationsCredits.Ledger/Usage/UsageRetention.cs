using System.Collections.Frozen;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>
/// How long Microsoft keeps call detail, by the tenant's country. What is not imported by then is lost.
/// </summary>
/// <remarks>
/// Source: <i>Microsoft Teams PSTN usage report</i>, section <i>Exporting PSTN usage report</i>: one year, "unless country-specific
/// regulations prohibit retention of the data for 12 months", and 150 days for what it keeps shorter. It lists no countries. So a
/// country stands here only where no such regulation is known, and every other one has the shorter time: a warning that comes early
/// costs nothing.
/// </remarks>
internal static class UsageRetention
{
    /// <summary>The days of a country that is not listed.</summary>
    public const int ShortestDays = 150;

    /// <summary>How many days before the end it is said.</summary>
    public const int WarningDays = 30;

    /// <summary>The countries that are known to have a longer time, with its days.</summary>
    public static readonly FrozenDictionary<string, int> Known =
        new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["CA"] = 365, ["US"] = 365 }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The days that call detail of a country's tenants is kept.</summary>
    public static int DaysOf(string country) => Known.GetValueOrDefault(country, ShortestDays);

    /// <summary>The whole days since the last import where so many have passed that calls are about to be lost; else null.</summary>
    public static int? DaysWithoutImport(string country, Instant? lastImport, Instant at)
    {
        if (lastImport is not { } last || at <= last)
            return null;
        var days = (int)((at.Ticks - last.Ticks) / TimeSpan.TicksPerDay);
        return days > DaysOf(country) - WarningDays ? days : null;
    }
}
