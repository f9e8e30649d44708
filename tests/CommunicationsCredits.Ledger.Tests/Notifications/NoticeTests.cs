using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Notifications;

/// <summary>When notices are raised: in the transaction that causes them, once per crossing (N1, N2).</summary>
public sealed class NoticeTests
{
    [Fact]
    [Trait("Rule", "N2")]
    public void An_exhausted_balance_is_told_once_and_again_after_it_was_above_zero()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(10);
        ledger.Spend(9.99m);
        Assert.Empty(ledger.Notices(CreditNotificationKind.BalanceExhausted));

        ledger.Spend(0.01m);
        ledger.Spend(5);
        Assert.Single(ledger.Notices(CreditNotificationKind.BalanceExhausted));
        ledger.AddFunds(5);
        ledger.Spend(1);
        Assert.Single(ledger.Notices(CreditNotificationKind.BalanceExhausted));

        ledger.AddFunds(2);
        ledger.Spend(2);
        Assert.Equal(2, ledger.Notices(CreditNotificationKind.BalanceExhausted).Count);
    }

    [Fact]
    [Trait("Rule", "N1")]
    public void A_low_balance_is_below_the_tenants_own_mark()
    {
        using var ledger = new TestLedger(contoso: false);
        ledger.AddTenant(TestLedger.Contoso, new() { LowBalance = 20, Currency = "GBP" });
        ledger.SetRule(minimum: 50, amount: 50);
        ledger.AddFunds(100);
        var file = ledger.Folder.Write("u", Call.Csv([Call.Paid("a", "2026-03-15T10:00:00Z", 80) with { Currency = "GBP" }]));
        ledger.ImportFile(file, new() { NoRecharge = true });
        Assert.Empty(ledger.Notices(CreditNotificationKind.LowBalance));

        file = ledger.Folder.Write("v", Call.Csv([Call.Paid("b", "2026-03-15T10:00:00Z", 0.5m) with { Currency = "GBP" }]));
        ledger.ImportFile(file, new() { NoRecharge = true });

        Assert.Contains("GBP 19.50, below its threshold of GBP 20.00",
            Assert.Single(ledger.Notices(CreditNotificationKind.LowBalance)).Body);
    }

    [Fact]
    [Trait("Rule", "N1")]
    public void The_mark_is_by_default_the_rules_minimum_and_rearms_when_it_is_reached_again()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(60);
        ledger.SetRule(minimum: 50, amount: 50);
        ledger.Spend(11);
        Assert.Single(ledger.Notices(CreditNotificationKind.LowBalance));

        Assert.Equal(50, ledger.Recharge()!.Amount);
        ledger.Spend(50);
        Assert.Equal(2, ledger.Notices(CreditNotificationKind.LowBalance).Count);
    }

    [Fact]
    [Trait("Rule", "N2")]
    public void A_notice_is_undone_with_the_transaction_that_causes_it()
    {
        using var ledger = new TestLedger();

        ledger.Import(Call.Csv([Call.Paid("a", "2026-03-15T10:00:00Z", 60)]), preview: true);
        Assert.Empty(ledger.Notices());

        ledger.Import(Call.Csv([Call.Paid("a", "2026-03-15T10:00:00Z", 60)]));
        Assert.Single(ledger.Notices());
    }

    [Fact]
    [Trait("Rule", "N1")]
    public void Expiring_funds_are_told_30_7_and_1_days_before_once_each_however_often_maintenance_runs()
    {
        using var ledger = new TestLedger("2026-03-15T12:00:00Z");
        ledger.AddFunds(100);
        var told = new List<string>();
        for (var hours = 0; hours <= 367 * 24; hours += hours >= 330 * 24 ? 6 : 240)
        {
            ledger.Clock.Now = TestLedger.At("2026-03-15T12:00:00Z").AddHours(hours);
            var warnings = ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { }).Warnings;
            told.AddRange(Enumerable.Repeat($"{ledger.Clock.Now:yyyy-MM-dd HH}", warnings));
        }

        Assert.Equal(3, ledger.Notices(CreditNotificationKind.FundsExpiring).Count);
        Assert.Equal(
            ["2027-02-13 12", "2027-03-08 12", "2027-03-14 12", "2027-03-15 12", "2027-03-15 12"], told.Order());
        Assert.Contains("USD 100.00", ledger.Notices(CreditNotificationKind.FundsExpired).Single().Subject);
        Assert.Single(ledger.Notices(CreditNotificationKind.BalanceExhausted));
    }

    [Fact]
    [Trait("Rule", "N1")]
    public void Of_several_warnings_missed_at_once_the_nearest_is_told()
    {
        using var ledger = new TestLedger("2026-03-15T12:00:00Z");
        ledger.AddFunds(100);
        ledger.SetClock("2027-03-12T12:00:00Z");

        ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { });
        ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { });
        Assert.Single(ledger.Notices(CreditNotificationKind.FundsExpiring));

        ledger.SetClock("2027-03-14T13:00:00Z");
        ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { });
        Assert.Equal(2, ledger.Notices(CreditNotificationKind.FundsExpiring).Count);
    }

    [Fact]
    [Trait("Rule", "N1")]
    public void Funds_that_are_used_up_are_not_warned_of()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(100);
        ledger.Spend(100);
        ledger.SetClock("2027-03-14T13:00:00Z");

        Assert.Equal(0, ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { }).Warnings);
    }

    [Fact]
    public void Maintenance_books_forfeitures_evaluates_the_rule_and_changes_nothing_as_a_preview()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.AddFunds(100);
        ledger.SetClock("2027-03-15T12:00:00Z");

        var preview = ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: true, _ => { });
        Assert.Empty(ledger.Attempts());
        Assert.Empty(ledger.Entries(CreditTransactionKind.Forfeiture));
        var done = ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { });

        Assert.Equal((100m, 50m, 0), (done.Forfeited, done.Recharged, done.Failed));
        Assert.Equal(preview.Values(), done.Values());
        Assert.Equal(50, ledger.Balance());
        var again = ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { });
        Assert.Equal((0m, 0m, 0), (again.Forfeited, again.Recharged, again.Warnings));
    }

    [Theory]
    [InlineData("a@b.example, c@d.example")]
    [InlineData("a@b.example; c@d.example")]
    [InlineData("nobody")]
    [InlineData("a@b.example\nBcc: c@d.example")]
    [Trait("Rule", "T1")]
    public void A_notification_address_is_one_address(string address)
    {
        using var ledger = new TestLedger();

        Refuses.With(CreditErrorId.RuleInvalid, () => ledger.AddTenant("fabrikam.com", new() { NotificationEmail = [address] }));
        Assert.Equal(["a@b.example"], ledger.AddTenant(
            "fabrikam.com", new() { NotificationEmail = ["A <a@b.example>"] }).NotificationEmail);
    }

    [Fact]
    public void Notices_are_read_by_kind_and_status()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.Spend(5);
        ledger.Recharge();

        Assert.Equal(
            [
                CreditNotificationKind.BalanceExhausted, CreditNotificationKind.LowBalance,
                CreditNotificationKind.RechargeSucceeded,
            ],
            ledger.Notices().Select(notice => notice.Kind));
        Assert.Empty(ledger.Session.Notifications.GetNotifications(TenantSelection.All, [], [CreditNotificationStatus.Sent]));
        Assert.Single(ledger.Session.Notifications.GetNotifications(
            TenantSelection.All, [CreditNotificationKind.LowBalance], [CreditNotificationStatus.Pending]));
        Refuses.With(CreditErrorId.TenantNotFound,
            () => ledger.Session.Notifications.GetNotifications(TenantSelection.One("x"), [], []).Count());
    }
}
