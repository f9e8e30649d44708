using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

/// <summary>What a rule is at an instant, and what a decline makes of it: each state at the very value at which it changes.</summary>
public sealed class RechargeRuleTests
{
    private static readonly Instant Now = new(new DateTime(2026, 3, 15, 12, 0, 0, DateTimeKind.Utc).Ticks);

    private static readonly RechargeRule Rule = new() { Enabled = true, Minimum = new(10), FixedAmount = new(25), Target = null };

    [Fact]
    [Trait("Rule", "R2, R6, R10, R11")]
    public void Its_state_says_the_first_reason_for_which_it_does_not_buy()
    {
        Assert.Equal(CreditAutoRecharge.On, Rule.StateAt(Now, hasOpenAttempt: false));
        Assert.Equal(CreditAutoRecharge.Held, (Rule with { HeldAt = Now }).StateAt(Now, hasOpenAttempt: false));
        Assert.Equal(CreditAutoRecharge.On, (Rule with { RetryAt = Now }).StateAt(Now, hasOpenAttempt: false));
        Assert.Equal(CreditAutoRecharge.On, (Rule with { RetryAt = new(Now.Ticks - 1) }).StateAt(Now, hasOpenAttempt: false));
        var waiting = Rule with { RetryAt = Now.Next, HeldAt = Now };
        Assert.Equal(CreditAutoRecharge.Waiting, waiting.StateAt(Now, hasOpenAttempt: false));
        var paused = waiting with { Declines = RechargeRule.DeclinesToPause };
        Assert.Equal(CreditAutoRecharge.Paused, paused.StateAt(Now, hasOpenAttempt: false));
        Assert.Equal(CreditAutoRecharge.Waiting, paused.StateAt(Now, hasOpenAttempt: true));
        Assert.Equal(CreditAutoRecharge.Off, (paused with { Enabled = false }).StateAt(Now, hasOpenAttempt: true));
    }

    [Fact]
    [Trait("Rule", "R6, R11")]
    public void Three_declines_pause_it_and_so_does_a_restore()
    {
        Assert.False((Rule with { Declines = 2 }).IsPaused);
        Assert.True((Rule with { Declines = 3 }).IsPaused);
        Assert.True((Rule with { PausedBecause = "restored" }).IsPaused);
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void Declines_back_off_an_hour_then_six_then_for_good_until_it_is_resumed()
    {
        var first = Rule.Declined("no funds", Now);
        var second = first.Declined("still none", Now);
        var third = second.Declined("none at all", Now);

        Assert.Equal((1, Now.Add(TimeSpan.FromHours(1)), "no funds"), (first.Declines, first.RetryAt, first.LastFailure));
        Assert.Equal((2, Now.Add(TimeSpan.FromHours(6)), "still none"), (second.Declines, second.RetryAt, second.LastFailure));
        Assert.Equal((3, (Instant?)null, "none at all"), (third.Declines, third.RetryAt, third.LastFailure));
        Assert.Equal(Rule, third.Resumed());
        Assert.True(third.HasSettingsOf(Rule));
        Assert.True((Rule with { HeldAt = Now, HeldBecause = "calls", PausedBecause = "restored" }).HasSettingsOf(Rule));
        Assert.False((Rule with { Minimum = new(11) }).HasSettingsOf(Rule));
    }

    [Theory]
    [Trait("Rule", "R10")]
    [InlineData(25, null)]
    [InlineData(25, null, 3L)]
    [InlineData(40, null, 90L, 10L, 40L)]
    [InlineData(45, null, 90L, 50L, 40L, 10L)]
    [InlineData(25, null, 20L, 10L)]
    [InlineData(30, 40L)]
    [InlineData(35, 40L, 35L)]
    public void A_held_rule_buys_a_day_at_most_the_median_day_or_one_recharge(long expected, long? target, params long[] days)
    {
        var rule = target is { } micros ? Rule with { FixedAmount = null, Target = new(micros) } : Rule;

        Assert.Equal(expected, RechargeSizing.HeldPerDay(rule, days.Select(day => new Amount(day))).Micros);
    }

    [Theory]
    [Trait("Rule", "R2, R3, R4, R10")]
    [InlineData(10, 0, null, null, 0, 0, null)]
    [InlineData(9, 0, null, null, 25, 25, null)]
    [InlineData(-16, 0, null, null, 50, 50, null)]
    [InlineData(9, 0, 25L, null, 25, 25, null)]
    [InlineData(9, 1, 25L, null, 25, 0, RechargeCap.MaximumPerDay)]
    [InlineData(-16, 10, null, 60L, 50, 50, null)]
    [InlineData(-16, 10, null, 50L, 50, 25, RechargeCap.Held)]
    [InlineData(-16, 0, 40L, 45L, 50, 25, RechargeCap.MaximumPerDay)]
    [InlineData(-16, 0, 45L, 45L, 50, 25, RechargeCap.MaximumPerDay)]
    internal void It_buys_below_its_minimum_only_and_in_whole_steps_what_its_caps_leave(
        long balance, long today, long? perDay, long? heldPerDay, long wanted, long charge, RechargeCap? cap)
    {
        var rule = Rule with { MaximumPerDay = perDay is { } most ? new Amount(most) : null };

        var size = RechargeSizing.Size(rule, new(balance), new(today), new(today), 6, heldPerDay is { } held ? new Amount(held) : null);

        Assert.Equal(new RechargeSize(new(wanted), new(charge), cap), size);
    }

    [Fact]
    [Trait("Rule", "R2, R10")]
    public void One_that_fills_up_buys_below_its_minimum_only_and_held_days_lie_within_eight_weeks()
    {
        var rule = Rule with { FixedAmount = null, Target = new(40) };

        Assert.Equal(default, RechargeSizing.Size(rule, new(10), Amount.Zero, Amount.Zero, 6));
        Assert.Equal(new(new(31), new(31), null), RechargeSizing.Size(rule, new(9), Amount.Zero, Amount.Zero, 6));
        Assert.Equal(TimeSpan.FromDays(56), RechargeSizing.HeldDaysWithin);
    }
}
