using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

/// <summary>Rules on real ledgers; where a gateway has a say, it is a real server on loopback.</summary>
public sealed class RechargeRuleTests
{
    [Fact]
    [Trait("Rule", "R2")]
    public void A_rule_fires_below_the_minimum_strictly()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.AddFunds(10);

        Assert.Null(ledger.Recharge());

        ledger.Spend(0.000001m);
        Assert.Equal(50, ledger.Recharge()!.Amount);
        Assert.Equal(59.999999m, ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "R3")]
    public void One_charge_closes_the_whole_gap()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.Spend(429.8m);

        var attempt = ledger.Recharge()!;

        Assert.Equal((450m, AutoRechargeAttemptState.Succeeded), (attempt.Amount, attempt.State));
        Assert.Equal(20.2m, ledger.Balance());
        Assert.Null(ledger.Recharge());
        Assert.Single(ledger.Entries(CreditTransactionKind.Recharge));
    }

    [Fact]
    [Trait("Rule", "R3")]
    public void A_target_is_bought_up_to_in_the_currencys_minor_unit()
    {
        using var ledger = new TestLedger(contoso: false);
        ledger.AddTenant(TestLedger.Contoso, new() { Currency = "JPY" });
        ledger.SetRule(minimum: 10, target: 200);
        ledger.ImportFile(ledger.Folder.Write(
            "u", Call.Csv([Call.Paid("a", "2026-03-15T10:00:00Z", 5.4321m) with { Currency = "JPY" }])),
            new() { NoRecharge = true });

        Assert.Equal(206, ledger.Recharge()!.Amount);
    }

    [Fact]
    [Trait("Rule", "R4")]
    public void Caps_hold_by_day_and_month_utc_and_size_a_charge_down_to_whole_multiples()
    {
        using var ledger = new TestLedger("2026-03-30T23:59:59Z");
        ledger.SetRule(minimum: 10, amount: 50, perCharge: 320, perDay: 330, perMonth: 510);
        ledger.Spend(2000);

        Assert.Equal(300, ledger.Recharge()!.Amount);
        Assert.Equal("MaximumPerDay", ledger.Recharge()!.Reason);
        Assert.Null(ledger.Recharge());

        ledger.SetClock("2026-03-31T00:00:00Z");
        Assert.Equal(200, ledger.Recharge()!.Amount);
        Assert.Equal("MaximumPerMonth", ledger.Recharge()!.Reason);
        Assert.Null(ledger.Recharge());

        ledger.SetClock("2026-04-01T00:00:00Z");
        Assert.Equal(300, ledger.Recharge()!.Amount);
        ledger.SetClock("2026-04-02T00:00:00Z");
        Assert.Equal(200, ledger.Recharge()!.Amount);
        Assert.Equal(2, ledger.Notices(CreditNotificationKind.RechargeCapped).Count);
    }

    [Fact]
    [Trait("Rule", "R4")]
    public void The_cap_per_charge_is_refused_once_until_the_rule_changes()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50, perCharge: 40);

        var refused = ledger.Recharge()!;
        Assert.Equal((AutoRechargeAttemptState.Refused, "MaximumPerCharge", 50m),
            (refused.State, refused.Reason, refused.Amount));
        ledger.SetClock("2026-05-15T12:00:00Z");
        Assert.Null(ledger.Recharge(force: true));
        Assert.Empty(ledger.Entries(CreditTransactionKind.Recharge));

        ledger.SetRule(perCharge: 45);
        Assert.Equal(AutoRechargeAttemptState.Refused, ledger.Recharge()!.State);
        ledger.SetRule(perCharge: 50);
        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge()!.State);
        Assert.Equal(2, ledger.Notices(CreditNotificationKind.RechargeCapped).Count);
    }

    [Fact]
    [Trait("Rule", "R4")]
    public void Open_attempts_count_towards_the_caps_by_when_they_were_started()
    {
        using var ledger = new TestLedger("2026-03-31T23:59:00Z");
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card", perMonth: 50);
        server.Book.Plan("pending");
        ledger.Recharge();

        ledger.SetClock("2026-04-01T00:01:00Z");
        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge()!.State);
        ledger.Spend(45);

        // The first was March's charge, though it was settled in April.
        Assert.Equal((50m, AutoRechargeAttemptState.Succeeded), (ledger.Recharge()!.Amount, ledger.Attempts()[^1].State));
        ledger.Spend(60);
        Assert.Equal("MaximumPerMonth", ledger.Recharge()!.Reason);
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void A_decline_backs_off_one_hour_then_six_then_pauses_and_each_is_told_once()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("decline", "decline", "decline", "succeed");

        Assert.Equal((AutoRechargeAttemptState.Declined, "card_declined"), (ledger.Recharge()!.State, ledger.Rule().LastFailure));
        Assert.Equal(CreditAutoRecharge.Waiting, ledger.Rule().State);
        Assert.Equal(TestLedger.At("2026-03-15T13:00:00Z"), ledger.Rule().NextAttemptAt);
        ledger.SetClock("2026-03-15T12:59:59Z");
        Assert.Null(ledger.Recharge());

        ledger.SetClock("2026-03-15T13:00:00Z");
        Assert.Equal(AutoRechargeAttemptState.Declined, ledger.Recharge()!.State);
        ledger.SetClock("2026-03-15T18:59:59Z");
        Assert.Null(ledger.Recharge());

        ledger.SetClock("2026-03-15T19:00:00Z");
        Assert.Equal(AutoRechargeAttemptState.Declined, ledger.Recharge()!.State);
        Assert.Equal(CreditAutoRecharge.Paused, ledger.Rule().State);
        Assert.Equal(CreditAutoRecharge.Paused, ledger.BalanceOf().AutoRecharge);
        ledger.SetClock("2026-12-24T00:00:00Z");
        Assert.Null(ledger.Recharge());
        Assert.Null(ledger.Recharge(force: true));

        Assert.Equal(3, server.Requests);
        Assert.Equal(
            [CreditNotificationKind.RechargeFailed, CreditNotificationKind.RechargeFailed, CreditNotificationKind.RechargePaused],
            ledger.Notices(CreditNotificationKind.RechargeFailed, CreditNotificationKind.RechargePaused).Select(
                notice => notice.Kind));
        Assert.All(ledger.Notices(CreditNotificationKind.RechargeFailed),
            notice => Assert.Contains("card_declined", notice.Body));
        server.Book.AssertAgrees(ledger.Session);
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void Force_ignores_the_back_off()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("decline");
        ledger.Recharge();

        Assert.Null(ledger.Recharge());
        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge(force: true)!.State);
        Assert.Equal((CreditAutoRecharge.On, null), (ledger.Rule().State, ledger.Rule().LastFailure));
    }

    [Theory]
    [InlineData("method")]
    [InlineData("purchase")]
    [InlineData("enable")]
    [InlineData("other method")]
    [Trait("Rule", "R6")]
    public void A_paused_rule_goes_on_at_once_by(string what)
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway(), method: "other");
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("decline", "decline", "decline");
        for (var i = 0; i < 3; i++)
            ledger.Recharge(force: true);
        Assert.Equal(CreditAutoRecharge.Paused, ledger.Rule().State);

        switch (what)
        {
            case "method":
                ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "CARD") { Token = "tok_new" });
                break;
            case "purchase":
                ledger.AddFunds(1);
                break;
            case "enable":
                ledger.Session.Execute(new SetRechargeRuleEnabled(TestLedger.Contoso, enabled: true));
                break;
            default:
                ledger.SetRule(method: "other");
                break;
        }

        Assert.Equal(CreditAutoRecharge.On, ledger.Rule().State);
        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge()!.State);
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void A_change_of_the_amount_leaves_the_back_off_as_it_is()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("decline");
        ledger.Recharge();

        ledger.SetRule(amount: 60, method: "Card");

        Assert.Equal(CreditAutoRecharge.Waiting, ledger.Rule().State);
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void An_attempt_that_nobody_answers_for_is_asked_by_every_run_and_told_once_after_24_hours()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("status 500", "status 500", "status 500", "status 500");

        Assert.Equal(AutoRechargeAttemptState.Unknown, ledger.Recharge()!.State);
        Assert.Equal(CreditAutoRecharge.Waiting, ledger.Rule().State);
        ledger.SetClock("2026-03-16T11:59:59Z");
        ledger.Recharge();
        Assert.Empty(ledger.Notices(CreditNotificationKind.RechargeFailed));
        ledger.SetClock("2026-03-16T12:00:00Z");
        ledger.Recharge();
        ledger.Recharge();
        var notice = Assert.Single(ledger.Notices(CreditNotificationKind.RechargeFailed));
        Assert.Contains("Resolve-AutoRechargeAttempt contoso.com/A1", notice.Body);

        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge()!.State);
        Assert.Single(server.Book.Requests());
        server.Book.AssertAgrees(ledger.Session);
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void An_open_attempt_of_a_gateway_that_is_gone_is_unknown_and_told_and_settled_by_hand()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("charge-reset");
        ledger.Recharge();
        ledger.Session.Recharges.UnregisterGateway("psp");
        ledger.SetClock("2026-03-17T12:00:00Z");

        var attempt = ledger.Recharge()!;
        Assert.Equal(AutoRechargeAttemptState.Unknown, attempt.State);
        Assert.Contains("psp", attempt.Reason);
        Assert.Single(ledger.Notices(CreditNotificationKind.RechargeFailed));
        Assert.Equal(1, ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { }).Failed);

        var settled = ledger.Session.Execute(new ResolveAttempt("CONTOSO.com/a1", succeeded: true, "ch_by_hand"));
        Assert.Equal((AutoRechargeAttemptState.Succeeded, "ch_by_hand"), (settled.State, settled.PaymentReference));
        Assert.Contains(ledger.Entries(CreditTransactionKind.Setting), entry => entry.Description!.Contains("settled by hand"));
        server.Book.AssertAgrees(ledger.Session);
        Refuses.With(CreditErrorId.AttemptNotFound,
            () => ledger.Session.Execute(new ResolveAttempt("contoso.com/A1", true, null)));
        Refuses.With(CreditErrorId.AttemptNotFound,
            () => ledger.Session.Execute(new ResolveAttempt("contoso.com/A9", true, null)));
        Refuses.With(CreditErrorId.AttemptNotFound, () => ledger.Session.Execute(new ResolveAttempt("nonsense", true, null)));
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void Settled_by_hand_as_declined_posts_nothing_and_backs_off()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("reset");
        ledger.Recharge();

        var settled = ledger.Session.Execute(new ResolveAttempt("contoso.com/A1", succeeded: false, null));

        Assert.Equal(AutoRechargeAttemptState.Declined, settled.State);
        Assert.Equal(CreditAutoRecharge.Waiting, ledger.Rule().State);
        server.Book.AssertAgrees(ledger.Session);
    }

    [Fact]
    [Trait("Rule", "R7")]
    public void A_card_past_its_month_is_declined_and_the_gateway_not_called()
    {
        using var ledger = new TestLedger("2026-03-31T23:59:59Z");
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway(), expiry: "2026-03");
        ledger.SetRule(minimum: 10, amount: 50, method: "card", perDay: 50);
        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge()!.State);
        ledger.Spend(45);

        ledger.SetClock("2026-04-01T00:00:00Z");
        var attempt = ledger.Recharge()!;

        Assert.Equal(AutoRechargeAttemptState.Declined, attempt.State);
        Assert.Contains("2026-03", attempt.Reason);
        Assert.Equal(1, server.Requests);
        Assert.Single(ledger.Notices(CreditNotificationKind.RechargeFailed));
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void An_import_evaluates_once_however_many_batches_it_has()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.AddFunds(20);

        var import = ledger.Import([.. Enumerable.Range(0, 3000).Select(
            i => Call.Paid($"u{i}", "2026-03-10T10:00:00Z", 1))]).Result;

        Assert.Equal(3000, import.Recharged);
        Assert.Equal(20, import.BalanceAfter);
        Assert.Equal(3000, Assert.Single(ledger.Attempts()).Amount);
        Assert.Equal(3000, ledger.Session.Usage.GetImports(TenantSelection.One(TestLedger.Contoso)).Single().Recharged);
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void No_recharge_leaves_it_to_maintenance()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.Spend(100);
        Assert.Empty(ledger.Attempts());

        var done = ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { });

        Assert.Equal((150m, 0), (done.Recharged, done.Failed));
        Assert.Equal(50, ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void An_import_that_is_stopped_evaluates_what_it_has_posted()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver { OnProgress = _ => stop.Cancel() };
        var path = ledger.Folder.Write(
            "many", Call.Csv(Enumerable.Range(0, 40_000).Select(i => Call.Paid($"u{i}", "2026-03-10T10:00:00Z", 1))));

        var import = ledger.Session.Usage.Import(TestLedger.Contoso, path, new(), observer, stop.Token);

        Assert.InRange(import.Imported, 1, 39_999);
        Assert.True(import.BalanceAfter >= 10);
        Assert.Single(ledger.Attempts());
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void A_preview_of_an_import_charges_nothing()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);

        ledger.Import(Call.Csv([Call.Paid("a", "2026-03-10T10:00:00Z", 60)]), preview: true);

        Assert.Empty(ledger.Attempts());
        Assert.Equal(0, ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void Rating_what_was_unrated_evaluates()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.AddFunds(10);
        ledger.Import(new Call { Id = "a", Start = "2026-03-10T10:00:00Z", Seconds = "600" });
        Assert.Empty(ledger.Attempts());
        ledger.AddRates();

        var rated = ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, default);

        Assert.Equal((0.13m, 50m, 59.87m), (rated.Charged, rated.Recharged, rated.BalanceAfter));
        Assert.Single(ledger.Attempts());
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void What_lowers_the_balance_by_hand_evaluates()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.AddFunds(30);

        ledger.Session.Execute(new AddAdjustment(TestLedger.Contoso, -25));

        Assert.Equal(55, ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "R8")]
    public void An_import_where_the_gateway_is_not_known_stands_and_warns()
    {
        using var ledger = new TestLedger();
        ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Gateway = "elsewhere", Token = "tok_1" });
        ledger.SetRule(minimum: 10, amount: 50, method: "card");

        var import = ledger.Import(Call.Paid("a", "2026-03-10T10:00:00Z", 60));

        Assert.Contains(import.Told.Warnings, warning => warning.Contains("elsewhere"));
        Assert.Equal((-60m, 0m), (import.Result.BalanceAfter, import.Result.Recharged));
        Assert.Empty(ledger.Attempts());
        Refuses.With(CreditErrorId.GatewayNotFound, () => ledger.Session.Recharges.Run(TestLedger.Contoso, force: false));
        var warned = new List<CreditException>();
        Assert.Equal(1, ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, warned.Add).Failed);
        Assert.Equal(CreditErrorId.GatewayNotFound, Assert.Single(warned).ErrorId);
    }

    [Fact]
    [Trait("Rule", "R5")]
    public void Imports_do_not_wait_for_a_gateway_that_hangs_again_and_again()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("charge-reset");

        ledger.Import(Call.Paid("a", "2026-03-10T10:00:00Z", 1));
        ledger.Import(Call.Paid("b", "2026-03-10T10:00:00Z", 1));
        ledger.Import(Call.Paid("c", "2026-03-10T10:00:00Z", 1));
        Assert.Equal(1, server.Requests);

        ledger.Clock.Now += TimeSpan.FromMinutes(15);
        Assert.Equal(50, ledger.Import(Call.Paid("d", "2026-03-10T10:00:00Z", 1)).Result.Recharged);
        server.Book.AssertAgrees(ledger.Session);
    }

    [Fact]
    [Trait("Rule", "I2")]
    public void A_clock_that_jumps_back_does_not_recharge_twice_nor_tell_twice()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.Spend(20);
        ledger.Recharge();
        var notices = ledger.Notices().Count;

        ledger.Clock.Now -= TimeSpan.FromDays(40);
        ledger.Session.Execute(new AddAdjustment(TestLedger.Contoso, -1));

        Assert.Null(ledger.Recharge());
        Assert.Equal(notices, ledger.Notices().Count);
        Assert.Single(ledger.Attempts());
        Assert.Empty(ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "R5")]
    public void An_attempt_asked_for_by_a_clock_that_was_ahead_is_settled_all_the_same()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("charge-reset");
        ledger.Recharge();

        ledger.Clock.Now -= TimeSpan.FromDays(40);
        Assert.Equal(50, ledger.Import(Call.Paid("d", "2026-01-10T10:00:00Z", 1)).Result.Recharged);
        server.Book.AssertAgrees(ledger.Session);
    }

    [Fact]
    [Trait("Rule", "R5")]
    public void A_tenant_closed_meanwhile_gets_what_was_paid_for_it_and_nothing_more()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("charge-reset");
        ledger.Recharge();
        ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Status = CreditTenantStatus.Closed }));

        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge()!.State);
        Assert.Equal(50, ledger.Balance());
        server.Book.AssertAgrees(ledger.Session);

        Assert.Null(ledger.Recharge());
    }

    [Fact]
    [Trait("Rule", "R2")]
    public void A_closed_tenant_is_not_recharged()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50);
        ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Status = CreditTenantStatus.Closed }));

        Assert.Null(ledger.Recharge());
        Assert.Null(ledger.Session.Recharges.Preview(TestLedger.Contoso, force: true));
        Assert.Equal(0, ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { }).Recharged);
    }

    [Fact]
    [Trait("Rule", "R2")]
    public void A_disabled_rule_settles_what_is_open_and_starts_nothing()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 100, amount: 50, method: "card", perCharge: 50);
        server.Book.Plan("pending", "succeed");
        ledger.Recharge();
        ledger.Session.Execute(new SetRechargeRuleEnabled(TestLedger.Contoso, enabled: false));

        Assert.Equal(AutoRechargeAttemptState.Succeeded, ledger.Recharge()!.State);
        Assert.Equal(CreditAutoRecharge.Off, ledger.Rule().State);
        Assert.Null(ledger.Recharge(force: true));
    }

    [Fact]
    [Trait("Rule", "T1")]
    public void A_tenant_with_an_open_attempt_keeps_its_currency_and_stays()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        server.Book.Plan("charge-reset");
        ledger.Recharge();

        Refuses.With(CreditErrorId.TenantInUse,
            () => ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Currency = "EUR" })));
        Refuses.With(CreditErrorId.TenantInUse, () => ledger.Session.Execute(new RemoveTenant(TestLedger.Contoso)));
        ledger.Recharge();
        server.Book.AssertAgrees(ledger.Session);
    }

    [Fact]
    [Trait("Rule", "R1")]
    public void An_amount_that_the_new_currency_has_no_coin_for_keeps_the_old_one()
    {
        using var ledger = new TestLedger();
        ledger.SetRule(minimum: 10, amount: 50.50m);

        Refuses.With(CreditErrorId.RuleInvalid,
            () => ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Currency = "JPY" })));
        ledger.SetRule(amount: 50);
        ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Currency = "JPY" }));
    }

    [Fact]
    public void A_preview_shows_the_charge_that_would_be_made_and_makes_none()
    {
        using var ledger = new TestLedger();
        using var server = new GatewayServer();
        ledger.PayBy(server.Gateway());
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        ledger.Spend(45);

        var shown = ledger.Session.Recharges.Preview(TestLedger.Contoso, force: false)!;
        Assert.Equal((100m, AutoRechargeAttemptState.Pending), (shown.Amount, shown.State));
        Assert.Equal(0, server.Requests);
        Assert.Empty(ledger.Attempts());
        Assert.Equal(100, ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: true, _ => { }).Recharged);
        Assert.Equal(0, server.Requests);
        Assert.Equal(100, ledger.Recharge()!.Amount);
        Assert.Null(ledger.Session.Recharges.Preview(TestLedger.Contoso, force: false));
    }

    [Theory]
    [InlineData(10, 0.0, null)]
    [InlineData(10, -5.0, null)]
    [InlineData(10, 0.001, null)]
    [InlineData(-1, 50.0, null)]
    [InlineData(10, null, 9.0)]
    [InlineData(10, null, 10.0)]
    [InlineData(10, 50.0, 100.0)]
    [InlineData(10, null, null)]
    [Trait("Rule", "R1")]
    public void A_rule_that_makes_no_sense_is_refused(double minimum, double? amount, double? target)
    {
        using var ledger = new TestLedger();

        Refuses.With(CreditErrorId.RuleInvalid, () => ledger.SetRule((decimal)minimum, (decimal?)amount, (decimal?)target));
        Assert.Empty(ledger.Session.Recharges.GetRules(TenantSelection.All));
    }

    [Fact]
    [Trait("Rule", "R1")]
    public void A_rule_that_pays_by_a_method_nobody_stored_is_refused()
    {
        using var ledger = new TestLedger();

        Refuses.With(CreditErrorId.PaymentMethodNotFound, () => ledger.SetRule(minimum: 10, amount: 50, method: "card"));
    }

    [Fact]
    [Trait("Rule", "R5")]
    public void A_method_that_a_rule_pays_by_stays()
    {
        using var ledger = new TestLedger();
        ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Token = "tok_1" });
        ledger.SetRule(minimum: 10, amount: 50, method: "card");

        Refuses.With(CreditErrorId.RuleInvalid,
            () => ledger.Session.Execute(new RemovePaymentMethod(TestLedger.Contoso, "Card")));
    }

    [Fact]
    [Trait("Rule", "C3")]
    public void Settings_are_entries_that_say_who_and_what()
    {
        using var ledger = new TestLedger();
        ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Token = "tok_1", PurchaseOrder = "PO-7" });
        ledger.SetRule(minimum: 10, amount: 50, method: "card");
        ledger.Session.Execute(new SetRechargeRuleEnabled(TestLedger.Contoso, enabled: false));
        var settings = ledger.Entries(CreditTransactionKind.Setting);
        ledger.SetRule(minimum: 10, amount: 50, method: "card");

        Assert.Equal(settings.Count, ledger.Entries(CreditTransactionKind.Setting).Count);
        Assert.All(settings, entry => Assert.Equal((0m, "tester@machine"), (entry.Amount, entry.Actor)));
        Assert.Contains("PO-7", settings[^3].Description);
        Assert.Contains("below 10.00 USD, buy 50.00", settings[^2].Description);
        Assert.Equal("Auto-recharge disabled", settings[^1].Description);
    }

    [Theory]
    [Trait("Rule", "F5")]
    [InlineData("""{"status":"pending"}""")]
    [InlineData("""{"status":"declined","reason":"card_declined"}""")]
    public void An_evaluation_that_posts_books_what_has_expired(string answer)
    {
        using var gateway = new LoopbackServer(_ => ServerReply.Of(200, answer));
        using var ledger = new TestLedger();
        ledger.PayBy(new()
        {
            Name = "psp", Command = null, ArgumentList = [], Uri = gateway.Uri, SecretName = null, Timeout = TimeSpan.FromSeconds(20),
        });
        ledger.AddFunds(10, expiresAt: "2026-03-20");
        ledger.SetRule(minimum: 5, amount: 50, method: "card");
        ledger.SetClock("2026-03-21T00:00:00Z");

        ledger.Recharge();

        Assert.Equal(-10, Assert.Single(ledger.Entries(CreditTransactionKind.Forfeiture)).Amount);
        Assert.Empty(ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "R5")]
    public void The_built_in_gateway_settles_at_once_by_the_purchase_order()
    {
        using var ledger = new TestLedger();
        ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "ea") { PurchaseOrder = "PO-7" });
        ledger.SetRule(minimum: 10, amount: 50, method: "ea");

        var attempt = ledger.Recharge()!;

        Assert.Equal((AutoRechargeAttemptState.Succeeded, "PO-7"), (attempt.State, attempt.PaymentReference));
        var lot = ledger.Session.Funds.GetFunds(TenantSelection.All, includeSpent: false).Single();
        Assert.Equal((CreditFundsSource.AutoRecharge, "PO-7"), (lot.Source, lot.Reference));
        Assert.Equal((ledger.Clock.Now, ledger.Clock.Now.AddMonths(12)), (lot.PurchasedAt, lot.ExpiresAt));
        Assert.Contains("USD 50.00", ledger.Notices(CreditNotificationKind.RechargeSucceeded).Single().Subject);
    }
}
