using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

/// <summary>A held rule goes on within the tenant's usual day (R10).</summary>
[Trait("Rule", "R10")]
public sealed class HeldRuleTests
{
    [Fact]
    public void A_held_rule_charges_one_recharge_a_day_where_days_cost_less()
    {
        using var ledger = new TestLedger();
        Held(ledger);
    }

    [PgFact]
    public void A_held_rule_of_a_database_charges_one_recharge_a_day_where_days_cost_less()
    {
        using var ledger = new TestLedger(database: PgCluster.Create());
        Held(ledger);
    }

    [Fact]
    public void A_held_rule_charges_up_to_the_median_day_of_those_with_usage()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(1000);
        ledger.Import(
            Call.Paid("a", "2026-03-01T10:00:00Z", 60m), Call.Paid("b", "2026-03-03T10:00:00Z", 250m), Call.Paid("c", "2026-03-03T11:00:00Z", 50m),
            Call.Paid("d", "2026-03-07T10:00:00Z", 200m));
        ledger.SetRule(minimum: 600, amount: 50);
        Hold(ledger);
        ledger.SetClock("2026-03-16T12:00:00Z");
        ledger.Import(Call.Paid("e", "2026-03-16T10:00:00Z", 500m));

        // The days cost 60, 300, 200 and 500: half of the way between 200 and 300, in whole recharges.
        Assert.Equal(250, ledger.Attempts()[^1].Amount);
        ledger.Recharge(force: true);
        Assert.Equal((AutoRechargeAttemptState.Refused, "Held"), (ledger.Attempts()[^1].State, ledger.Attempts()[^1].Reason));
    }

    [Theory]
    [InlineData(50.0, null, new double[0], 50.0)]
    [InlineData(50.0, null, new[] { 10.0, 20.0, 90.0 }, 50.0)]
    [InlineData(50.0, null, new[] { 10.0, 80.0, 90.0 }, 80.0)]
    [InlineData(50.0, null, new[] { 100.0, 60.0 }, 80.0)]
    [InlineData(null, 120.0, new[] { 10.0 }, 100.0)]
    public void The_cap_is_the_greater_of_one_recharge_and_the_median_day(double? amount, double? target, double[] days, double expected)
    {
        var rule = new RechargeRule
        {
            Enabled = true,
            Minimum = Amount.FromDecimal(20),
            FixedAmount = amount is { } fixedAmount ? Amount.FromDecimal((decimal)fixedAmount) : null,
            Target = target is { } balance ? Amount.FromDecimal((decimal)balance) : null,
        };

        Assert.Equal((decimal)expected, RechargeSizing.HeldPerDay(rule, days.Select(day => Amount.FromDecimal((decimal)day))).ToDecimal());
    }

    [Fact]
    public void Setting_the_rule_releases_nothing_and_a_disabled_one_is_not_held()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        Hold(ledger);
        ledger.SetRule(minimum: 20, amount: 60);
        Assert.Equal((CreditAutoRecharge.Held, "calls to a new country"), (ledger.Rule().State, ledger.Rule().LastFailure));
        Assert.False(ledger.Session.Execute(new HoldRule("again")));
        Assert.True(ledger.Session.Execute(new ReleaseRule()));
        Assert.False(ledger.Session.Execute(new ReleaseRule()));
        ledger.Session.Execute(new SetRechargeRuleEnabled(TestLedger.Contoso, false));
        Assert.False(ledger.Session.Execute(new HoldRule("while it is off")));
        Assert.Empty(ledger.Verify());
    }

    private static void Held(TestLedger ledger)
    {
        ledger.AddFunds(100);
        ledger.SetRule(minimum: 10, amount: 50);
        Hold(ledger);
        Assert.Equal(CreditAutoRecharge.Held, ledger.Rule().State);
        var balance = ledger.Session.Funds.GetBalances(TenantSelection.All).Single();
        Assert.Equal((CreditAutoRecharge.Held, "held: calls to a new country", "recharge held: calls to a new country"), (balance.AutoRecharge, balance.Recharge, balance.Attention));

        ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 95m));
        Assert.Equal(50, ledger.Attempts().Single().Amount);

        // A second one of the day does not fit: refused, once a hold.
        ledger.Import(Call.Paid("b", "2026-03-02T10:00:00Z", 95m));
        ledger.Recharge(force: true);
        Assert.Equal([null, "Held"], ledger.Attempts().Select(attempt => attempt.Reason));
        Assert.Contains("calls to a new country", Assert.Single(ledger.Notices(CreditNotificationKind.RechargeCapped)).Body, StringComparison.Ordinal);

        // The next day has its own.
        ledger.SetClock("2026-03-16T12:00:00Z");
        Assert.Equal(50, ledger.Recharge()!.Amount);

        ledger.Session.Execute(new SetRechargeRuleEnabled(TestLedger.Contoso, true));
        Assert.Equal(CreditAutoRecharge.On, ledger.Rule().State);
        ledger.Import(Call.Paid("c", "2026-03-16T10:00:00Z", 195m));
        Assert.Equal(4, ledger.Attempts().Count);
        Assert.True(ledger.Attempts()[^1].Amount > 100, "Released, it charges what closes the gap.");
        Assert.Empty(ledger.Verify());
    }

    private static void Hold(TestLedger ledger) => Assert.True(ledger.Session.Execute(new HoldRule("calls to a new country")));

    private sealed class HoldRule(string reason) : LedgerOperation<bool>
    {
        internal override Needs Needs => Needs.Of(TestLedger.Contoso);

        internal override bool Decide(Draft draft)
        {
            var isHeld = RechargeHold.Hold(draft, reason);
            draft.Finish();
            return isHeld;
        }
    }

    private sealed class ReleaseRule : LedgerOperation<bool>
    {
        internal override Needs Needs => Needs.Of(TestLedger.Contoso);

        internal override bool Decide(Draft draft)
        {
            var wasHeld = RechargeHold.Release(draft, "usage without an alarm");
            draft.Finish();
            return wasHeld;
        }
    }
}
