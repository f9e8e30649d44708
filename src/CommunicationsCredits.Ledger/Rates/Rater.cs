using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>What a call costs: billed seconds, and one rounding of an exact fraction (G3–G5, M2).</summary>
internal static class Rater
{
    /// <summary>The billed seconds of a call.</summary>
    /// <param name="seconds">The connected seconds.</param>
    /// <param name="initialIncrement">The seconds billed at least, above 0.</param>
    /// <param name="increment">The seconds by which more is billed, above 0.</param>
    public static int BilledSeconds(int seconds, int initialIncrement, int increment)
    {
        if (seconds <= 0)
            return 0;
        if (seconds <= initialIncrement)
            return initialIncrement;
        var further = ((long)seconds - initialIncrement + increment - 1) / increment;
        return checked((int)(initialIncrement + (further * increment)));
    }

    /// <summary>The billed seconds of a call by a rate.</summary>
    public static int BilledSeconds(int seconds, RatedPrefix rate) => BilledSeconds(seconds, rate.InitialIncrement, rate.Increment);

    /// <summary>The cost of so many seconds that are paid from credits, connection fee included where there are any (G4).</summary>
    /// <param name="rate">The rate.</param>
    /// <param name="paidSeconds">Billed seconds, less pooled ones.</param>
    public static Amount Cost(RatedPrefix rate, int paidSeconds) => paidSeconds == 0
        ? Amount.Zero
        : Cost(
            rate.ConnectionFee, rate.PricePerMinute, paidSeconds, rate.Sheet.Decimals, rate.Sheet.Rounding);

    /// <summary>Connection fee + price × seconds / 60, rounded once.</summary>
    public static Amount Cost(Amount connectionFee, Amount pricePerMinute, int seconds, int decimals, CreditRounding rounding)
    {
        var sixtieths = ((UInt128)(ulong)connectionFee.Micros * 60) + ((UInt128)(ulong)pricePerMinute.Micros * (ulong)seconds);
        return Rounding.Round(sixtieths, 60, decimals, rounding);
    }
}
