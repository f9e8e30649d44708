using System.Runtime.CompilerServices;
using System.Text;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>What a text is as a telephone number (G1).</summary>
internal enum NumberKind : byte
{
    /// <summary>Nothing is there.</summary>
    None,

    /// <summary>A number whose digits are matched.</summary>
    Number,

    /// <summary>An emergency or service code.</summary>
    ShortCode,

    /// <summary>A text that is no number, or one whose country cannot be known.</summary>
    NoNumber,
}

/// <summary>The digits of a telephone number by which it is matched (G1).</summary>
internal ref struct NumberDigits
{
    /// <summary>The most digits that are looked at: more than any number has (E.164: 15).</summary>
    public const int Maximum = 32;

    private const int FewestWithoutPrefix = 7;
    private const int LongestShortCode = 6;

    /// <summary>The digits, as values 0 to 9, without <c>+</c>, a leading <c>00</c>, and whatever follows a mask.</summary>
    public ReadOnlySpan<byte> Digits { get; private init; }

    /// <summary>What it is.</summary>
    public NumberKind Kind { get; private init; }

    /// <summary>Whether it can be matched with prefixes.</summary>
    public readonly bool IsNumber => Kind == NumberKind.Number;

    /// <summary>Whether it is an emergency or service code, which no rate covers.</summary>
    public readonly bool IsShortCode => Kind == NumberKind.ShortCode;

    /// <summary>Reads a number.</summary>
    /// <param name="text">The number as exported or typed; its end may be masked with <c>*</c>.</param>
    /// <param name="buffer">Room for <see cref="Maximum"/> digits.</param>
    [MethodImpl(HotPath.Compiled)]
    public static NumberDigits Read(ReadOnlySpan<byte> text, Span<byte> buffer)
    {
        // As exports have it, which nearly every number is.
        if (text.Length is > 2 and <= Maximum && text[0] == '+' && text[1] != '0' && text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            for (var i = 1; i < text.Length; i++)
                buffer[i - 1] = (byte)(text[i] - '0');
            return new() { Digits = buffer[..(text.Length - 1)], Kind = NumberKind.Number };
        }

        text = Unwrapped(text);
        if (text.IsEmpty)
            return default;
        if (!TryUnwrapUri(ref text))
            return new() { Kind = NumberKind.NoNumber };

        var count = 0;
        bool isShort = IsShortCodeText(text), plus = false, isPlain = true, isMasked = false;
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if ((uint)(c - '0') <= 9)
            {
                if (!isMasked && count < buffer.Length)
                    buffer[count++] = (byte)(c - '0');
            }
            else if (c == '*')
            {
                isMasked = true;
            }
            else if (c == '+' && count == 0 && !plus && !isMasked)
            {
                plus = true;
            }
            else if (IsBracketedZero(text[at..]) && (plus ? count > 0 : count > 2 && buffer[0] == 0 && buffer[1] == 0))
            {
                // How numbers are printed where a national call begins with 0: +44 (0)20 …
                at += 2;
            }
            else if (c is (byte)' ' or (byte)'-' or (byte)'.' or (byte)'/' or (byte)'(' or (byte)')' or (byte)'\t')
            {
                isPlain = false;
            }
            else if (SkipMark(text[at..], out var isInvisible) is > 0 and var length)
            {
                isPlain &= isInvisible;
                at += length - 1;
            }
            else if (!(c == '#' && isShort))
            {
                return new() { Kind = NumberKind.NoNumber };
            }
        }

        ReadOnlySpan<byte> digits = buffer[..count];
        if (isShort)
            return new() { Digits = digits, Kind = NumberKind.ShortCode };
        var isInternational = plus;
        if (!plus && count >= 2 && digits[0] == 0 && digits[1] == 0)
        {
            digits = digits[2..];
            isInternational = true;
        }

        // No country's code begins with 0. Without + or 00, digits alone are taken for an international number, as exports have it;
        // written as people write a national one, it is another country's.
        var isNumber = !digits.IsEmpty && digits[0] != 0 && (isInternational || (isPlain && digits.Length >= FewestWithoutPrefix));
        return new() { Digits = isNumber ? digits : default, Kind = isNumber ? NumberKind.Number : NumberKind.NoNumber };
    }

    /// <summary>Why a text is no number that can be rated, and what to write instead: "'…' is …".</summary>
    /// <param name="text">The text.</param>
    public static string WhyRefused(string text)
    {
        const int most = 40;
        var shown = text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "…");
        var trimmed = text.Trim();
        if (trimmed.Length > 2 && trimmed.All(c => c == '#'))
            return $"'{shown}' is what a spreadsheet shows where a column is too narrow. Import the export as it was downloaded.";
        if (trimmed.Contains('e', StringComparison.OrdinalIgnoreCase) && char.IsAsciiDigit(trimmed[0])
            && trimmed.All(c => char.IsAsciiDigit(c) || c is 'e' or 'E' or '.' or ',' or '+' or '-'))
            return $"'{shown}' is not a telephone number: a spreadsheet made a number of it. Import the export as it was downloaded.";
        if (trimmed.Any(char.IsAsciiDigit) && !trimmed.Any(char.IsLetter))
        {
            if (trimmed.Contains('*', StringComparison.Ordinal))
                return $"'{shown}' shows too few digits to find its rate: at least seven, or a + before them.";
            if (trimmed.Count(char.IsAsciiDigit) >= FewestWithoutPrefix)
            {
                return $"'{shown}' may be a national number, and of which country cannot be known: write it with + and the country's code, as "
                    + "in +12025550100.";
            }
        }

        return $"'{shown}' is not a telephone number.";
    }

    /// <summary>The text without blanks, and without what spreadsheets put around a text that should stay one.</summary>
    private static ReadOnlySpan<byte> Unwrapped(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t"u8);
        if (text.Length > 3 && text.StartsWith("=\""u8) && text[^1] == '"')
            text = text[2..^1].Trim(" \t"u8);
        return text.StartsWith("'"u8) ? text[1..].TrimStart(" \t"u8) : text;
    }

    /// <summary>Takes the number out of <c>tel:</c> and <c>sip:</c>, and cuts an extension off (RFC 3966, RFC 3261).</summary>
    private static bool TryUnwrapUri(ref ReadOnlySpan<byte> text)
    {
        if (Begins(text, "tel:"u8))
        {
            text = text[4..].Trim((byte)' ');
        }
        else if (Begins(text, "sip:"u8) || Begins(text, "sips:"u8))
        {
            text = text[(text.IndexOf((byte)':') + 1)..];
            var at = text.IndexOf((byte)'@');
            if (at < 0)
                return false;
            text = text[..at];
        }

        var parameter = text.IndexOf((byte)';');
        if (parameter >= 0)
        {
            var extension = text[parameter..];
            if (!Begins(extension, ";ext="u8) || extension[5..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
                return false;
            text = text[..parameter];
        }

        return !text.IsEmpty;
    }

    /// <summary>Digits, at most six characters with * or # before the first or # after the last; what ends in * is masked.</summary>
    private static bool IsShortCodeText(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 2 or > LongestShortCode)
            return false;
        var digits = text.TrimStart("*#"u8).TrimEnd((byte)'#');
        return !digits.IsEmpty && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    private static bool IsBracketedZero(ReadOnlySpan<byte> text) => text.StartsWith("(0)"u8);

    /// <summary>
    /// The length of a blank, a dash, or an invisible mark of Unicode that people and programs write in numbers; 0 where the text begins with another character.
    /// </summary>
    private static int SkipMark(ReadOnlySpan<byte> text, out bool isInvisible)
    {
        isInvisible = false;
        if (text[0] < 0x80 || Rune.DecodeFromUtf8(text, out var rune, out var length) != System.Buffers.OperationStatus.Done)
            return 0;
        isInvisible = rune.Value is (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0xFEFF or 0xAD;
        var isMark = isInvisible || rune.Value is 0xA0 or (>= 0x2000 and <= 0x200A) or 0x202F or 0x3000 or (>= 0x2010 and <= 0x2015) or 0x2212;
        return isMark ? length : 0;
    }

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && Ascii.EqualsIgnoreCase(text[..lower.Length], lower);
}
