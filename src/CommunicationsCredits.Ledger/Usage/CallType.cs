using System.Text;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>The call types that the rules tell apart (U4).</summary>
internal enum CallType : byte
{
    /// <summary>Any type that is not known.</summary>
    Other,

    /// <summary>Another operator's call: <c>dr_*</c>, <c>oc_*</c>, <c>Byot*</c>.</summary>
    OtherOperator,

    /// <summary>A call to an emergency service: <c>emergency_*</c>.</summary>
    Emergency,

    /// <summary>A call in.</summary>
    In,

    /// <summary>A call in to a conference.</summary>
    ConferenceIn,

    /// <summary>A call out of a conference.</summary>
    ConferenceOut,

    /// <summary>A call out of a user, of a mobile phone of Teams, or of a resource account.</summary>
    Out,
}

/// <summary>Reads a call type.</summary>
internal static class CallTypes
{
    /// <summary>The types whose whole name is known; case does not count.</summary>
    public static readonly IReadOnlyList<(string Name, CallType Type)> Names =
    [
        ("user_out", CallType.Out), ("user_out_conf", CallType.Out), ("user_out_transfer", CallType.Out),
        ("user_out_forwarding", CallType.Out), ("fmc_out", CallType.Out), ("ucap_out", CallType.Out), ("ucap_out_conf", CallType.Out),
        ("user_in", CallType.In), ("ucap_in", CallType.In), ("fmc_in", CallType.In), ("unassigned_in", CallType.In),
        ("conf_in", CallType.ConferenceIn), ("conf_out", CallType.ConferenceOut),
    ];

    /// <summary>The types that are known by how they begin.</summary>
    public static readonly IReadOnlyList<(string Prefix, CallType Type)> Prefixes =
    [
        ("dr_", CallType.OtherOperator), ("oc_", CallType.OtherOperator), ("Byot", CallType.OtherOperator),
        ("emergency_", CallType.Emergency),
    ];

    private static readonly (byte[] Name, CallType Type)[] NamesInUtf8 =
        [.. Names.Select(known => (Encoding.UTF8.GetBytes(known.Name), known.Type))];

    private static readonly (byte[] Prefix, CallType Type)[] PrefixesInUtf8 =
        [.. Prefixes.Select(known => (Encoding.UTF8.GetBytes(known.Prefix), known.Type))];

    /// <summary>Reads a call type, in any case.</summary>
    public static CallType Parse(ReadOnlySpan<byte> text)
    {
        foreach (var (name, type) in NamesInUtf8)
        {
            if (text.Length == name.Length && Ascii.EqualsIgnoreCase(text, name))
                return type;
        }

        foreach (var (prefix, type) in PrefixesInUtf8)
        {
            if (text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix))
                return type;
        }

        return CallType.Other;
    }
}
