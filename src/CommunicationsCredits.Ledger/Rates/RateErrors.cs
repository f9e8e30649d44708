namespace CommunicationsCredits.Ledger.Rates;

/// <summary>The wording of errors about rates and numbers.</summary>
internal static class RateErrors
{
    /// <summary>What was typed is no telephone number, or one whose country cannot be known (G1).</summary>
    public static CreditException InvalidNumber(string number) => new(
        CreditErrorId.InvalidNumber,
        string.IsNullOrWhiteSpace(number) ? "A telephone number is missing." : NumberDigits.WhyRefused(number),
        number);
}
