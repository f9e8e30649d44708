namespace CommunicationsCredits.Ledger.Money;

/// <summary>Rounds an exact fraction once (M2, G5).</summary>
internal static class Rounding
{
    /// <summary>The most decimals an amount keeps.</summary>
    public const int MaximumDecimals = 6;

    /// <summary>Rounds <paramref name="numerator"/> / <paramref name="denominator"/> millionths to so many decimals of a unit.</summary>
    /// <param name="numerator">Not negative.</param>
    /// <param name="denominator">Above 0.</param>
    /// <param name="decimals">0 to 6.</param>
    /// <param name="mode">What to do between two steps.</param>
    public static Amount Round(UInt128 numerator, ulong denominator, int decimals, CreditRounding mode)
    {
        var step = StepMicros(decimals);
        var divisor = (UInt128)denominator * (ulong)step;
        var (whole, rest) = UInt128.DivRem(numerator, divisor);
        var up = mode switch
        {
            CreditRounding.Up => rest != 0,
            CreditRounding.Down => false,
            CreditRounding.HalfEven => rest * 2 > divisor || (rest * 2 == divisor && UInt128.IsOddInteger(whole)),
            _ => rest * 2 >= divisor,
        };
        return new(checked((long)(whole + (up ? 1u : 0u)) * step));
    }

    /// <summary>The millionths in the last of so many decimals.</summary>
    public static long StepMicros(int decimals)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, MaximumDecimals);
        long step = 1;
        for (var i = decimals; i < MaximumDecimals; i++)
            step *= 10;
        return step;
    }
}
