using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>What a row of a rate list says of how its calls are billed; null where its sheet decides (G2a).</summary>
/// <param name="ConnectionFee">The fee for connecting a call, 0 or more.</param>
/// <param name="InitialIncrement">The seconds billed at least, 1 to 3,600.</param>
/// <param name="Increment">The seconds by which more is billed, 1 to 3,600.</param>
/// <param name="NoPool">Whether no included minutes may cover its calls: premium and shared-cost destinations (U4).</param>
/// <param name="DestinationType">The destination's type, as the list has it: mobile, landline, premium.</param>
internal sealed record RateTerms(
    Amount? ConnectionFee = null, int? InitialIncrement = null, int? Increment = null, bool NoPool = false,
    string? DestinationType = null)
{
    /// <summary>The sheet decides everything.</summary>
    public static RateTerms None { get; } = new();
}
