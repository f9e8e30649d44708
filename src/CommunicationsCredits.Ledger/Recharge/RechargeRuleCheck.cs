using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>Which rules make sense (R1): a pure rule.</summary>
internal static class RechargeRuleCheck
{
    /// <summary>Refuses a rule that makes no sense in the tenant's currency.</summary>
    /// <exception cref="CreditException"><c>RuleInvalid</c>.</exception>
    public static void Refuse(RechargeRule rule, Tenant tenant)
    {
        var step = Rounding.StepMicros(Currency.MinorDigits(tenant.Currency));
        if (rule.Minimum < Amount.Zero)
            throw RechargeErrors.RuleInvalid(tenant, $"its minimum of {rule.Minimum} is below 0");
        if (rule.FixedAmount is { } amount && (amount <= Amount.Zero || amount.Micros % step != 0))
            throw RechargeErrors.RuleInvalid(tenant, $"an amount of {amount} cannot be charged in {tenant.Currency}");
        if (rule.Target is { } target && target <= rule.Minimum)
            throw RechargeErrors.RuleInvalid(tenant, $"its target of {target} is not above its minimum of {rule.Minimum}");
        foreach (var cap in new[] { rule.MaximumPerCharge, rule.MaximumPerDay, rule.MaximumPerMonth })
        {
            if (cap <= Amount.Zero)
                throw RechargeErrors.RuleInvalid(tenant, $"a cap of {cap} allows nothing; Disable-AutoRecharge stops the rule");
        }
    }
}
