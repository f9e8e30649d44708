using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>A row of a rate list.</summary>
/// <param name="Line">The line it stands on, from 1 on.</param>
/// <param name="Prefix">The digits.</param>
/// <param name="PricePerMinute">The price of a minute, 0 or more.</param>
/// <param name="Destination">The destination's name, where the list has one.</param>
/// <param name="Country">The destination's country, where the list has one.</param>
internal sealed record RateRow(long Line, string Prefix, Amount PricePerMinute, string? Destination, string? Country)
{
    /// <summary>What the row says of its own billing.</summary>
    public RateTerms Terms { get; init; } = RateTerms.None;
}
