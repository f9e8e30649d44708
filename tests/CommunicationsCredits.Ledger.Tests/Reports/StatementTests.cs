using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Ledger.Tests.Reports;

/// <summary>Statements: what a month was, what it adds up to, and what it was said to be.</summary>
public sealed class StatementTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    /// <summary>Histories of the properties, each by its seed.</summary>
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 10));

    [Fact]
    [Trait("Rule", "F8")]
    public void A_statement_tells_opening_and_closing_and_what_lies_between()
    {
        _ledger.SetClock("2026-02-10T00:00:00Z");
        _ledger.AddFunds(100m, "2026-01-05");
        _ledger.AddFunds(20m, "2026-02-10", "2026-03-10");
        _ledger.SetClock("2026-03-15T12:00:00Z");
        _ledger.Import(
            Call.Paid("a", "2026-01-20T00:00:00Z", 10m), Call.Paid("b", "2026-02-28T23:59:59Z", 4m) with { Type = "conf_out" },
            Call.Paid("c", "2026-03-01T00:00:00Z", 1.5m));
        _ledger.Session.Execute(new AddAdjustment(TestLedger.Contoso, 3m));

        var february = Statement("2026-02");
        var march = Statement("2026-03");

        Assert.Equal((90m, 20m, 0m, -4m, 0m, 0m, 106m), Figures(february));
        Assert.Equal((106m, 0m, 0m, -1.5m, -14.5m, 3m, 93m), Figures(march));
        Assert.Equal(("contoso.com", "2026-02", "USD"), (february.TenantId, february.Month, february.Currency));
        Assert.Equal([(UsageService.ConferenceDialOut, 1L, -4m)], february.Services.Select(use => (use.Service, use.Calls, use.Amount)));
    }

    [Fact]
    [Trait("Rule", "F5")]
    public void Funds_that_have_expired_count_as_forfeited_as_of_their_expiry_whether_that_is_booked_or_not()
    {
        _ledger.SetClock("2026-01-02T00:00:00Z");
        _ledger.AddFunds(20m, "2026-01-01", "2026-02-01");
        _ledger.AddFunds(30m, "2026-01-01", "2026-03-31T23:59:59.9999999Z");
        _ledger.SetClock("2026-04-20");
        CreditStatement[] unbooked = [Statement("2026-01"), Statement("2026-02"), Statement("2026-03"), Statement("2026-04")];

        _ledger.Session.Recharges.Maintain(TestLedger.Contoso, false, _ => { });

        Assert.Equal(
            [(0m, 0m, 50m), (50m, -20m, 30m), (30m, -30m, 0m), (0m, 0m, 0m)],
            unbooked.Select(statement => (statement.Opening, statement.Forfeited, statement.Closing)));
        Assert.Equal(
            unbooked.Select(Figures),
            new[] { Statement("2026-01"), Statement("2026-02"), Statement("2026-03"), Statement("2026-04") }.Select(Figures));
    }

    [Fact]
    [Trait("Rule", "F6")]
    public void A_late_call_takes_back_what_had_been_forfeited_in_the_month_of_the_expiry()
    {
        _ledger.SetClock("2026-01-02T00:00:00Z");
        _ledger.AddFunds(20m, "2026-01-01", "2026-02-01");
        _ledger.SetClock("2026-03-15T12:00:00Z");
        _ledger.Session.Recharges.Maintain(TestLedger.Contoso, false, _ => { });

        _ledger.Import(Call.Paid("a", "2026-01-31T00:00:00Z", 5m));

        Assert.Equal((0m, 20m, 0m, -5m, 0m, 0m, 15m), Figures(Statement("2026-01")));
        Assert.Equal((15m, 0m, 0m, 0m, -15m, 0m, 0m), Figures(Statement("2026-02")));
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void A_reversal_is_a_correction_in_the_month_of_what_it_undoes()
    {
        _ledger.AddFunds(20m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-02-10T00:00:00Z", 5m));
        var call = _ledger.Money().Single(entry => entry.Kind == CreditTransactionKind.Usage);

        _ledger.Session.Execute(new UndoTransaction(call.TransactionId));

        Assert.Equal((20m, 0m, 0m, -5m, 0m, 5m, 20m), Figures(Statement("2026-02")));
    }

    [Fact]
    [Trait("Rule", "F8")]
    public void The_running_month_closes_at_now_and_one_that_has_not_begun_is_refused()
    {
        _ledger.AddFunds(20m, "2026-03-01", "2026-03-20");

        Assert.Equal(20m, Statement(null).Closing);
        Assert.Equal("2026-03", Statement(null).Month);
        Refuses.With(CreditErrorId.InvalidInstant, () => Statement("2026-04"));
        Refuses.With(CreditErrorId.InvalidInstant, () => Statement("03/2026"));
        _ledger.SetClock("2026-04-01T00:00:00Z");
        Assert.Equal((0m, 0m, 0m, 0m, 0m, 0m, 0m), Figures(Statement("2026-04")));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait("Rule", "F8")]
    public void Of_any_history_each_month_opens_where_the_last_closed_and_adds_up_and_closes_at_the_balance(int seed)
    {
        using var history = new RandomHistory(seed);
        history.Run(60);
        var session = history.Ledger.Session;
        foreach (var tenant in session.Tenants.GetTenants(TenantSelection.All))
        {
            var one = TenantSelection.One(tenant.TenantId);
            decimal closing = 0;
            for (var month = TestLedger.At("2025-10-01"); month <= history.Ledger.Clock.Now; month = month.AddMonths(1))
            {
                var statement = session.Reports.GetStatements(one, month.ToString("yyyy-MM", null)).Single();
                var end = month.AddMonths(1).AddTicks(-1);
                end = end < history.Ledger.Clock.Now ? end : history.Ledger.Clock.Now;
                Assert.Equal(closing, statement.Opening);
                Assert.Equal(
                    statement.Closing,
                    statement.Opening + statement.Purchased + statement.Recharged + statement.Used + statement.Forfeited + statement.Corrected);
                Assert.Equal(session.Funds.GetBalances(one, end).Single().Balance, statement.Closing);
                Assert.Equal(statement.Used, statement.Services.Sum(use => use.Amount));
                closing = statement.Closing;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait("Rule", "F8")]
    public void A_statement_as_posted_is_the_one_that_was_printed_then(int seed)
    {
        using var history = new RandomHistory(seed);
        var printed = new List<(DateTimeOffset At, string Month, CreditStatement Statement)>();
        for (var i = 0; i < 8; i++)
        {
            history.Run(7);
            var now = history.Ledger.Clock.Now;
            foreach (var month in new[] { now, now.AddMonths(-1), now.AddMonths(-3) }.Select(at => at.ToString("yyyy-MM", null)))
                printed.AddRange(history.Ledger.Session.Reports.GetStatements(TenantSelection.All, month).Select(statement => (now, month, statement)));
        }

        foreach (var (at, month, statement) in printed)
        {
            var again = history.Ledger.Session.Reports.GetStatements(TenantSelection.One(statement.TenantId), month, at).Single();
            Assert.Equal(Figures(statement), Figures(again));
            Assert.Equal(statement.Services, again.Services);
        }
    }

    [Fact]
    [Trait("Rule", "P1, P2, B1")]
    public void A_statement_says_who_spent_it_where_they_belonged_in_its_month()
    {
        _ledger.AddFunds(100m, "2026-01-05");
        _ledger.Session.Execute(new SetUser(TestLedger.Contoso, "Ann@contoso.com") { Department = "Sales", Month = "2026-01" });
        _ledger.Session.Execute(new SetUser(TestLedger.Contoso, "ann@contoso.com") { Department = "Support", Month = "2026-03" });
        _ledger.Session.Execute(new SetBudget(TestLedger.Contoso, 8m, new(Department: "Sales")));
        _ledger.Import(
            Call.Paid("a", "2026-02-20T00:00:00Z", 4m), Call.Paid("b", "2026-02-21T00:00:00Z", 1m) with { User = "ben@contoso.com" },
            Call.Paid("c", "2026-03-01T00:00:00Z", 1.5m), Call.Paid("d", "2026-02-22T00:00:00Z", 9m) with { User = "ben@contoso.com" });
        _ledger.Session.Execute(new UndoTransaction(_ledger.Entries(kinds: CreditTransactionKind.Usage).Single(entry => entry.Reference == "d").TransactionId));

        var february = Statement("2026-02");
        var march = Statement("2026-03");

        Assert.Equal([("Sales", 1, 4m, 80m), ((string?)null, 1, 1m, 20m)], february.Departments.Select(group => (group.Department, (int)group.Calls, group.Charge, group.Share)));
        Assert.Equal([("ann@contoso.com", 4m), ("ben@contoso.com", 1m)], february.Users.Select(user => (user.User, user.Charge)));
        Assert.Equal([(50m, "Sales")], february.Budgets.Select(budget => (budget.PercentUsed, budget.Department)));
        Assert.Equal([("Support", 1.5m)], march.Departments.Select(group => (group.Department, group.Charge)));
        Assert.Equal(0m, Assert.Single(march.Budgets).Used);
        Assert.Empty(february.Alarms);

        // What was known then is known of amounts only.
        var then = _ledger.Session.Reports.GetStatements(TenantSelection.All, "2026-02", TestLedger.At("2026-03-15T12:00:00Z").AddMinutes(-1)).Single();
        Assert.Equal((0, 0, 0, 0), (then.Departments.Length, then.Users.Length, then.Budgets.Length, then.Alarms.Length));
    }

    [Fact]
    [Trait("Rule", "B1")]
    public void A_budget_of_a_month_that_is_over_runs_out_no_more()
    {
        _ledger.Session.Execute(new SetBudget(TestLedger.Contoso, 8m, new()));
        _ledger.Import(Call.Paid("a", "2026-02-10T00:00:00Z", 4m), Call.Paid("b", "2026-03-10T00:00:00Z", 4m));

        // At this rate both would have been used up on the 20th; in February they were not.
        Assert.Equal((null, CreditBudgetStatus.Open), (Statement("2026-02").Budgets[0].RunsOutAt, Statement("2026-02").Budgets[0].Status));
        Assert.Equal((TestLedger.At("2026-03-20"), CreditBudgetStatus.AtRisk), (Statement("2026-03").Budgets[0].RunsOutAt, Statement("2026-03").Budgets[0].Status));
    }

    [Theory]
    [Trait("Rule", "D1")]
    [InlineData("2026-02", false)]
    [InlineData("2026-03", true)]
    public void A_statement_has_the_alarms_of_its_days(string month, bool isThere)
    {
        _ledger.AddFunds(5000, "2026-01-01");
        for (var day = TestLedger.At("2026-01-05"); day < TestLedger.At("2026-03-05"); day = day.AddDays(1))
            _ledger.Import(Call.Paid($"{day:MM-dd}", $"{day:yyyy-MM-dd}T10:00:00Z", 1m));
        _ledger.Import([.. Enumerable.Range(0, 60).Select(i => Call.Paid($"n{i}", "2026-03-14T02:00:00Z", 5m) with { To = "+2693351234" })]);

        Assert.Equal(isThere ? 1 : 0, Statement(month).Alarms.Length);
        Assert.All(Statement(month).Alarms, alarm => Assert.StartsWith("2026-03-14: USD 300.00 on one day", alarm, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Rule", "P2")]
    public void A_statement_lists_the_ten_users_who_spent_most()
    {
        _ledger.Import([.. Enumerable.Range(1, 14).Select(i => Call.Paid($"c{i}", "2026-03-02T00:00:00Z", i) with { User = $"user{i:00}@contoso.com" })]);

        var march = Statement("2026-03");

        Assert.Equal(Enumerable.Range(5, 10).Reverse().Select(i => (decimal)i), march.Users.Select(user => user.Charge));
        Assert.Empty(march.Departments);
    }

    public void Dispose() => _ledger.Dispose();

    private CreditStatement Statement(string? month) => _ledger.Session.Reports.GetStatements(TenantSelection.One(TestLedger.Contoso), month).Single();

    private static (decimal Opening, decimal Purchased, decimal Recharged, decimal Used, decimal Forfeited, decimal Corrected, decimal Closing)
        Figures(CreditStatement statement) => (
            statement.Opening, statement.Purchased, statement.Recharged, statement.Used, statement.Forfeited, statement.Corrected,
            statement.Closing);
}
