namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>The errors of recharging.</summary>
internal static class RechargeErrors
{
    public static CreditException PaymentMethodNotFound(string tenantId, string name) => new(
        CreditErrorId.PaymentMethodNotFound,
        $"'{tenantId}' has no payment method '{name}'. Get-CreditPaymentMethod lists those it has; Set-CreditPaymentMethod adds one.",
        tenantId);

    public static CreditException NoRule(string tenantId) => new(
        CreditErrorId.RuleInvalid, $"'{tenantId}' has no recharge rule. Set-AutoRecharge sets one.", tenantId);

    public static CreditException AttemptNotFound(string attemptId, string reason) => new(
        CreditErrorId.AttemptNotFound, $"'{attemptId}': {reason}. Get-AutoRechargeAttempt lists the attempts.", attemptId);

    public static CreditException RuleInvalid(string tenantId, string reason) =>
        new(CreditErrorId.RuleInvalid, $"The recharge rule of '{tenantId}' makes no sense: {reason}.", tenantId);
}
