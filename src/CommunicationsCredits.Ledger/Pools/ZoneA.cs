using System.Collections.Frozen;

namespace CommunicationsCredits.Ledger.Pools;

/// <summary>
/// The countries and regions that conference dial-out minutes cover: Zone A of Audio Conferencing. Source: Microsoft, "Audio
/// Conferencing dial-out/call me at minutes benefits".
/// </summary>
internal static class ZoneA
{
    private static readonly FrozenDictionary<string, string> CodesByName = new Dictionary<string, string>
    {
        ["Australia"] = "AU", ["Austria"] = "AT", ["Belgium"] = "BE", ["Brazil"] = "BR", ["Bulgaria"] = "BG", ["Canada"] = "CA",
        ["China"] = "CN", ["Croatia"] = "HR", ["Czech Republic"] = "CZ", ["Czechia"] = "CZ", ["Denmark"] = "DK",
        ["Estonia"] = "EE", ["Finland"] = "FI", ["France"] = "FR", ["Germany"] = "DE", ["Greece"] = "GR",
        ["Hong Kong SAR"] = "HK", ["Hong Kong"] = "HK", ["Hungary"] = "HU", ["India"] = "IN", ["Ireland"] = "IE",
        ["Italy"] = "IT", ["Japan"] = "JP", ["Luxembourg"] = "LU", ["Malaysia"] = "MY", ["Mexico"] = "MX",
        ["Netherlands"] = "NL", ["New Zealand"] = "NZ", ["Norway"] = "NO", ["Poland"] = "PL", ["Portugal"] = "PT",
        ["Puerto Rico"] = "PR", ["Romania"] = "RO", ["Russia"] = "RU", ["Singapore"] = "SG", ["Slovak Republic"] = "SK",
        ["Slovakia"] = "SK", ["Slovenia"] = "SI", ["South Africa"] = "ZA", ["South Korea"] = "KR", ["Spain"] = "ES",
        ["Sweden"] = "SE", ["Switzerland"] = "CH", ["Taiwan"] = "TW", ["Thailand"] = "TH", ["United Kingdom"] = "GB",
        ["United States"] = "US",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Codes = CodesByName.Values.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it holds a destination, by its country where that is known, else by its name.</summary>
    public static bool Contains(string? country, string? destination) =>
        country is not null ? ContainsCountry(country) : destination is not null && ContainsDestination(destination);

    /// <summary>Whether it holds the country, ISO 3166-1 alpha-2.</summary>
    public static bool ContainsCountry(string code) => Codes.Contains(code);

    /// <summary>Whether it holds a destination, given by its name or its code.</summary>
    public static bool ContainsDestination(string name) => CodesByName.ContainsKey(name) || Codes.Contains(name);
}
