using CommunicationsCredits.Ledger.Guard;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>Why a tenant needs attention, the most urgent first.</summary>
internal enum AttentionReason
{
    /// <summary>The balance is zero or below: paid services are closed (S1).</summary>
    Exhausted,

    /// <summary>Three declines in a row have stopped the recharge rule (R6).</summary>
    RechargePaused,

    /// <summary>Whether a recharge was paid is not known (R6).</summary>
    RechargeUnknown,

    /// <summary>Calls are not as the tenant's have been (D1).</summary>
    UnusualUse,

    /// <summary>The balance is below the tenant's mark.</summary>
    Low,

    /// <summary>Funds expire within 30 days.</summary>
    Expiring,

    /// <summary>Calls wait for a rate (G7).</summary>
    Unrated,
}

/// <summary>What a report tells of every tenant: cheap enough for ten thousand of them.</summary>
internal sealed record TenantSummary
{
    /// <summary>The days in which an expiry needs attention.</summary>
    public const int ExpiringDays = 30;

    public required Tenant Tenant { get; init; }

    /// <summary>The account now.</summary>
    public required CreditBalance Account { get; init; }

    public required Amount Balance { get; init; }

    /// <summary>What was bought in the time covered, by hand and by the rule.</summary>
    public required Amount Bought { get; init; }

    /// <summary>What calls cost in the time covered: 0 or more.</summary>
    public required Amount Used { get; init; }

    /// <summary>What expired unused in the time covered: 0 or more.</summary>
    public required Amount Forfeited { get; init; }

    /// <summary>What will expire within <see cref="ExpiringDays"/> if nothing more is used.</summary>
    public required Amount Expiring { get; init; }

    public required RechargeRule? Rule { get; init; }

    /// <summary>The attempt that is not settled, or null.</summary>
    public required Attempt? OpenAttempt { get; init; }

    public required long Unrated { get; init; }

    /// <summary>What is unusual and goes on, or null.</summary>
    public required Alarm? Alarm { get; init; }

    /// <summary>Why it needs attention, the most urgent first; nothing where all is well.</summary>
    public required IReadOnlyList<AttentionReason> Attention { get; init; }

    public static TenantSummary Of(LedgerSnapshot snapshot, Tenant tenant, ReportPeriod period)
    {
        var number = tenant.Number;
        var account = Funds.Operations.Balances.Of(snapshot, [tenant], period.Now, null, null).Single();
        var sums = snapshot.Reports.SumsByKind(number, period.From, period.To, long.MaxValue);
        Amount Sum(CreditTransactionKind kind) => sums.GetValueOrDefault(kind);
        var soon = period.Now.Add(TimeSpan.FromDays(ExpiringDays));
        Amount expiring = default, unbooked = default;
        foreach (var lot in snapshot.Lots.WithRemainder(number))
        {
            if (lot.ExpiresAt > period.Now && lot.ExpiresAt <= soon)
                expiring += lot.Remaining;
            if (period.From <= lot.ExpiresAt && lot.ExpiresAt < period.To)
                unbooked += lot.Remaining - lot.Forfeited;
        }

        var summary = new TenantSummary
        {
            Tenant = tenant,
            Account = account,
            Balance = Amount.FromDecimal(account.Balance),
            Bought = Sum(CreditTransactionKind.Purchase) + Sum(CreditTransactionKind.Recharge),
            Used = snapshot.Reports.Use(number, period.From, period.To, long.MaxValue),
            Forfeited = unbooked - Sum(CreditTransactionKind.Forfeiture) - Sum(CreditTransactionKind.Release),
            Expiring = expiring,
            Rule = snapshot.Recharge.FindRule(number),
            OpenAttempt = snapshot.Recharge.FindOpen(number),
            Unrated = snapshot.Reports.Unrated(number),
            Alarm = snapshot.Guards.Alarms(number).LastOrDefault(alarm => alarm.IsOpen),
            Attention = [],
        };
        return summary with { Attention = [.. summary.Reasons()] };
    }

    private IEnumerable<AttentionReason> Reasons()
    {
        // A closed tenant is nobody's concern any more.
        if (Account.State == CreditBalanceState.Closed)
            yield break;
        if (Account.State == CreditBalanceState.Exhausted)
            yield return AttentionReason.Exhausted;
        if (Account.AutoRecharge == CreditAutoRecharge.Paused)
            yield return AttentionReason.RechargePaused;
        if (OpenAttempt is { State: AutoRechargeAttemptState.Unknown })
            yield return AttentionReason.RechargeUnknown;
        if (Alarm is not null)
            yield return AttentionReason.UnusualUse;
        if (Account.State == CreditBalanceState.Low)
            yield return AttentionReason.Low;
        if (Expiring > Amount.Zero)
            yield return AttentionReason.Expiring;
        if (Unrated > 0)
            yield return AttentionReason.Unrated;
    }
}
