using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>The errors of recharging.</summary>
internal static class RechargeErrors
{
    public static CreditException PaymentMethodNotFound(Tenant tenant, string name) => new(
        CreditErrorId.PaymentMethodNotFound,
        $"{tenant.InWords} has no payment method '{name}'. Get-CreditPaymentMethod lists those it has; Set-CreditPaymentMethod adds one.",
        tenant.Id);

    public static CreditException NoRule(Tenant tenant) => new(
        CreditErrorId.RuleInvalid, $"{tenant.InWords} has no recharge rule. Set-AutoRecharge sets one.", tenant.Id);

    public static CreditException AttemptNotFound(string attemptId, string reason) => new(
        CreditErrorId.AttemptNotFound, $"'{attemptId}': {reason}. Get-AutoRechargeAttempt lists the attempts.", attemptId);

    public static CreditException RuleInvalid(Tenant tenant, string reason) =>
        new(CreditErrorId.RuleInvalid, $"The recharge rule of {tenant.InWords} makes no sense: {reason}.", tenant.Id);
}
