namespace CommunicationsCredits;

/// <summary>
/// What a tenant's funds will come to if use goes on as in the days before. Where those are too few to tell, the figures are null
/// and <see cref="Message"/> says why. Recharges and purchases to come are not foreseen.
/// </summary>
public sealed class CreditForecast : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>The mean use of a day, over the days of a week; null where there is too little history.</summary>
    public required decimal? DailyUse { get; init; }

    /// <summary>
    /// When the balance falls to zero, by use or by expiry; now where it has already. Null where there is too little history, or
    /// where it lasts for more than five years.
    /// </summary>
    public required DateTimeOffset? RunsOutAt { get; init; }

    /// <summary>How much will expire unused at <see cref="ExpiringAt"/>: 0 where nothing will; null where there is too little history.</summary>
    public required decimal? ExpiringUnused { get; init; }

    /// <summary>The first expiry at which something will be left unused, or null.</summary>
    public required DateTimeOffset? ExpiringAt { get; init; }

    /// <summary>A minimum for a recharge rule: 7 days' mean use, up to the currency's smallest coin; null where there is too little history.</summary>
    public required decimal? SuggestedMinimum { get; init; }

    /// <summary>An amount for a recharge rule: 30 days' mean use, up to the currency's smallest coin; null where there is too little history.</summary>
    public required decimal? SuggestedRecharge { get; init; }

    /// <summary>Why there is no forecast, and what to do; null where there is one.</summary>
    public required string? Message { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{TenantName}: {Currency} {DailyUse} a day");
}
