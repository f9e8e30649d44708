using System.Text;

namespace CommunicationsCredits.Ledger.Pools;

/// <summary>What the rules know of a license's capability, and of those whose names begin with its name (A1).</summary>
/// <param name="Name">The name, in capitals.</param>
/// <param name="HasPlanMinutes">Whether a license brings a calling plan's domestic minutes: 3,000, or 1,200 outside US, CA and PR.</param>
/// <param name="Domestic">The domestic minutes of a license where they are the same everywhere, or the dial-out ones.</param>
/// <param name="International">The international minutes of a license.</param>
/// <param name="MayCoverDomestic">Whether its calls within the country may draw on included minutes.</param>
/// <param name="MayCoverInternational">Whether its calls to other countries may.</param>
internal sealed record KnownCapability(
    string Name, bool HasPlanMinutes, int Domestic, int International, bool MayCoverDomestic, bool MayCoverInternational)
{
    /// <summary>The name as bytes.</summary>
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Whether every user has minutes of his own, which are not pooled.</summary>
    public bool IsPerUser { get; init; }

    /// <summary>Whether both kinds of minutes close as soon as one is used up (A3).</summary>
    public bool ClosesWhole { get; init; }

    /// <summary>Whether its minutes are the whole tenant's, for calls out of conferences.</summary>
    public bool IsDialOut { get; init; }

    /// <summary>Whether the rules know what a license brings.</summary>
    public bool HasPreset => HasPlanMinutes || Domestic > 0 || International > 0;
}

/// <summary>The license capabilities whose included minutes the rules know (A1).</summary>
internal static class LicenseCapability
{
    /// <summary>The name of the tenant-wide pool of Zone A dial-out minutes.</summary>
    public const string ConferenceDialOut = "ConferenceDialOut";

    /// <summary>The capability whose dial-out minutes are a pool of their own, for destinations in the US and Canada.</summary>
    public const string DialOutUs = "MCOMEETADD_DIALOUT_US";

    /// <summary>The table; the longest name that fits counts.</summary>
    public static readonly IReadOnlyList<KnownCapability> Known =
    [
        new("MCOPSTN1", true, 0, 0, true, false),
        new("MCOPSTN2", true, 0, 600, true, true) { ClosesWhole = true },
        new("MCOPSTN5", false, 120, 0, true, false),
        new("MCOPSTN6", false, 240, 0, true, false),
        new("MCOPSTN8", false, 120, 0, true, false) { IsPerUser = true },
        new("MCOPSTN9", false, 0, 600, false, true),
        new("MCOPSTNPP", false, 0, 0, false, false),
        new(DialOutUs, false, 60, 0, true, false) { IsDialOut = true },
        new("CONFERENCEDIALOUT", false, 60, 0, true, false) { IsDialOut = true },
    ];

    private static readonly KnownCapability[] LongestFirst = [.. Known.OrderByDescending(known => known.Name.Length)];

    /// <summary>What is known of a capability by its stem: the longest known name that it equals, or that letters or _ follow.</summary>
    /// <param name="capability">The capability, in any case.</param>
    public static KnownCapability? StemOf(ReadOnlySpan<byte> capability)
    {
        foreach (var known in LongestFirst)
        {
            var name = known.Utf8;
            if (capability.Length >= name.Length && (capability[7] | 0x20) == (name[7] | 0x20)
                && (capability.Length == name.Length || capability[name.Length] == '_' || char.IsAsciiLetter((char)capability[name.Length]))
                && Ascii.EqualsIgnoreCase(capability[..name.Length], name))
                return known;
        }

        return null;
    }

    /// <summary>What is known of a capability by its stem.</summary>
    public static KnownCapability? StemOf(string capability) => StemOf(Encoding.UTF8.GetBytes(capability));

    /// <summary>The minutes that a license brings, or null where the rules do not know.</summary>
    /// <param name="capability">The capability, in any case.</param>
    /// <param name="country">The country, ISO 3166-1 alpha-2.</param>
    public static (int Domestic, int International)? Preset(string capability, string? country)
    {
        if (StemOf(capability) is not { HasPreset: true } known)
            return null;

        // The plans of Brazil and Mexico are their stem's with fewer minutes, wherever the tenant is.
        var isShort = capability.Length == known.Name.Length + 2 && capability[known.Name.Length..].ToUpperInvariant() is "BR" or "MX";
        var plan = country is "US" or "CA" or "PR" && !isShort ? 3000 : 1200;
        return (known.HasPlanMinutes ? plan : known.Domestic, known.International);
    }

    /// <summary>Whether every user has minutes of his own, which are not pooled.</summary>
    public static bool IsPerUser(string capability) => StemOf(capability)?.IsPerUser == true;

    /// <summary>Whether both kinds of minutes close as soon as one is used up (A3).</summary>
    public static bool ClosesWhole(string capability) => StemOf(capability)?.ClosesWhole == true;

    /// <summary>Whether its pool is the whole tenant's, without a country, for calls out of conferences.</summary>
    public static bool IsDialOut(string capability) => StemOf(capability)?.IsDialOut == true;

    /// <summary>Whether a pool of dial-out minutes is the one for calls of a capability: its own, or that of Zone A.</summary>
    /// <param name="pool">The pool's name.</param>
    /// <param name="capability">The call's capability.</param>
    public static bool IsDialOutPoolOf(string pool, ReadOnlySpan<byte> capability) => IsDialOutUs(capability)
        ? Ascii.EqualsIgnoreCase(capability, pool)
        : pool == ConferenceDialOut;

    /// <summary>Whether the capability has the dial-out minutes of the US and Canada.</summary>
    public static bool IsDialOutUs(ReadOnlySpan<byte> capability) => capability.Length >= DialOutUs.Length && StemOf(capability)?.Name == DialOutUs;

    /// <summary>Whether calls of the capability within the country may draw on included minutes.</summary>
    /// <remarks>Pay-as-you-go has none (A2); of a capability that is not known, a pool of its own may.</remarks>
    public static bool MayCoverDomestic(ReadOnlySpan<byte> capability) =>
        !capability.IsEmpty && StemOf(capability) is not { MayCoverDomestic: false };

    /// <summary>Whether calls of the capability to other countries may draw on included minutes.</summary>
    public static bool MayCoverInternational(ReadOnlySpan<byte> capability) =>
        !capability.IsEmpty && StemOf(capability) is not { MayCoverInternational: false };

    /// <summary>Whether its pool may have domestic minutes, or dial-out ones.</summary>
    public static bool HasDomestic(string capability) => MayCoverDomestic(Encoding.UTF8.GetBytes(capability));

    /// <summary>Whether its pool may have international minutes.</summary>
    public static bool HasInternational(string capability) => MayCoverInternational(Encoding.UTF8.GetBytes(capability));

    /// <summary>Whether the capability is the one named, in any case.</summary>
    public static bool Is(ReadOnlySpan<byte> capability, ReadOnlySpan<byte> upper) => Ascii.EqualsIgnoreCase(capability, upper);
}
