using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>How far a record's own charge may be from the rated one without being another: it was rounded (G6).</summary>
internal static class ChargeTolerance
{
    private const int MostDecimals = 6;

    /// <summary>
    /// Half the last decimal of a recorded charge. Zeros at its end may be digits or not: at least the currency's minor digits count.
    /// </summary>
    /// <param name="recorded">The charge.</param>
    /// <param name="currency">Its currency, ISO 4217.</param>
    public static decimal HalfLastDecimal(decimal recorded, string currency)
    {
        var unit = 1m;
        for (var digits = Currency.MinorDigits(currency); digits > 0; digits--)
            unit /= 10;
        for (var digits = 0; digits < MostDecimals && recorded % unit != 0; digits++)
            unit /= 10;
        return unit / 2;
    }
}
