using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Guard.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Notifications;

/// <summary>The guard on a real ledger: what it notifies, what it holds, and when that ends.</summary>
public sealed class GuardTests : IDisposable
{
    private readonly TestLedger _ledger = new("2026-03-01T12:00:00Z");
    private int _call;

    [Fact]
    [Trait("Rule", "D1")]
    public void A_night_of_calls_to_a_new_country_is_one_notice_with_what_was_seen_and_who()
    {
        Quiet("2026-02-01", 28);
        Assert.Empty(Raised(CreditNotificationKind.UnusualUse));

        Fraud("2026-03-01", 40);
        Fraud("2026-03-02", 40);

        var notice = Assert.Single(Raised(CreditNotificationKind.UnusualUse));
        Assert.Equal("contoso.com: unusual use on 2026-03-01", notice.Subject);
        Assert.Contains("USD 200.00 to KM (usual: no call to there before)", notice.Body, StringComparison.Ordinal);
        Assert.Contains("eve@contoso.com (40 calls, 200.00)", notice.Body, StringComparison.Ordinal);
        Assert.Contains("+26933", notice.Body, StringComparison.Ordinal);
        Assert.Contains("Measure-CreditUsage contoso.com -By User, Number -From 2026-03-01 -To 2026-03-02", notice.Body, StringComparison.Ordinal);
        var guard = _ledger.Session.Guards.GetGuards(TenantSelection.All).Single();
        Assert.Equal((CreditSensitivity.Normal, false, TestLedger.At("2026-03-01")), (guard.Sensitivity, guard.HoldRecharge, guard.AlarmedAt));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void Less_than_two_weeks_of_history_is_silent()
    {
        Quiet("2026-02-17", 12);

        Fraud("2026-03-01", 40);

        Assert.Empty(Raised(CreditNotificationKind.UnusualUse));
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void What_is_meant_is_silent()
    {
        Quiet("2026-02-01", 28);
        _ledger.Session.Execute(new SetGuard(TestLedger.Contoso) { AllowedCountry = ["Comoros"] });

        Fraud("2026-03-01", 40);

        Assert.Empty(Raised(CreditNotificationKind.UnusualUse));
        Assert.Equal(["KM"], _ledger.Session.Guards.GetGuards(TenantSelection.All).Single().AllowedCountry);
    }

    [Fact]
    [Trait("Rule", "R10")]
    public void An_episode_that_goes_on_after_it_had_ended_holds_the_rule_again()
    {
        _ledger.AddFunds(1000m, "2026-01-31");
        Quiet("2026-02-01", 28);
        _ledger.Session.Execute(new SetGuard(TestLedger.Contoso) { HoldRecharge = true });
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 100, RechargeAmount = 50 });

        Fraud("2026-03-01", 40);
        Quiet("2026-03-02", 3);
        Assert.Null(Held());

        // Late usage of the second day after it: one episode, and one notice of it.
        Fraud("2026-03-03", 160);

        Assert.NotNull(Held());
        Assert.Equal((1, 2), (Raised(CreditNotificationKind.UnusualUse).Count, Raised(CreditNotificationKind.RechargeHeld).Count));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "R10")]
    public void An_alarm_holds_the_rule_before_it_charges_and_two_usual_days_let_it_go_on()
    {
        _ledger.AddFunds(1000m, "2026-01-31");
        Quiet("2026-02-01", 28);
        _ledger.Session.Execute(new SetGuard(TestLedger.Contoso) { HoldRecharge = true });
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 100, RechargeAmount = 50 });

        Fraud("2026-03-01", 40);

        Assert.Single(Raised(CreditNotificationKind.RechargeHeld));
        Assert.Equal("unusual use since 2026-03-01", Held());
        Quiet("2026-03-02", 2);
        Assert.NotNull(Held());
        Quiet("2026-03-04", 1);
        Assert.Null(Held());
        Assert.Null(_ledger.Session.Guards.GetGuards(TenantSelection.All).Single().Alarm);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "R10")]
    public void Enabling_the_rule_lets_it_go_on_and_the_same_alarm_does_not_hold_it_again()
    {
        Quiet("2026-02-01", 28);
        _ledger.Session.Execute(new SetGuard(TestLedger.Contoso) { HoldRecharge = true });
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 1, RechargeAmount = 50 });
        Fraud("2026-03-01", 40);
        Assert.NotNull(Held());

        _ledger.Session.Execute(new SetRechargeRuleEnabled(TestLedger.Contoso, true));
        Fraud("2026-03-02", 40);

        Assert.Null(Held());
        Assert.Single(Raised(CreditNotificationKind.UnusualUse));
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void A_guard_that_is_removed_says_nothing_and_holds_nothing()
    {
        Quiet("2026-02-01", 28);
        _ledger.Session.Execute(new SetGuard(TestLedger.Contoso) { HoldRecharge = true, Sensitivity = CreditSensitivity.High });
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 1, RechargeAmount = 50 });
        Fraud("2026-03-01", 40);
        Assert.NotNull(Held());

        _ledger.Session.Execute(new RemoveGuard(TestLedger.Contoso));

        Assert.Null(Held());
        Assert.Empty(_ledger.Session.Guards.GetGuards(TenantSelection.All));
        Fraud("2026-03-09", 80);
        Assert.Single(Raised(CreditNotificationKind.UnusualUse));
        Assert.Empty(_ledger.Verify());
        Assert.Equal(
            CreditErrorId.GuardInvalid,
            Assert.Throws<CreditException>(() => _ledger.Session.Execute(new RemoveGuard(TestLedger.Contoso))).ErrorId);
    }

    [Fact]
    [Trait("Rule", "C4")]
    public void Users_and_numbers_go_from_the_notice_when_they_are_blanked()
    {
        Quiet("2026-02-01", 28);
        Fraud("2026-03-01", 40);

        _ledger.SetClock("2026-03-20T00:00:00Z");
        _ledger.Session.Execute(new ClearUsage(TestLedger.Contoso, TestLedger.At("2026-03-05")));

        var notice = Assert.Single(Raised(CreditNotificationKind.UnusualUse));
        Assert.DoesNotContain("eve", notice.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("+269", notice.Body, StringComparison.Ordinal);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void Many_short_calls_alarm_only_where_they_go_to_one_range()
    {
        Quiet("2026-02-01", 28, "+4930");
        Short("2026-03-01", i => $"+49301234{i:000}");
        Assert.Empty(Raised(CreditNotificationKind.UnusualUse));

        Short("2026-03-02", i => $"+49309876{i % 10:000}");

        Assert.Contains("short calls to one range of DE", Assert.Single(Raised(CreditNotificationKind.UnusualUse)).Body, StringComparison.Ordinal);

        void Short(string day, Func<int, string> number)
        {
            var spread = day.EndsWith("01", StringComparison.Ordinal);
            Import(Enumerable.Range(0, spread ? 45 : 100).Select(i => Paid(day, 10, 0.1m) with { To = spread ? $"+4930{i:00}4567" : number(i), Seconds = "20" }));
        }
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void A_country_that_is_none_is_refused()
    {
        var refused = Assert.Throws<CreditException>(() => _ledger.Session.Execute(new SetGuard(TestLedger.Contoso) { AllowedCountry = ["Atlantis"] }));

        Assert.Equal(CreditErrorId.InvalidCountry, refused.ErrorId);
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void Calls_that_are_rated_late_alarm_hold_the_rule_before_it_charges_and_use_the_budget_up() => RatedLate(_ledger);

    [PgFact]
    [Trait("Rule", "D1")]
    public void Calls_that_are_rated_late_alarm_on_PostgreSQL_too()
    {
        using var ledger = new TestLedger("2026-03-01T12:00:00Z", database: PgCluster.Create());
        RatedLate(ledger);
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void Calls_that_are_priced_again_at_more_alarm()
    {
        Quiet("2026-02-01", 28);
        _ledger.AddRates("Prefix,Price / min\n269,0.01", from: "2026-01-01");
        Import(Unrated("2026-03-01", 40));
        Assert.Empty(Raised(CreditNotificationKind.UnusualUse));

        _ledger.AddRates("Prefix,Price / min\n269,1", from: "2026-01-01");
        _ledger.Session.Usage.PriceAgain(TestLedger.Contoso, null, null, preview: false, default);

        Assert.Contains("USD 600.00 to KM", Assert.Single(Raised(CreditNotificationKind.UnusualUse)).Body, StringComparison.Ordinal);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void Calls_that_are_priced_again_at_less_are_no_alarm_any_more()
    {
        Quiet("2026-02-01", 28);
        _ledger.AddRates("Prefix,Price / min\n269,1", from: "2026-01-01");
        Import(Unrated("2026-03-01", 40));
        Assert.NotNull(Alarm());

        _ledger.AddRates("Prefix,Price / min\n269,0.01", from: "2026-01-01");
        _ledger.Session.Usage.PriceAgain(TestLedger.Contoso, null, null, preview: false, default);

        Assert.Null(Alarm());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "R10")]
    public void An_import_that_is_undone_takes_its_alarm_with_it_and_lets_the_rule_go_on() => Undone(_ledger);

    [PgFact]
    [Trait("Rule", "R10")]
    public void An_import_that_is_undone_takes_its_alarm_with_it_on_PostgreSQL_too()
    {
        using var ledger = new TestLedger("2026-03-01T12:00:00Z", database: PgCluster.Create());
        Undone(ledger);
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void An_episode_of_which_an_import_is_undone_ends_after_the_last_day_that_is_still_unusual()
    {
        Quiet("2026-02-01", 28);
        Fraud("2026-03-01", 40);
        Fraud("2026-03-03", 160);

        _ledger.Session.Execute(new UndoImport(LastImport(_ledger), "wrong file"));
        Assert.NotNull(Alarm());
        Quiet("2026-03-02", 3);

        // Of the third it would go on.
        Assert.Null(Alarm());
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void A_preview_of_an_import_and_of_a_late_rating_foresees_the_alarm()
    {
        Quiet("2026-02-01", 28);
        _ledger.SetClock("2026-03-02T12:00:00Z");
        var calls = Enumerable.Range(0, 40).Select(i => Paid("2026-03-01", 3, 5m) with { To = $"+26933{i:00}234" }).ToArray();
        var import = new RecordingObserver();
        _ledger.Session.Usage.Import(TestLedger.Contoso, _ledger.Folder.Write("preview.csv", Call.Csv(calls)), new() { Preview = true }, import, default);
        Import(Unrated("2026-03-01", 40));
        _ledger.AddRates("Prefix,Price / min\n269,1", from: "2026-01-01");
        var rating = new RecordingObserver();
        _ledger.Session.Usage.Rate(TestLedger.Contoso, preview: true, default, rating);

        Assert.All([import, rating], observer => Assert.Contains(
            observer.Foresights.SelectMany(foresight => foresight.Notifications), notice => notice.Kind == CreditNotificationKind.UnusualUse));
        Assert.Empty(Raised(CreditNotificationKind.UnusualUse));
    }

    private void Undone(TestLedger ledger)
    {
        for (var day = 1; day <= 28; day++)
            ledger.Import(Paid($"2026-02-{day:00}", 16, 3m) with { To = "+12065550100" });
        ledger.AddFunds(2000m, "2026-03-01");
        ledger.Session.Execute(new SetGuard(TestLedger.Contoso) { HoldRecharge = true });
        ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 100, RechargeAmount = 50 });
        ledger.SetClock("2026-03-02T12:00:00Z");
        Dear();
        Assert.NotNull(Held(ledger));

        ledger.Session.Execute(new UndoImport(LastImport(ledger), "of another tenant"));

        Assert.Null(Held(ledger));
        Assert.Null(Alarm(ledger));
        Assert.Empty(ledger.Verify());

        // The same days again are the same episode: held again, and notified once.
        Dear();
        Assert.NotNull(Held(ledger));
        Assert.NotNull(Alarm(ledger));
        Assert.Single(Raised(CreditNotificationKind.UnusualUse, ledger));
        Assert.Empty(ledger.Verify());

        void Dear() => ledger.Import([.. Enumerable.Range(0, 40).Select(i => Paid("2026-03-01", 3, 5m) with { To = $"+26933{i:00}234", User = "eve@contoso.com" })]);
    }

    private void RatedLate(TestLedger ledger)
    {
        ledger.Session.Execute(new SetBudget(TestLedger.Contoso, 100m, new()));
        for (var day = 1; day <= 28; day++)
            ledger.Import(Paid($"2026-02-{day:00}", 16, 3m) with { To = "+12065550100" });
        ledger.AddFunds(2000m, "2026-03-01");
        ledger.Session.Execute(new SetGuard(TestLedger.Contoso) { HoldRecharge = true });
        ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 1500, RechargeAmount = 50 });
        ledger.SetClock("2026-03-02T12:00:00Z");
        ledger.Import([.. Unrated("2026-03-01", 40)]);
        Assert.Empty(Raised(CreditNotificationKind.UnusualUse, ledger));
        Assert.DoesNotContain(Raised(CreditNotificationKind.BudgetReached, ledger), notice => notice.Subject.Contains("2026-03", StringComparison.Ordinal));

        ledger.AddRates("Prefix,Price / min\n269,1", from: "2026-01-01");
        ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, default);

        var notice = Assert.Single(Raised(CreditNotificationKind.UnusualUse, ledger));
        Assert.Contains("USD 600.00 to KM (usual: no call to there before)", notice.Body, StringComparison.Ordinal);
        Assert.Contains("eve@contoso.com (40 calls, 600.00)", notice.Body, StringComparison.Ordinal);
        Assert.Single(Raised(CreditNotificationKind.RechargeHeld, ledger));
        Assert.Contains(Raised(CreditNotificationKind.BudgetReached, ledger), told => (told.Subject + told.Body).Contains("100 %", StringComparison.Ordinal));
        Assert.Equal(0, ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, default).Imported);
        Assert.Single(Raised(CreditNotificationKind.UnusualUse, ledger));
        Assert.Empty(ledger.Verify());
    }

    [PgFact]
    [Trait("Rule", "D1")]
    public void The_guard_is_the_same_on_PostgreSQL()
    {
        using var ledger = new TestLedger("2026-03-01T12:00:00Z", database: PgCluster.Create());
        foreach (var day in Enumerable.Range(0, 20))
            ledger.Import(Paid($"2026-02-{day + 5:00}", 10, 1m));
        ledger.Session.Execute(new SetGuard(TestLedger.Contoso) { HoldRecharge = true, AllowedCountry = ["GB"] });
        ledger.Import([.. Enumerable.Range(0, 40).Select(_ => Paid("2026-02-25", 3, 5m) with { To = "+2693351234", User = "eve@contoso.com" })]);

        var notice = Assert.Single(ledger.Session.Notifications.GetNotifications(TenantSelection.All, [CreditNotificationKind.UnusualUse], []));
        Assert.Contains("eve@contoso.com (40 calls, 200.00)", notice.Body, StringComparison.Ordinal);
        Assert.NotNull(ledger.Session.Guards.GetGuards(TenantSelection.All).Single().Alarm);
        Assert.Empty(ledger.Verify());
    }

    public void Dispose() => _ledger.Dispose();

    private Call Paid(string day, int hour, decimal charge) => Call.Paid($"c{++_call}", $"{day}T{hour:00}:00:00Z", charge) with { Destination = "" };

    /// <summary>Some calls a day, each day imported on the next.</summary>
    private void Quiet(string first, int days, string to = "+1206555")
    {
        for (var i = 0; i < days; i++)
        {
            var day = TestLedger.At(first).AddDays(i);
            Import([Paid($"{day:yyyy-MM-dd}", 16, 3m) with { To = $"{to}0100" }, Paid($"{day:yyyy-MM-dd}", 17, 2m)]);
        }
    }

    private void Fraud(string day, int calls) => Import(Enumerable.Range(0, calls).Select(i =>
        Paid(day, 3, 5m) with { To = $"+26933{i:00}234", User = "eve@contoso.com", Seconds = "900" }));

    private void Import(IEnumerable<Call> calls)
    {
        var all = calls.ToArray();
        _ledger.Clock.Now = new[] { _ledger.Clock.Now, TestLedger.At(all[0].Start).AddDays(1) }.Max();
        _ledger.Import(all);
    }

    private static string LastImport(TestLedger ledger) => ledger.Session.Usage.GetImports(TenantSelection.All).Last().ImportId;

    private string? Alarm(TestLedger? ledger = null) => (ledger ?? _ledger).Session.Guards.GetGuards(TenantSelection.All).Single().Alarm;

    private string? Held(TestLedger? ledger = null)
    {
        using var snapshot = (ledger ?? _ledger).Session.Store.BeginRead();
        return snapshot.Recharge.FindRule(snapshot.Tenants.Get(TestLedger.Contoso).Number)?.HeldBecause;
    }

    private IEnumerable<Call> Unrated(string day, int calls) => Enumerable.Range(0, calls).Select(i =>
        new Call { Id = $"c{++_call}", Start = $"{day}T03:00:00Z", To = $"+26933{i:00}234", User = "eve@contoso.com", Seconds = "900", Destination = "" });

    private List<CreditNotification> Raised(CreditNotificationKind kind, TestLedger? ledger = null) =>
        [.. (ledger ?? _ledger).Session.Notifications.GetNotifications(TenantSelection.All, [kind], [])];
}
