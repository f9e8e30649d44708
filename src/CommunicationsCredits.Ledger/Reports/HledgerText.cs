using System.Buffers;
using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>
/// Text as a journal takes it. What would mean something else there is written as in an address: <c>%</c> and two hexadecimal digits
/// for each byte of its UTF-8, <c>%</c> itself included, so that it can be read back.
/// </summary>
internal static class HledgerText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-@+");

    private static readonly SearchValues<char> PlainInText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-@+:/ ()");

    /// <summary>A name as one part of an account: letters and digits of all scripts, and <c>._-@+</c>.</summary>
    public static string Account(string name) => IsAll(name, Plain) ? name : Escape(name, rune => Rune.IsLetterOrDigit(rune) || "._-@+".Contains((char)rune.Value, StringComparison.Ordinal));

    /// <summary>A transaction's description: up to a comment, without the bar that ends the payee.</summary>
    public static string Note(string text) => IsAll(text, PlainInText) ? text.Trim() : Escape(text, rune => IsPlain(rune) && rune.Value is not (';' or '|')).Trim();

    /// <summary>A tag's value: up to a comma.</summary>
    public static string Tag(string text) => IsAll(text, PlainInText) ? text.Trim() : Escape(text, rune => IsPlain(rune) && rune.Value != ',').Trim();

    /// <summary>An amount with its commodity.</summary>
    public static string Amount(Amount amount, string currency) => $"{amount} {currency}";

    /// <summary>The date UTC.</summary>
    public static string Date(Instant instant) => instant.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Whether there is nothing to look at closely, as in nearly all text.</summary>
    private static bool IsAll(string text, SearchValues<char> plain) => text.AsSpan().IndexOfAnyExcept(plain) < 0;

    private static bool IsPlain(Rune rune) => !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned);

    private static string Escape(string text, Func<Rune, bool> stays)
    {
        var escaped = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != '%' && stays(rune))
            {
                escaped.Append(rune);
                continue;
            }

            foreach (var part in bytes[..rune.EncodeToUtf8(bytes)])
                escaped.Append(CultureInfo.InvariantCulture, $"%{part:X2}");
        }

        return escaped.ToString();
    }
}
