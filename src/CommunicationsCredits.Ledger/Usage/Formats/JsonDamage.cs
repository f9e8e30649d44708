using System.Text.Json;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>Finds the way on in damaged JSON (U5): where an error is, and where the next object opens.</summary>
internal static class JsonDamage
{
    /// <summary>The longest beginning of an object that says that it is one: a brace, a name, and blanks between them.</summary>
    public const int MaximumOpening = 256;

    /// <summary>Finds the opening of an object that is no property's value; the limit where nothing opens before it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">From where it is looked for.</param>
    /// <param name="limit">Where the search ends.</param>
    /// <param name="lastSkipped">The last byte skipped that is no blank, before and after.</param>
    public static int FindOpening(ReadOnlySpan<byte> text, int from, int limit, ref byte lastSkipped)
    {
        for (var at = from; at < limit; at++)
        {
            var mark = text[at];
            if (mark == '{' && lastSkipped != ':' && IsOpening(text[at..Math.Min(text.Length, at + MaximumOpening)]))
                return at;
            if (!IsBlank(mark))
                lastSkipped = mark;
        }

        return limit;
    }

    /// <summary>Blanks of JSON, and the mark before each record of a JSON text sequence (RFC 7464).</summary>
    public static bool IsBlank(byte c) => c is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or 0x1E;

    /// <summary>The byte of the text that an error is at.</summary>
    public static int PlaceOf(JsonException error, ReadOnlySpan<byte> json)
    {
        var place = 0;
        for (var line = error.LineNumber ?? 0; line > 0; line--)
        {
            var end = json[place..].IndexOf((byte)'\n');
            if (end < 0)
                break;
            place += end + 1;
        }

        return (int)Math.Min(place + (error.BytePositionInLine ?? 0), json.Length);
    }

    /// <summary>Whether this is a brace, a plain name in quotes, and a colon; no string of valid JSON has that in it.</summary>
    private static bool IsOpening(ReadOnlySpan<byte> text)
    {
        text = text[1..].TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text[0] != '"')
            return false;
        var length = text[1..].IndexOf((byte)'"');
        if (length < 1)
            return false;
        foreach (var c in text.Slice(1, length))
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'@' or (byte)'.' or (byte)'_' or (byte)'/' or (byte)' '))
                return false;
        }

        text = text[(length + 2)..].TrimStart(" \t\r\n"u8);
        return !text.IsEmpty && text[0] == ':';
    }
}
