using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Sets a tenant's recharge rule, or changes it; null leaves what there is (R1).</summary>
/// <param name="tenantId">The tenant.</param>
public sealed class SetRechargeRule(string tenantId) : LedgerOperation<AutoRecharge>
{
    /// <summary>The balance below which it acts, 0 or more.</summary>
    public decimal? MinimumBalance { get; init; }

    /// <summary>The fixed amount, above 0; takes the place of a target.</summary>
    public decimal? RechargeAmount { get; init; }

    /// <summary>The target balance, above the minimum; takes the place of a fixed amount.</summary>
    public decimal? TargetBalance { get; init; }

    /// <summary>The most that one charge may be.</summary>
    public decimal? MaximumPerCharge { get; init; }

    /// <summary>The most that may be charged in a day UTC.</summary>
    public decimal? MaximumPerDay { get; init; }

    /// <summary>The most that may be charged in a month UTC.</summary>
    public decimal? MaximumPerMonth { get; init; }

    /// <summary>The payment method's name.</summary>
    public string? PaymentMethod { get; init; }

    internal override Needs Needs => Needs.Of(tenantId) with { PaymentMethods = true };

    internal override AutoRecharge Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        var before = draft.Rule;
        var after = Apply(before, tenant);
        RechargeRuleCheck.Refuse(after, tenant);
        if (PaymentMethod is not null && draft.FindMethod(PaymentMethod) is null)
            throw RechargeErrors.PaymentMethodNotFound(tenant, PaymentMethod);
        if (after != before)
        {
            draft.SetRule(after);
            draft.Notifications.RearmChargeCap();
            draft.Note($"Auto-recharge: {Describe(after, tenant.Currency)}");
            draft.Finish();
        }

        return RechargeState.Describe(tenant, after, draft.OpenAttempt is not null, draft.State.LastAttemptAt, draft.Now);
    }

    private RechargeRule Apply(RechargeRule? before, Tenant tenant)
    {
        if (RechargeAmount is not null && TargetBalance is not null)
            throw RechargeErrors.RuleInvalid(tenant, "it has either an amount (-RechargeAmount) or a target (-TargetBalance), not both");
        if (before is null && (MinimumBalance is null || (RechargeAmount is null && TargetBalance is null)))
            throw RechargeErrors.RuleInvalid(tenant, "a new one needs -MinimumBalance, and -RechargeAmount or -TargetBalance");
        before ??= new() { Enabled = true, Minimum = Amount.Zero, FixedAmount = null, Target = null };
        if (PaymentMethod is not null && !PaymentMethod.Equals(before.Method, StringComparison.OrdinalIgnoreCase))
            before = before.Resumed();
        return before with
        {
            Minimum = Given(MinimumBalance) ?? before.Minimum,
            FixedAmount = TargetBalance is null ? Given(RechargeAmount) ?? before.FixedAmount : null,
            Target = RechargeAmount is null ? Given(TargetBalance) ?? before.Target : null,
            MaximumPerCharge = Given(MaximumPerCharge) ?? before.MaximumPerCharge,
            MaximumPerDay = Given(MaximumPerDay) ?? before.MaximumPerDay,
            MaximumPerMonth = Given(MaximumPerMonth) ?? before.MaximumPerMonth,
            Method = PaymentMethod ?? before.Method,
        };
    }

    private static Amount? Given(decimal? value) => value is { } given ? Amount.FromDecimal(given) : null;

    private static string Describe(RechargeRule rule, string currency)
    {
        var parts = new List<string>
        {
            $"below {rule.Minimum} {currency}",
            rule.FixedAmount is { } amount ? $"buy {amount}" : $"up to {rule.Target}",
        };
        if (rule.MaximumPerCharge is { } perCharge)
            parts.Add($"at most {perCharge} a charge");
        if (rule.MaximumPerDay is { } perDay)
            parts.Add($"at most {perDay} a day");
        if (rule.MaximumPerMonth is { } perMonth)
            parts.Add($"at most {perMonth} a month");
        parts.Add(rule.Method is null ? "invoiced" : $"paid by {rule.Method}");
        return string.Join(", ", parts);
    }
}
