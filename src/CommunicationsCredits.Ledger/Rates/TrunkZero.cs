using System.Globalization;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>
/// A 0 after a country's code. It is dialled within the country only, and printed in brackets, which reading drops (G1). Without
/// brackets it cannot be told from a number that begins so (Italy's do), and it finds another rate: a mobile's 7 becomes a landline's 0.
/// </summary>
public static class TrunkZero
{
    /// <summary>The codes of countries whose numbers never begin with 0 from abroad, and do when dialled within.</summary>
    private static readonly string[] Codes =
    [
        "20", "27", "31", "32", "33", "40", "41", "43", "44", "46", "49", "51", "54", "55", "58", "60", "61", "62", "63", "64", "66", "81", "82", "84",
        "86", "90", "91", "92", "94", "95", "98", "212", "234", "254", "255", "256", "263", "353", "355", "358", "359", "381", "382", "385", "386",
        "387", "389", "421", "886", "880", "962", "963", "964", "966", "971", "972", "977", "994", "995",
    ];

    /// <summary>What to say of a number that has such a 0, or null.</summary>
    /// <param name="text">The number as it was typed.</param>
    public static string? Warning(string text)
    {
        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        var number = NumberDigits.Read(System.Text.Encoding.UTF8.GetBytes(text), buffer);
        if (!number.IsNumber)
            return null;
        var digits = string.Concat(number.Digits.ToArray().Select(digit => (char)('0' + digit)));
        var code = Array.Find(Codes, code => digits.StartsWith(code, StringComparison.Ordinal));
        return code is null || digits.Length <= code.Length + 1 || digits[code.Length] != '0'
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"'{text}' was read as +{digits}. The 0 after +{code} is dialled within the country only: if it is not part of the number, write "
                + $"+{code}{digits.AsSpan(code.Length + 1)}, which may have another rate.");
    }
}
