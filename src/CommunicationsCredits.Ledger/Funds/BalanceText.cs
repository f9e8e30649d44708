using System.Globalization;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds;

/// <summary>A balance in words: what its recharge rule does, and what somebody should look at.</summary>
internal static class BalanceText
{
    private const int ExpiryWarningDays = 30;

    /// <summary>The rule, as in <c>below 100.00: +250.00</c>, or why it does not act.</summary>
    public static string OfRule(RechargeRule rule, CreditAutoRecharge state, string? cap) => state switch
    {
        CreditAutoRecharge.On when cap is not null => $"capped: {cap}",
        CreditAutoRecharge.Off => "off",
        CreditAutoRecharge.Paused => $"paused: {WhyPaused(rule)}",
        CreditAutoRecharge.Held => $"held: {rule.HeldBecause}",
        CreditAutoRecharge.Waiting => $"waiting: {rule.LastFailure ?? "a recharge is open"}",
        _ => rule.Target is { } target ? $"below {rule.Minimum}: to {target}" : $"below {rule.Minimum}: +{rule.FixedAmount}",
    };

    /// <summary>What needs attention, the gravest first; null where nothing does.</summary>
    public static string? Attention(
        CreditBalanceState state, Instant? nextExpiry, Amount expiring, Instant at, RechargeRule? rule, CreditAutoRecharge recharge,
        int? daysWithoutImport, string? cap)
    {
        if (state == CreditBalanceState.Closed)
            return "closed";
        var notes = new List<string>();
        if (state == CreditBalanceState.Exhausted)
            notes.Add("services closed");
        if (recharge == CreditAutoRecharge.Paused)
            notes.Add($"recharge paused: {WhyPaused(rule!)}");
        else if (recharge == CreditAutoRecharge.Held)
            notes.Add($"recharge held: {rule!.HeldBecause}");
        else if (recharge == CreditAutoRecharge.Waiting && rule!.LastFailure is { } failure)
            notes.Add($"recharge declined: {failure}");
        else if (cap is not null)
            notes.Add($"recharge capped: {cap}");
        if (state == CreditBalanceState.Low)
            notes.Add("low");
        if (nextExpiry is { } expiry && WholeDays(at, expiry) is var days and <= ExpiryWarningDays)
            notes.Add($"{expiring} expires {InDays(days)}");
        if (daysWithoutImport is { } without)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"no import for {without} days"));
        return notes.Count == 0 ? null : string.Join(", ", notes);
    }

    /// <summary>The cap that still holds back the recharge that it refused, as in <c>maximum per month</c>; null where its time is over.</summary>
    public static string? OfCap(Attempt refusal, Instant at)
    {
        var refused = refusal.StartedAt.ToDateTimeOffset().UtcDateTime;
        var today = at.ToDateTimeOffset().UtcDateTime;
        var holds = refusal.Reason switch
        {
            nameof(RechargeCap.MaximumPerDay) => refused.Date == today.Date,
            nameof(RechargeCap.MaximumPerMonth) => (refused.Year, refused.Month) == (today.Year, today.Month),
            _ => true,
        };
        return holds ? Display.Word(refusal.Reason) : null;
    }

    private static string WhyPaused(RechargeRule rule) => rule.PausedBecause ?? rule.LastFailure ?? "declined";

    private static int WholeDays(Instant from, Instant to) => (int)(to.ToDateTimeOffset() - from.ToDateTimeOffset()).TotalDays;

    private static string InDays(int days) => days switch
    {
        < 1 => "within a day",
        1 => "in 1 day",
        _ => string.Create(CultureInfo.InvariantCulture, $"in {days} days"),
    };
}
