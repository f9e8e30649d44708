using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>A cap of a rule.</summary>
internal enum RechargeCap
{
    MaximumPerCharge,
    MaximumPerDay,
    MaximumPerMonth,
}

/// <summary>The size of a charge.</summary>
/// <param name="Wanted">What would close the gap; 0 without one.</param>
/// <param name="Charge">What the caps allow of it.</param>
/// <param name="Cap">The cap that allows the least, where one made the charge smaller than wanted.</param>
internal readonly record struct RechargeSize(Amount Wanted, Amount Charge, RechargeCap? Cap);

/// <summary>How much one charge is: pure rules (R2–R4).</summary>
internal static class RechargeSizing
{
    /// <summary>The size of the one charge that closes the gap, as far as the caps allow.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="balance">The balance now.</param>
    /// <param name="chargedToday">What was charged, or may have been, this day UTC.</param>
    /// <param name="chargedThisMonth">What was charged, or may have been, this month UTC.</param>
    /// <param name="minorDigits">The decimals of the currency's smallest coin.</param>
    public static RechargeSize Size(
        RechargeRule rule, Amount balance, Amount chargedToday, Amount chargedThisMonth, int minorDigits)
    {
        if (balance >= rule.Minimum)
            return default;

        // A charge is made of whole steps: the fixed amount, or the currency's smallest coin.
        var step = rule.FixedAmount?.Micros ?? Rounding.StepMicros(minorDigits);
        var gap = (rule.FixedAmount is null ? rule.Target!.Value : rule.Minimum) - balance;
        var wanted = new Amount(checked((gap.Micros + step - 1) / step * step));
        var (allowed, cap) = Allowance(rule, chargedToday, chargedThisMonth);
        if (wanted <= allowed)
            return new(wanted, wanted, null);
        var charge = allowed > Amount.Zero ? new Amount(allowed.Micros / step * step) : Amount.Zero;
        return new(wanted, charge, cap);
    }

    private static (Amount Allowed, RechargeCap Cap) Allowance(RechargeRule rule, Amount today, Amount thisMonth)
    {
        var least = (Allowed: new Amount(long.MaxValue), Cap: RechargeCap.MaximumPerCharge);
        if (rule.MaximumPerCharge is { } perCharge)
            least = (perCharge, RechargeCap.MaximumPerCharge);
        if (rule.MaximumPerDay is { } perDay && perDay - today < least.Allowed)
            least = (perDay - today, RechargeCap.MaximumPerDay);
        if (rule.MaximumPerMonth is { } perMonth && perMonth - thisMonth < least.Allowed)
            least = (perMonth - thisMonth, RechargeCap.MaximumPerMonth);
        return least;
    }
}
