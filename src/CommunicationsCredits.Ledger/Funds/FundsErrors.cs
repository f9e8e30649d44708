using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Funds;

/// <summary>The errors about funds.</summary>
internal static class FundsErrors
{
    public static CreditException InFuture(Tenant tenant, Time.Instant purchasedAt, Time.Instant now) => new(
        CreditErrorId.FundsInFuture,
        $"Funds of {tenant.InWords} cannot be purchased at {purchasedAt}: it is only {now}. Post them when they have been bought.",
        tenant.Id);

    public static CreditException AlreadyExpired(Tenant tenant, Time.Instant expiresAt) => new(
        CreditErrorId.FundsAlreadyExpired,
        $"Funds of {tenant.InWords} that expired at {expiresAt} cannot be posted: nothing of them could be used. "
        + "Check the purchase date, or give -ExpiresAt.",
        tenant.Id);
}
