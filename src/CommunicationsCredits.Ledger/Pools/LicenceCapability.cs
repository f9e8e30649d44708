namespace CommunicationsCredits.Ledger.Pools;

/// <summary>The licence capabilities whose included minutes the rules know (A1).</summary>
internal static class LicenceCapability
{
    /// <summary>The name of the tenant-wide pool of Zone A dial-out minutes.</summary>
    public const string ConferenceDialOut = "ConferenceDialOut";

    private const string PerUser = "MCOPSTN8";

    /// <summary>The minutes that a licence brings, or null where the rules do not know.</summary>
    /// <param name="capability">The capability, in any case.</param>
    /// <param name="country">The country, ISO 3166-1 alpha-2.</param>
    public static (int Domestic, int International)? Preset(string capability, string? country)
    {
        var callingPlan = country is "US" or "CA" or "PR" ? 3000 : 1200;
        return capability.ToUpperInvariant() switch
        {
            "MCOPSTN1" => (callingPlan, 0),
            "MCOPSTN2" => (callingPlan, 600),
            "MCOPSTN5" or PerUser => (120, 0),
            "MCOPSTN6" => (240, 0),
            "MCOPSTN9" => (0, 600),
            "CONFERENCEDIALOUT" => (60, 0),
            _ => null,
        };
    }

    /// <summary>Whether every user has minutes of his own, which are not pooled.</summary>
    public static bool IsPerUser(string capability) => capability.Equals(PerUser, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether both kinds of minutes close as soon as one is used up (A3).</summary>
    public static bool ClosesWhole(string capability) => capability.Equals("MCOPSTN2", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether calls of the capability within the country may draw on included minutes.</summary>
    /// <remarks>Pay-as-you-go has none (A2); of a capability that is not known, a pool of its own may.</remarks>
    public static bool MayCoverDomestic(ReadOnlySpan<byte> capability) =>
        !capability.IsEmpty && !Is(capability, "MCOPSTNPP"u8) && !Is(capability, "MCOPSTN9"u8);

    /// <summary>Whether calls of the capability to other countries may draw on included minutes.</summary>
    public static bool MayCoverInternational(ReadOnlySpan<byte> capability) =>
        !capability.IsEmpty && !Is(capability, "MCOPSTNPP"u8) && !Is(capability, "MCOPSTN1"u8) && !Is(capability, "MCOPSTN5"u8)
        && !Is(capability, "MCOPSTN6"u8) && !Is(capability, "MCOPSTN8"u8);

    /// <summary>Whether its pool may have domestic minutes, or dial-out ones.</summary>
    public static bool HasDomestic(string capability) => MayCoverDomestic(System.Text.Encoding.UTF8.GetBytes(capability));

    /// <summary>Whether its pool may have international minutes.</summary>
    public static bool HasInternational(string capability) => capability != ConferenceDialOut
        && MayCoverInternational(System.Text.Encoding.UTF8.GetBytes(capability));

    /// <summary>Whether the capability is the one named, in any case.</summary>
    public static bool Is(ReadOnlySpan<byte> capability, ReadOnlySpan<byte> upper) =>
        System.Text.Ascii.EqualsIgnoreCase(capability, upper);
}
