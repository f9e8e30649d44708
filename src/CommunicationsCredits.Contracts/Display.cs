using System.ComponentModel;
using System.Globalization;
using System.Text;

namespace CommunicationsCredits;

/// <summary>
/// How the default views write values: the same in every culture, and for results that come from a job or another machine, whose
/// instants are text. It is for the format file; scripts use the properties.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Display
{
    // Seven digits with separators, the point and six decimals, and a sign: "-1,234,567.123456".
    private const int NumberWidth = 17;
    private const int MoneyWidth = NumberWidth + 4;
    private const int Decimals = 6;

    /// <summary>
    /// Money with its currency, 21 characters wide: the decimal points of a column lie under each other. A number that is too long for
    /// that loses its separators, then its currency, never a digit or its sign.
    /// </summary>
    /// <param name="amount">The amount in units of the currency, or null.</param>
    /// <param name="currency">The currency, ISO 4217.</param>
    /// <returns>The text; empty where there is no amount.</returns>
    public static string Money(decimal? amount, string? currency)
    {
        if (amount is not { } value)
            return string.Empty;
        var number = Aligned(value, NumberWidth);
        if (number.Length > NumberWidth)
            number = Aligned(value, MoneyWidth - 4);
        return number.Length <= NumberWidth ? $"{currency} {number}" : number.PadLeft(MoneyWidth);
    }

    /// <summary>An amount without its currency, 17 characters wide, its decimal point under those of its column.</summary>
    /// <param name="amount">The amount in units of a currency that another column has, or null.</param>
    /// <returns>The text; empty where there is no amount.</returns>
    public static string Amount(decimal? amount) => amount is { } value ? Aligned(value, NumberWidth) : string.Empty;

    /// <summary>Money as it is in a sentence, as in <c>USD 1,250.00</c>.</summary>
    /// <param name="amount">The amount in units of the currency, or null.</param>
    /// <param name="currency">The currency, ISO 4217.</param>
    /// <returns>The text; empty where there is no amount.</returns>
    public static string InWords(decimal? amount, string? currency) =>
        amount is { } value ? string.Create(CultureInfo.InvariantCulture, $"{currency} {value:#,##0.00####}") : string.Empty;

    /// <summary>A tenant in a message: <c>Contoso (contoso.com)</c>, or <c>'contoso.com'</c> where its name is its id.</summary>
    /// <param name="name">The tenant's name.</param>
    /// <param name="id">The tenant's id.</param>
    /// <returns>The text, which a terminal can show.</returns>
    public static string Tenant(string name, string id) => name == id ? $"'{Text(id)}'" : $"{Text(name)} ({Text(id)})";

    /// <summary>The beginning of a digest: enough to see at a glance whether two differ.</summary>
    /// <param name="digest">The digest, or null.</param>
    /// <returns>Its first 16 characters and an ellipsis.</returns>
    public static string Start(string? digest) => digest is { Length: > 16 } ? digest[..16] + "…" : digest ?? string.Empty;

    /// <summary>A number of things, or of minutes: with separators and at most two decimals.</summary>
    /// <param name="count">The number, or null.</param>
    /// <returns>The text; empty where there is no number.</returns>
    public static string Count(decimal? count) => count?.ToString("#,##0.##", CultureInfo.InvariantCulture) ?? string.Empty;

    /// <summary>A number of things in a sentence, as in <c>1 call</c> and <c>2,000 calls</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="thing">What one of them is.</param>
    /// <returns>The text.</returns>
    public static string Counted(long count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,##0} {thing}{(count == 1 ? string.Empty : "s")}");

    /// <summary>A percentage with one decimal.</summary>
    /// <param name="percent">The percentage, or null.</param>
    /// <returns>The text; empty where there is no percentage.</returns>
    public static string Percent(decimal? percent) => percent?.ToString("0.0", CultureInfo.InvariantCulture) ?? string.Empty;

    /// <summary>An instant to the minute, UTC.</summary>
    /// <param name="instant">The instant, or its ISO 8601 text, or null.</param>
    /// <returns>The text, as in <c>2026-03-01 09:30</c>; empty where there is no instant.</returns>
    public static string Instant(object? instant) => Format(instant, "yyyy-MM-dd HH:mm");

    /// <summary>The day of an instant, UTC.</summary>
    /// <param name="instant">The instant, or its ISO 8601 text, or null.</param>
    /// <returns>The text, as in <c>2026-03-01</c>; empty where there is no instant.</returns>
    public static string Day(object? instant) => Format(instant, "yyyy-MM-dd");

    /// <summary>A duration as hours, minutes and seconds.</summary>
    /// <param name="duration">The duration, or null.</param>
    /// <returns>The text, as in <c>0:01:30</c>; empty where there is no duration.</returns>
    public static string Duration(TimeSpan? duration) => duration is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)value.TotalHours}:{value:mm\\:ss}")
        : string.Empty;

    /// <summary>
    /// Text as a terminal can show it without obeying it: each control character, and each that turns the direction of writing, is
    /// replaced by a picture of it.
    /// </summary>
    /// <param name="text">The text, or a list of texts, or null.</param>
    /// <returns>The text on one line; empty where there is no text.</returns>
    public static string Text(object? text)
    {
        var whole = text switch
        {
            null => string.Empty,
            string one => one,
            System.Collections.IEnumerable list => string.Join(", ", list.Cast<object?>()),
            _ => text.ToString() ?? string.Empty,
        };
        if (!whole.Any(IsUnsafe))
            return whole;
        var safe = new StringBuilder(whole.Length);
        foreach (var c in whole)
            safe.Append(IsUnsafe(c) ? PictureOf(c) : c);
        return safe.ToString();
    }

    /// <summary>Text in lines of a width at most, broken between words, since a table breaks a word, and an amount, where the column ends.</summary>
    /// <param name="text">The text, or a list of texts, or null.</param>
    /// <param name="width">The characters of a line.</param>
    public static string Wrapped(object? text, int width)
    {
        var shown = Text(text);
        if (shown.Length <= width)
            return shown;
        var lines = new StringBuilder(shown.Length);
        var length = 0;
        foreach (var word in shown.Split(' '))
        {
            var isFirst = lines.Length == 0;
            var fits = !isFirst && length + 1 + word.Length <= width;
            if (!isFirst)
                lines.Append(fits ? ' ' : '\n');
            lines.Append(word);
            length = fits ? length + 1 + word.Length : word.Length;
        }

        return lines.ToString();
    }

    /// <summary>What lots paid, each by its number and without its tenant, as in <c>F1: USD 1.50, F2: USD 0.40</c>.</summary>
    /// <param name="draws">The draws, or null.</param>
    /// <returns>The text; empty for none.</returns>
    public static string Draws(object? draws)
    {
        return draws is System.Collections.IEnumerable list and not string ? Text(list.Cast<object?>().Select(Short).ToList()) : string.Empty;

        static string Short(object? draw)
        {
            var text = draw?.ToString() ?? string.Empty;
            return text[(text.LastIndexOf('/') + 1)..];
        }
    }

    /// <summary>Text that begins with a capital, as the names of values do, in the lower case of a sentence: <c>UsedUp</c> is <c>used up</c>.</summary>
    /// <param name="value">The value, or its name.</param>
    /// <returns>The text; empty where there is no value.</returns>
    public static string Word(object? value)
    {
        var name = value?.ToString() ?? string.Empty;
        var words = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }

    /// <summary>The number with its fraction padded to six places, where that fits.</summary>
    private static string Aligned(decimal value, int width)
    {
        var text = value.ToString("#,##0.00####", CultureInfo.InvariantCulture);
        var padded = text.PadRight(text.IndexOf('.', StringComparison.Ordinal) + 1 + Decimals);
        if (padded.Length <= width)
            return padded.PadLeft(width);
        if (text.Length <= width)
            return text.PadLeft(width);
        return value.ToString("0.00####", CultureInfo.InvariantCulture).PadLeft(width);
    }

    private static string Format(object? instant, string format)
    {
        var value = instant switch
        {
            DateTimeOffset known => known,
            DateTime known => new(known.ToUniversalTime()),
            null => (DateTimeOffset?)null,
            _ when DateTimeOffset.TryParse(
                instant.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read) => read,
            _ => null,
        };
        return value?.UtcDateTime.ToString(format, CultureInfo.InvariantCulture) ?? string.Empty;
    }

    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E')
            or (>= '\u2066' and <= '\u2069');

    /// <summary>The Unicode picture of a control character; what has no picture is the replacement character.</summary>
    private static char PictureOf(char c) => c switch
    {
        < ' ' => (char)('\u2400' + c),
        '\u007F' => '\u2421',
        _ => '\uFFFD',
    };
}
