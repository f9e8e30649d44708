using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>A tenant's recharge rule, as the ledger keeps it (R1).</summary>
internal sealed record RechargeRule
{
    /// <summary>The declines in a row that pause a rule (R6).</summary>
    public const int DeclinesToPause = 3;

    public required bool Enabled { get; init; }

    /// <summary>The balance below which it acts, strictly.</summary>
    public required Amount Minimum { get; init; }

    /// <summary>The fixed amount, or null where there is a target.</summary>
    public required Amount? FixedAmount { get; init; }

    /// <summary>The target balance, or null where there is a fixed amount.</summary>
    public required Amount? Target { get; init; }

    public Amount? MaximumPerCharge { get; init; }

    public Amount? MaximumPerDay { get; init; }

    public Amount? MaximumPerMonth { get; init; }

    /// <summary>The payment method's name, or null where it is invoiced.</summary>
    public string? Method { get; init; }

    /// <summary>The declines in a row.</summary>
    public int Declines { get; init; }

    /// <summary>When the back-off ends, or null without one.</summary>
    public Instant? RetryAt { get; init; }

    public string? LastFailure { get; init; }

    /// <summary>Why it is paused though nothing was declined, as after a restore (R11); or null.</summary>
    public string? PausedBecause { get; init; }

    /// <summary>Since when the guard holds it (R10), or null.</summary>
    public Instant? HeldAt { get; init; }

    /// <summary>What the guard holds it for, or null.</summary>
    public string? HeldBecause { get; init; }

    /// <summary>Whether declines, or a restore, have stopped it.</summary>
    public bool IsPaused => Declines >= DeclinesToPause || PausedBecause is not null;

    /// <summary>Whether another rule differs at most in what it has come to.</summary>
    public bool HasSettingsOf(RechargeRule other) => this == other with
    {
        Declines = Declines,
        RetryAt = RetryAt,
        LastFailure = LastFailure,
        PausedBecause = PausedBecause,
        HeldAt = HeldAt,
        HeldBecause = HeldBecause,
    };

    /// <summary>The rule with no decline counted against it any more (R6).</summary>
    public RechargeRule Resumed() => this with { Declines = 0, RetryAt = null, LastFailure = null };

    /// <summary>The rule after a decline: back off 1 h, then 6 h, then pause (R6).</summary>
    public RechargeRule Declined(string reason, Instant now) => this with
    {
        Declines = Declines + 1,
        LastFailure = reason,
        RetryAt = (Declines + 1) switch
        {
            1 => now.Add(TimeSpan.FromHours(1)),
            2 => now.Add(TimeSpan.FromHours(6)),
            _ => null,
        },
    };

    /// <summary>Whether it may act, given whether an attempt is open.</summary>
    public CreditAutoRecharge StateAt(Instant now, bool hasOpenAttempt) => !Enabled ? CreditAutoRecharge.Off
        : hasOpenAttempt ? CreditAutoRecharge.Waiting
        : IsPaused ? CreditAutoRecharge.Paused
        : RetryAt > now ? CreditAutoRecharge.Waiting
        : HeldAt is not null ? CreditAutoRecharge.Held
        : CreditAutoRecharge.On;
}
