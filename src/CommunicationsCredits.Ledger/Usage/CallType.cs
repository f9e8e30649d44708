namespace CommunicationsCredits.Ledger.Usage;

/// <summary>The call types that the rules tell apart (U4).</summary>
internal enum CallType : byte
{
    /// <summary>Any type that is not known.</summary>
    Other,

    /// <summary>Another operator's call: <c>dr_*</c>, <c>oc_*</c>, <c>Byot*</c>.</summary>
    OtherOperator,

    /// <summary>A call in: <c>user_in</c>, <c>ucap_in</c>, <c>unassigned_in</c>.</summary>
    In,

    /// <summary>A call in to a conference: <c>conf_in</c>.</summary>
    ConferenceIn,

    /// <summary>A call out of a conference: <c>conf_out</c>.</summary>
    ConferenceOut,

    /// <summary>A call out of a user or a resource account: <c>user_out</c>, <c>user_out_*</c>, <c>ucap_out</c>.</summary>
    Out,
}

/// <summary>Reads a call type.</summary>
internal static class CallTypes
{
    /// <summary>Reads a call type, in any case.</summary>
    public static CallType Parse(ReadOnlySpan<byte> text)
    {
        Span<byte> lower = stackalloc byte[32];
        if (text.Length > lower.Length)
            return StartsWithOperator(text) ? CallType.OtherOperator : CallType.Other;
        for (var i = 0; i < text.Length; i++)
            lower[i] = text[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[i] | 0x20) : text[i];
        lower = lower[..text.Length];

        return lower switch
        {
            _ when StartsWithOperator(lower) => CallType.OtherOperator,
            _ when lower.SequenceEqual("user_in"u8) || lower.SequenceEqual("ucap_in"u8) || lower.SequenceEqual("unassigned_in"u8)
                => CallType.In,
            _ when lower.SequenceEqual("conf_in"u8) => CallType.ConferenceIn,
            _ when lower.SequenceEqual("conf_out"u8) => CallType.ConferenceOut,
            _ when lower.SequenceEqual("user_out"u8) || lower.SequenceEqual("ucap_out"u8)
                || lower.SequenceEqual("user_out_conf"u8) || lower.SequenceEqual("user_out_transfer"u8)
                || lower.SequenceEqual("user_out_forwarding"u8) => CallType.Out,
            _ => CallType.Other,
        };
    }

    private static bool StartsWithOperator(ReadOnlySpan<byte> text) =>
        Starts(text, "dr_"u8) || Starts(text, "oc_"u8) || Starts(text, "byot"u8);

    private static bool Starts(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix)
    {
        if (text.Length < prefix.Length)
            return false;
        for (var i = 0; i < prefix.Length; i++)
        {
            if ((text[i] | 0x20) != (prefix[i] | 0x20))
                return false;
        }

        return true;
    }
}
