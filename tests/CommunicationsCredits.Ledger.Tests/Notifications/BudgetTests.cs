using CommunicationsCredits.Ledger.Budgets;
using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Ledger.Tests.Notifications;

/// <summary>Budgets: what is used of them, and what is notified once.</summary>
public sealed class BudgetTests : IDisposable
{
    private readonly TestLedger _ledger = new("2026-03-15T12:00:00Z");

    [Fact]
    [Trait("Rule", "B1")]
    public void Each_mark_is_notified_once_a_month_and_late_calls_count_in_their_own()
    {
        Set(10m);

        Pay("a", "2026-02-20", 4.9m);
        Assert.Empty(Raised());
        Pay("b", "2026-02-21", 0.1m);
        Assert.Equal(["contoso.com: 50 % of the budget for 2026-02 are used"], Raised());
        Pay("c", "2026-02-22", 4m);
        Pay("d", "2026-02-23", 0.5m);
        Assert.Equal(["contoso.com: 80 % of the budget for 2026-02 are used"], Raised().Skip(1));
        Pay("e", "2026-03-02", 20m);
        Pay("f", "2026-02-24", 4m);

        Assert.Equal(
            ["contoso.com: 100 % of the budget for 2026-03 are used", "contoso.com: 100 % of the budget for 2026-02 are used"], Raised().Skip(2));
        Assert.Equal((20m, 200m, CreditBudgetStatus.UsedUp, null), Facts(Get().Single()));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "B1")]
    public void A_budget_that_will_not_last_says_the_day_and_says_it_again_only_where_it_is_much_sooner()
    {
        Set(10m);

        Pay("a", "2026-03-01", 1m);
        Assert.Empty(Raised());
        Pay("b", "2026-03-08", 3m);
        Assert.Equal(["contoso.com: at this rate on the 20th, the budget for 2026-03 is used up"], Raised());
        Assert.Equal((4m, 40m, CreditBudgetStatus.AtRisk, TestLedger.At("2026-03-20")), Facts(Get().Single()));
        Pay("c", "2026-03-09", 0.9m);
        Assert.Single(Raised());
        _ledger.SetClock("2026-03-16T12:00:00Z");
        Pay("d", "2026-03-10", 2m);

        Assert.Equal(
            ["contoso.com: at this rate on the 20th, the budget for 2026-03 is used up", "contoso.com: 50 % of the budget for 2026-03 are used",
                "contoso.com: at this rate on the 15th, the budget for 2026-03 is used up"], Raised());
    }

    [Fact]
    [Trait("Rule", "B1")]
    public void A_budget_is_set_under_a_clock_that_was_set_back_by_a_year()
    {
        Pay("a", "2026-03-14", 4.9m);
        _ledger.SetClock("2025-02-15T12:00:00Z");
        Set(10m);

        Assert.Equal((0m, 0m, CreditBudgetStatus.Open, null), Facts(Get().Single()));
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "P1")]
    public void A_department_s_budget_is_used_by_those_who_belong_to_it_in_the_call_s_month()
    {
        _ledger.Session.Execute(new SetUser(TestLedger.Contoso, "Ann@contoso.com") { Department = "Sales", CostCenter = "4711", Month = "2026-02" });
        _ledger.Session.Execute(new SetUser(TestLedger.Contoso, "ann@contoso.com") { Department = "Research", Month = "2026-03" });
        Set(10m, new(Department: "SALES"));
        Set(10m, new(CostCenter: "4711"));
        Set(10m, new(User: "ANN@contoso.com"));

        Pay("a", "2026-02-20", 5m);
        Pay("b", "2026-03-02", 6m);

        Assert.Equal(
            [
                "contoso.com: 50 % of the budget of ann@contoso.com for 2026-02 are used",
                "contoso.com: 50 % of the budget of SALES for 2026-02 are used",
                "contoso.com: 50 % of the budget of 4711 for 2026-02 are used",
                "contoso.com: 50 % of the budget of ann@contoso.com for 2026-03 are used",
                "contoso.com: 50 % of the budget of 4711 for 2026-03 are used",
            ],
            Raised());
        Assert.Equal(
            [("ANN@contoso.com", null, null, 6m), (null, "SALES", null, 0m), (null, null, "4711", 6m)],
            Get().Select(budget => (budget.User, budget.Department, budget.CostCenter, budget.Used)));
    }

    [Fact]
    [Trait("Rule", "C4")]
    public void A_user_s_name_goes_from_the_notices_when_it_is_blanked()
    {
        Pay("a", "2026-02-20", 1m);
        Set(10m, new(User: "ann@contoso.com"));
        Pay("b", "2026-02-21", 5m);

        _ledger.Session.Execute(new ClearUsage(TestLedger.Contoso, TestLedger.At("2026-03-01")));

        var notice = Assert.Single(_ledger.Session.Notifications.GetNotifications(TenantSelection.All, [], []), notice => notice.Kind == CreditNotificationKind.BudgetReached);
        Assert.Equal("contoso.com: 50 % of the budget of a user for 2026-02 are used", notice.Subject);
        Assert.DoesNotContain("ann", notice.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "B1")]
    public void A_reversed_call_is_not_used_and_another_amount_is_notified_anew()
    {
        Set(10m);
        Pay("a", "2026-03-02", 6m);
        _ledger.Session.Execute(new UndoTransaction(_ledger.Money().Single(entry => entry.Amount == -6m).TransactionId));
        Assert.Equal(0m, Get().Single().Used);
        Pay("b", "2026-03-02", 6m);
        Assert.Single(Raised());

        Set(11m);
        Pay("c", "2026-03-02", 0.1m);

        Assert.Equal(2, Raised().Count);
    }

    [Fact]
    [Trait("Rule", "B1")]
    public void A_tenant_without_a_call_has_all_of_its_budget()
    {
        var set = _ledger.Session.Execute(new SetBudget(TestLedger.Contoso, 10m, new()));

        Assert.Equal((0m, 0m, CreditBudgetStatus.Open, null), Facts(set));
        Pay("a", "2025-03-02", 6m);
        Assert.Equal(0m, Get().Single().Used);
    }

    [Fact]
    [Trait("Rule", "B1")]
    public void A_preview_shows_the_notice_and_keeps_nothing()
    {
        Set(10m);

        _ledger.Import(Call.Csv([Call.Paid("a", "2026-03-02T10:00:00Z", 6m)]), preview: true);

        Assert.Empty(Raised());
        Pay("a", "2026-03-02", 6m);
        Assert.Single(Raised());
    }

    [Theory]
    [Trait("Rule", "B1")]
    [InlineData(0, null, null, CreditErrorId.BudgetInvalid)]
    [InlineData(-1, null, null, CreditErrorId.BudgetInvalid)]
    [InlineData(1, "ann@contoso.com", "Sales", CreditErrorId.BudgetInvalid)]
    [InlineData(1, "bob@fabrikam.com", null, CreditErrorId.UserNotFound)]
    [InlineData(1, null, "a\tb", CreditErrorId.BudgetInvalid)]
    public void What_makes_no_sense_is_refused(int amount, string? user, string? department, CreditErrorId id)
    {
        _ledger.AddTenant("fabrikam.com");
        _ledger.Session.Execute(new SetUser("fabrikam.com", "bob@fabrikam.com") { Department = "Sales" });
        Pay("a", "2026-03-02", 1m);

        var refused = Assert.Throws<CreditException>(() => Set(amount, new(user, department)));

        Assert.Equal(id, refused.ErrorId);
    }

    [Fact]
    [Trait("Rule", "B1")]
    public void A_removed_budget_is_gone_and_one_that_is_none_is_refused()
    {
        Set(10m);

        _ledger.Session.Execute(new RemoveBudget(TestLedger.Contoso, new()));

        Assert.Empty(Get());
        Pay("a", "2026-03-02", 100m);
        Assert.Empty(Raised());
        Assert.Equal(
            CreditErrorId.BudgetInvalid,
            Assert.Throws<CreditException>(() => _ledger.Session.Execute(new RemoveBudget(TestLedger.Contoso, new()))).ErrorId);
        Assert.Empty(_ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "B1")]
    [InlineData("1", "10", 4, null)]
    [InlineData("1", "10", 5, null)]
    [InlineData("5", "10", 5, 10)]
    [InlineData("5", "10", 15, 30)]
    [InlineData("5", "10", 16, null)]
    [InlineData("3.000001", "10", 10, 34)]
    [InlineData("10", "10", 10, null)]
    [InlineData("0", "10", 10, null)]
    public void The_day_on_which_it_runs_out(string used, string amount, int days, int? day)
    {
        var march = Month.Parse("2026-03");

        var found = BudgetRules.RunsOutOn(Amount.FromDecimal(decimal.Parse(used, System.Globalization.CultureInfo.InvariantCulture)), Amount.FromDecimal(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)), march, BudgetRules.DayOf(march.Start) + days - 1);

        Assert.Equal(day > 31 ? null : day, found);
    }

    [PgFact]
    [Trait("Rule", "B1")]
    public void Budgets_and_users_are_the_same_on_PostgreSQL()
    {
        using var ledger = new TestLedger("2026-03-15T12:00:00Z", database: PgCluster.Create());
        ledger.Session.Execute(new SetUser(TestLedger.Contoso, "Ann@contoso.com") { Department = "Sales", Month = "2026-02" });
        ledger.Session.Execute(new SetBudget(TestLedger.Contoso, 10m, new(Department: "Sales")));
        ledger.Import(Call.Paid("a", "2026-03-02T10:00:00Z", 6m), Call.Paid("b", "2026-02-02T10:00:00Z", 3m));
        ledger.Import(Call.Paid("c", "2026-03-03T10:00:00Z", 3m));
        ledger.Session.Execute(new ClearUsage(TestLedger.Contoso, TestLedger.At("2026-03-01")));

        Assert.Equal(9m, ledger.Session.Budgets.GetBudgets(TenantSelection.All).Single().Used);
        Assert.Equal(2, ledger.Session.Notifications.GetNotifications(TenantSelection.All, [], []).Count(notice => notice.Kind == CreditNotificationKind.BudgetReached));
        Assert.Equal(
            [(9m, "Sales"), (3m, null)],
            ledger.Session.Usage.Measure(TenantSelection.All, new() { By = [UsageDimension.Department] }).Select(group => (group.Charge, group.Department)));
        Assert.Empty(ledger.Verify());
        ledger.Session.Execute(new RemoveBudget(TestLedger.Contoso, new(Department: "sales")));
        Assert.Empty(ledger.Verify());
    }

    public void Dispose() => _ledger.Dispose();

    private static (decimal Used, decimal Percent, CreditBudgetStatus Status, DateTimeOffset? RunsOut) Facts(CreditBudget budget) =>
        (budget.Used, budget.PercentUsed, budget.Status, budget.RunsOutAt);

    private void Set(decimal amount, BudgetOwner? owner = null) => _ledger.Session.Execute(new SetBudget(TestLedger.Contoso, amount, owner ?? new()));

    private void Pay(string id, string day, decimal charge) => _ledger.Import(Call.Paid(id, $"{day}T10:00:00Z", charge));

    private List<CreditBudget> Get() => [.. _ledger.Session.Budgets.GetBudgets(TenantSelection.One(TestLedger.Contoso))];

    private List<string> Raised() => [.. _ledger.Session.Notifications.GetNotifications(TenantSelection.All, [], [])
        .Where(notice => notice.Kind == CreditNotificationKind.BudgetReached).Select(notice => notice.Subject)];
}
