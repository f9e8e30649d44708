using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>A cap of a rule.</summary>
internal enum RechargeCap
{
    MaximumPerCharge,
    MaximumPerDay,
    MaximumPerMonth,

    /// <summary>The cap of a day while the rule is held (R10).</summary>
    Held,
}

/// <summary>The size of a charge.</summary>
/// <param name="Wanted">What would close the gap; 0 without one.</param>
/// <param name="Charge">What the caps allow of it.</param>
/// <param name="Cap">The cap that allows the least, where one made the charge smaller than wanted.</param>
internal readonly record struct RechargeSize(Amount Wanted, Amount Charge, RechargeCap? Cap);

/// <summary>How much one charge is: pure rules (R2–R4).</summary>
internal static class RechargeSizing
{
    /// <summary>How many days with usage make the median of a held rule (R10).</summary>
    public const int HeldDays = 28;

    /// <summary>How far back such a day may lie.</summary>
    public static readonly TimeSpan HeldDaysWithin = TimeSpan.FromDays(2 * HeldDays);

    /// <summary>The size of the one charge that closes the gap, as far as the caps allow.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="balance">The balance now.</param>
    /// <param name="chargedToday">What was charged, or may have been, this day UTC.</param>
    /// <param name="chargedThisMonth">What was charged, or may have been, this month UTC.</param>
    /// <param name="minorDigits">The decimals of the currency's smallest coin.</param>
    /// <param name="heldPerDay">What a held rule may charge this day UTC, or null where it is not held.</param>
    public static RechargeSize Size(
        RechargeRule rule, Amount balance, Amount chargedToday, Amount chargedThisMonth, int minorDigits, Amount? heldPerDay = null)
    {
        if (balance >= rule.Minimum)
            return default;

        // A charge is made of whole steps: the fixed amount, or the currency's smallest coin.
        var step = rule.FixedAmount?.Micros ?? Rounding.StepMicros(minorDigits);
        var gap = (rule.FixedAmount is null ? rule.Target!.Value : rule.Minimum) - balance;
        var wanted = new Amount(checked((gap.Micros + step - 1) / step * step));
        var (allowed, cap) = Allowance(rule, chargedToday, chargedThisMonth, heldPerDay);
        if (wanted <= allowed)
            return new(wanted, wanted, null);
        var charge = allowed > Amount.Zero ? new Amount(allowed.Micros / step * step) : Amount.Zero;
        return new(wanted, charge, cap);
    }

    /// <summary>What a held rule may charge a day: the greater of one recharge and the median day of what calls cost (R10).</summary>
    /// <param name="rule">The rule. One that fills up to a target recharges by what lies between its minimum and the target.</param>
    /// <param name="days">What calls cost on the last days for which usage was imported, in any order.</param>
    public static Amount HeldPerDay(RechargeRule rule, IEnumerable<Amount> days)
    {
        var sorted = days.Select(day => day.Micros).Order().ToList();
        var median = sorted.Count == 0 ? 0 : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        return new(Math.Max(median, (rule.FixedAmount ?? rule.Target!.Value - rule.Minimum).Micros));
    }

    private static (Amount Allowed, RechargeCap Cap) Allowance(RechargeRule rule, Amount today, Amount thisMonth, Amount? heldPerDay)
    {
        var least = (Allowed: new Amount(long.MaxValue), Cap: RechargeCap.MaximumPerCharge);
        if (rule.MaximumPerCharge is { } perCharge)
            least = (perCharge, RechargeCap.MaximumPerCharge);
        if (rule.MaximumPerDay is { } perDay && perDay - today < least.Allowed)
            least = (perDay - today, RechargeCap.MaximumPerDay);
        if (rule.MaximumPerMonth is { } perMonth && perMonth - thisMonth < least.Allowed)
            least = (perMonth - thisMonth, RechargeCap.MaximumPerMonth);
        if (heldPerDay is { } held && held - today < least.Allowed)
            least = (held - today, RechargeCap.Held);
        return least;
    }
}
