namespace CommunicationsCredits.Ledger.Pools;

/// <summary>The licence capabilities whose minutes the rules know (A1).</summary>
internal static class LicenceCapability
{
    /// <summary>The capability that names the tenant-wide pool of Zone A dial-out minutes.</summary>
    public const string ConferenceDialOut = "ConferenceDialOut";

    /// <summary>Whether calls of the capability within the country may draw on included minutes.</summary>
    /// <remarks>Pay-as-you-go has none (A2); of a capability that is not known, a pool of its own may.</remarks>
    public static bool MayCoverDomestic(ReadOnlySpan<byte> capability) =>
        !capability.IsEmpty && !Is(capability, "MCOPSTNPP"u8) && !Is(capability, "MCOPSTN9"u8);

    /// <summary>Whether calls of the capability to other countries may draw on included minutes.</summary>
    public static bool MayCoverInternational(ReadOnlySpan<byte> capability) =>
        !capability.IsEmpty && !Is(capability, "MCOPSTNPP"u8) && !Is(capability, "MCOPSTN1"u8) && !Is(capability, "MCOPSTN5"u8)
        && !Is(capability, "MCOPSTN6"u8) && !Is(capability, "MCOPSTN8"u8);

    /// <summary>Whether the capability is the one named, in any case.</summary>
    public static bool Is(ReadOnlySpan<byte> capability, ReadOnlySpan<byte> upper) =>
        System.Text.Ascii.EqualsIgnoreCase(capability, upper);
}
