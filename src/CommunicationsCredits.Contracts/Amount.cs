using System.Buffers;
using System.Globalization;

namespace CommunicationsCredits;

/// <summary>An exact amount of money: an integer count of millionths of a currency unit (M1).</summary>
/// <param name="Micros">The count of millionths.</param>
public readonly record struct Amount(long Micros) : IComparable<Amount>
{
    /// <summary>The millionths in one unit.</summary>
    public const long MicrosPerUnit = 1_000_000;

    /// <summary>
    /// The largest amount taken in, in units: far above any account, and far enough below what 64 bits hold that sums of entries
    /// stay exact.
    /// </summary>
    public const long MaximumUnits = 1_000_000_000;

    private static readonly SearchValues<char> DigitsAndPoint = SearchValues.Create("0123456789.");

    /// <summary>No money.</summary>
    public static Amount Zero => default;

    /// <summary>The sum.</summary>
    /// <exception cref="OverflowException">It is beyond 64 bits of millionths.</exception>
    public static Amount operator +(Amount left, Amount right) => new(checked(left.Micros + right.Micros));

    /// <summary>The difference.</summary>
    /// <exception cref="OverflowException">It is beyond 64 bits of millionths.</exception>
    public static Amount operator -(Amount left, Amount right) => new(checked(left.Micros - right.Micros));

    /// <summary>The amount with the other sign.</summary>
    public static Amount operator -(Amount value) => new(checked(-value.Micros));

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Amount left, Amount right) => left.Micros < right.Micros;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Amount left, Amount right) => left.Micros > right.Micros;

    /// <summary>Whether the left amount is not larger.</summary>
    public static bool operator <=(Amount left, Amount right) => left.Micros <= right.Micros;

    /// <summary>Whether the left amount is not smaller.</summary>
    public static bool operator >=(Amount left, Amount right) => left.Micros >= right.Micros;

    /// <summary>The smaller of two amounts.</summary>
    public static Amount Min(Amount left, Amount right) => left < right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(Amount other) => Micros.CompareTo(other.Micros);

    /// <summary>The amount in units, without needless zeros.</summary>
    public decimal ToDecimal() => new decimal(Micros) / MicrosPerUnit;

    /// <summary>The amount as text with <c>.</c> as the decimal point and at least two decimals, in every culture (M3).</summary>
    public override string ToString() => ToDecimal().ToString("0.00####", CultureInfo.InvariantCulture);

    /// <summary>An amount of at most six decimals; more are refused, never rounded (M1).</summary>
    /// <exception cref="CreditException"><c>InvalidAmount</c>.</exception>
    public static Amount FromDecimal(decimal value) =>
        TryFromDecimal(value, out var amount, out var reason) ? amount : throw new CreditException(CreditErrorId.InvalidAmount, reason!);

    /// <summary>An amount of at most six decimals, or the reason why the value is not one.</summary>
    public static bool TryFromDecimal(decimal value, out Amount amount, out string? reason)
    {
        amount = default;
        if (Math.Abs(value) > MaximumUnits)
        {
            reason = $"{value.ToString(CultureInfo.InvariantCulture)} is more than this ledger keeps: at most 1,000,000,000.";
            return false;
        }

        var micros = value * MicrosPerUnit;
        if (micros != decimal.Truncate(micros))
        {
            reason = $"{value.ToString(CultureInfo.InvariantCulture)} has more than six decimals; round it to the six that are kept.";
            return false;
        }

        amount = new((long)micros);
        reason = null;
        return true;
    }

    /// <summary>
    /// Reads an amount as a person writes it: digits with at most one <c>.</c> and an optional sign, in every culture (M3).
    /// </summary>
    public static bool TryParse(string? text, out Amount amount, out string? reason)
    {
        amount = default;
        if (string.IsNullOrWhiteSpace(text))
        {
            reason = "An amount is missing. Write it with a point, as in 1.50.";
            return false;
        }

        var trimmed = text.AsSpan().Trim();
        if (!IsPlainNumber(trimmed)
            || !decimal.TryParse(trimmed, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out var value))
        {
            reason = $"'{text}' is not an amount. Write it with a point, as in 1.50.";
            return false;
        }

        return TryFromDecimal(value, out amount, out reason);
    }

    /// <summary>
    /// Reads the figure of a usage record or a rate list: as <see cref="TryParse"/>, but decimals beyond the sixth are kept for
    /// the caller to round, and a JSON exponent is understood.
    /// </summary>
    public static bool TryParseExact(ReadOnlySpan<byte> text, out decimal value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 40)
            return false;

        // The plain case by hand: it is in every record.
        long digits = 0;
        int scale = -1, at = 0;
        var negative = text[0] == '-';
        if (negative || text[0] == '+')
            at = 1;

        var start = at;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '.' && scale < 0 && at > start)
            {
                scale = 0;
            }
            else if ((uint)(c - '0') <= 9 && at - start < 18)
            {
                digits = (digits * 10) + (c - '0');
                if (scale >= 0)
                    scale++;
            }
            else
            {
                return TryParseUnusual(text, out value);
            }
        }

        if (at == start || scale == 0)
            return false;

        value = new decimal((int)digits, (int)(digits >> 32), 0, negative && digits != 0, (byte)Math.Max(scale, 0));
        return true;
    }

    /// <summary>Rounds half up to millionths: a record's own charge (M1).</summary>
    public static bool TryRound(decimal value, out Amount amount)
    {
        amount = default;
        if (Math.Abs(value) > MaximumUnits)
            return false;
        amount = new((long)decimal.Round(value * MicrosPerUnit, 0, MidpointRounding.AwayFromZero));
        return true;
    }

    private static bool TryParseUnusual(ReadOnlySpan<byte> text, out decimal value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (c is not (>= (byte)'0' and <= (byte)'9' or (byte)'.' or (byte)'-' or (byte)'+' or (byte)'e' or (byte)'E'))
                return false;
        }

        return decimal.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out value);
    }

    private static bool IsPlainNumber(ReadOnlySpan<char> text)
    {
        if (text[0] is '-' or '+')
            text = text[1..];
        return !text.IsEmpty && text[0] != '.' && text[^1] != '.'
            && text.IndexOfAnyExcept(DigitsAndPoint) < 0 && text.IndexOf('.') == text.LastIndexOf('.');
    }
}
