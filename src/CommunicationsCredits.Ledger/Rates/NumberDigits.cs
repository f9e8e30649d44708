namespace CommunicationsCredits.Ledger.Rates;

/// <summary>The digits of a telephone number by which it is matched (G1).</summary>
internal ref struct NumberDigits
{
    /// <summary>The most digits that are looked at: more than any number has (E.164: 15).</summary>
    public const int Maximum = 32;

    private const int FewestWithoutPrefix = 7;

    /// <summary>The digits, as values 0 to 9, without <c>+</c>, a leading <c>00</c>, and whatever follows a mask.</summary>
    public ReadOnlySpan<byte> Digits { get; private init; }

    /// <summary>Whether it began with <c>+</c> or <c>00</c>.</summary>
    public bool IsInternational { get; private init; }

    /// <summary>Whether there is no digit at all.</summary>
    public readonly bool IsEmpty => Digits.IsEmpty;

    /// <summary>Whether it is too short to match anything: an emergency or service code (G1).</summary>
    public readonly bool IsShortCode => !IsEmpty && !IsInternational && Digits.Length < FewestWithoutPrefix;

    /// <summary>Reads a number.</summary>
    /// <param name="text">The number as exported; its end may be masked with <c>*</c>.</param>
    /// <param name="buffer">Room for <see cref="Maximum"/> digits.</param>
    public static NumberDigits Read(ReadOnlySpan<byte> text, Span<byte> buffer)
    {
        var count = 0;
        var plus = false;
        foreach (var c in text)
        {
            if (c == '*')
                break;
            if (c == '+' && count == 0)
                plus = true;
            else if ((uint)(c - '0') <= 9 && count < buffer.Length)
                buffer[count++] = (byte)(c - '0');
        }

        ReadOnlySpan<byte> digits = buffer[..count];
        var doubleZero = !plus && count >= 2 && digits[0] == 0 && digits[1] == 0;
        return new() { Digits = doubleZero ? digits[2..] : digits, IsInternational = plus || doubleZero };
    }
}
