using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>A rule as the border shows it.</summary>
internal static class RechargeState
{
    public static AutoRecharge Describe(
        Tenant tenant, RechargeRule rule, bool hasOpenAttempt, Instant? lastAttemptAt, Instant now) => new()
    {
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        Enabled = rule.Enabled,
        MinimumBalance = rule.Minimum.ToDecimal(),
        RechargeAmount = rule.FixedAmount?.ToDecimal(),
        TargetBalance = rule.Target?.ToDecimal(),
        MaximumPerCharge = rule.MaximumPerCharge?.ToDecimal(),
        MaximumPerDay = rule.MaximumPerDay?.ToDecimal(),
        MaximumPerMonth = rule.MaximumPerMonth?.ToDecimal(),
        PaymentMethod = rule.Method,
        Currency = tenant.Currency,
        State = rule.StateAt(now, hasOpenAttempt),
        LastAttemptAt = lastAttemptAt?.ToDateTimeOffset(),
        NextAttemptAt = rule.RetryAt > now ? rule.RetryAt.Value.ToDateTimeOffset() : null,
        LastFailure = rule.PausedBecause ?? rule.LastFailure ?? rule.HeldBecause,
    };
}
