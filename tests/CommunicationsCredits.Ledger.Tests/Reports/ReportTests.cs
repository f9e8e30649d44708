using System.Globalization;
using System.Text.RegularExpressions;
using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Reports.Page;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Users.Operations;

namespace CommunicationsCredits.Ledger.Tests.Reports;

/// <summary>What the report says, and that nothing in it is markup that was not meant to be.</summary>
public sealed partial class ReportTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    [InlineData(43)]
    public void Whatever_names_numbers_and_references_are_they_are_text(int seed)
    {
        using var history = new RandomHistory(seed);
        history.Run(50);
        history.Ledger.AddTenant("\"><script>alert(2)</script>", new() { Name = "' onload=alert(3) x='" });
        history.Ledger.AddFunds(1m, tenant: "\"><script>alert(2)</script>");
        var path = history.Ledger.Folder.File("report.html");

        history.Ledger.Session.Reports.ExportReport(path, null, null, TenantSelection.All, force: false);

        var html = File.ReadAllText(path);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);

        // Every tag is one that the page is made of, with the attributes that it writes.
        Assert.All(Tag().Matches(html), tag => Assert.Matches(KnownTag(), tag.Value));
        Assert.Equal(1, Regex.Count(html, "</style>"));
    }

    [Fact]
    public void What_needs_attention_comes_first_and_says_why()
    {
        foreach (var id in (string[])["low", "used up", "expiring", "well", "closed", "paused", "unknown"])
            _ledger.AddTenant(id, new() { LowBalance = id is "low" ? 50 : null });
        _ledger.AddFunds(40m, tenant: "low");
        _ledger.AddFunds(10m, tenant: "used up");
        _ledger.Import(Call.Csv([Call.Paid("x", "2026-03-15T11:00:00Z", 12m)]), tenant: "used up");
        _ledger.AddFunds(60m, "2026-03-01", "2026-04-01", tenant: "expiring");
        _ledger.AddFunds(500m, tenant: "well");
        _ledger.AddFunds(500m, tenant: TestLedger.Contoso);
        _ledger.Session.Execute(new ChangeTenant("closed", new() { Status = CreditTenantStatus.Closed }));
        _ledger.AddFunds(500m, tenant: "paused");
        _ledger.AddFunds(500m, tenant: "unknown");
        // What three declines, and a gateway that never answered, leave behind.
        _ledger.Put("paused", posting =>
        {
            posting.IsRuleSet = true;
            posting.Rule = new()
            {
                Enabled = true, Minimum = new(1_000_000), FixedAmount = new(1_000_000), Target = null, Declines = 3, LastFailure = "card <expired>",
            };
        });
        _ledger.Put("unknown", posting => posting.Attempts[1] = new()
        {
            Number = 1, Amount = new(7_000_000), State = AutoRechargeAttemptState.Unknown, StartedAt = Ledger.Time.Instant.From(TestLedger.At("2026-03-14")),
            Gateway = "g", IdempotencyKey = "k",
        });

        var html = Export();

        var attention = html[html.IndexOf("What needs attention", StringComparison.Ordinal)..html.IndexOf("Totals", StringComparison.Ordinal)];
        Assert.Equal(["used up", "paused", "unknown", "low", "expiring"], Name().Matches(attention).Select(match => match.Groups[1].Value));
        Assert.Contains("Below the mark of USD 50.00.", attention, StringComparison.Ordinal);
        Assert.Contains("USD 60.00 within 30 days, the first on <time>2026-04-01</time>.", attention, StringComparison.Ordinal);
        Assert.Contains("Three declines in a row, the last: card &lt;expired&gt;.", attention, StringComparison.Ordinal);
        Assert.Contains("Whether USD 7.00 was paid on <time>2026-03-14</time> is not known.", attention, StringComparison.Ordinal);
        Assert.Contains("<strong>USD 2,100.00</strong>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Owed now, by 1 tenant</dt><dd>2.00</dd>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Totals_are_by_currency()
    {
        _ledger.AddTenant("eins", new() { Currency = "EUR", Country = "DE" });
        _ledger.AddTenant("zwei", new() { Currency = "EUR", Country = "DE" });
        _ledger.AddFunds(1.25m, tenant: "eins");
        _ledger.AddFunds(2.5m, tenant: "zwei");
        _ledger.AddFunds(3m);

        var html = Export();

        Assert.Contains("<strong>EUR 3.75</strong> <span class=\"quiet\">in credit, 2 tenants</span>", html, StringComparison.Ordinal);
        Assert.Contains("<strong>USD 3.00</strong> <span class=\"quiet\">in credit, 1 tenant</span>", html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "F8")]
    public void The_months_and_the_balance_over_time_are_those_of_the_statements_booked_or_not()
    {
        _ledger.SetClock("2026-01-02T00:00:00Z");
        _ledger.AddFunds(20m, "2026-01-01", "2026-02-10");
        _ledger.AddFunds(30m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-01-01T12:00:00Z", 4.5m));
        _ledger.SetClock("2026-03-15T12:00:00Z");

        var html = Export("2026-01-01");

        Assert.Contains(">2026-02</th><td class=\"n\">45.50</td><td class=\"n\">0.00</td><td class=\"n\">0.00</td><td class=\"n\">0.00</td><td class=\"n\">−15.50</td><td class=\"n\">0.00</td><td class=\"n\">30.00</td>", html, StringComparison.Ordinal);
        Assert.Contains("USD 15.50 expired unused on <time>2026-02-10</time>.", html, StringComparison.Ordinal);
        Assert.Contains("to USD 30.00 on 2026-03-15; at most USD 45.50 on 2026-01-01, at least USD 0.00 on 2026-01-01", html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void Recharges_are_listed_with_what_became_of_them()
    {
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 10, RechargeAmount = 25 });
        _ledger.Session.Recharges.Run(TestLedger.Contoso, force: false);

        var html = Export();

        Assert.Contains("<time>2026-03-15 12:00</time></th><td><span class=\"badge good\">Succeeded</span></td><td class=\"n\">25.00</td>", html, StringComparison.Ordinal);
        Assert.Contains("Recharge on: below USD 10.00 it buys USD 25.00.", html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "P1, P2, B1")]
    public void A_tenant_shows_who_spent_it_and_its_budgets()
    {
        Who("ann@contoso.com", "2026-02-10", 4m);
        Who("ann@contoso.com", "2026-03-10", 6m);
        Who("ben@contoso.com", "2026-03-11", 1.5m);
        Assert.DoesNotContain("By department", Export(), StringComparison.Ordinal);
        _ledger.Session.Execute(new SetUser(TestLedger.Contoso, "ann@contoso.com") { Department = "R&D", Month = "2026-01" });
        _ledger.Session.Execute(new SetBudget(TestLedger.Contoso, 5, new(Department: "R&D")));
        _ledger.Session.Execute(new SetBudget(TestLedger.Contoso, 100, new()));

        var html = Export();

        AssertRows(Part(html, "By department"), "R&amp;D|2|10.00", "No department|1|1.50");
        AssertRows(Part(html, "Top talkers"), "ann@contoso.com|2|10.00", "ben@contoso.com|1|1.50");
        var budgets = Part(html, "Budgets, 2026-03");
        Assert.Contains("<bdi>R&amp;D</bdi>, used up", budgets, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n\">6.00</td><td class=\"n\">5.00</td>", budgets, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n\">7.50</td><td class=\"n\">100.00</td>", budgets, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "P2")]
    public void Of_many_departments_and_users_the_rest_is_one_row()
    {
        for (var i = 1; i <= 12; i++)
        {
            Who($"user{i:00}@contoso.com", "2026-03-10", i);
            _ledger.Session.Execute(new SetUser(TestLedger.Contoso, $"user{i:00}@contoso.com") { Department = $"D{i:00}", Month = "2026-01" });
        }

        var html = Export();

        AssertRows(Part(html, "By department"), "D12|1|12.00", "D11|1|11.00", "D10|1|10.00", "D09|1|9.00", "D08|1|8.00", "D07|1|7.00", "D06|1|6.00", "5 others|5|15.00");
        Assert.Contains("5 others", Part(html, "Top talkers"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "P2")]
    public void What_changed_is_compared_with_the_same_days_of_last_month()
    {
        Who("ann@contoso.com", "2026-02-10", 4m);
        Who("ben@contoso.com", "2026-02-28", 100m);
        Who("ann@contoso.com", "2026-03-10", 6m);
        Who("cleo@contoso.com", "2026-03-11", 9m);
        _ledger.Session.Execute(new UndoTransaction(_ledger.Entries(kinds: CreditTransactionKind.Usage)[^1].TransactionId));
        Who("cleo@contoso.com", "2026-03-12", 1m);

        var changes = Part(Export(), "What changed");

        Assert.Contains("<time>2026-03-01</time> to <time>2026-03-15</time> beside <time>2026-02-01</time> to <time>2026-02-15</time>", changes, StringComparison.Ordinal);
        Assert.Contains("User</span> <bdi>ann@contoso.com</bdi></th><td class=\"n\">4.00</td><td class=\"n\">6.00</td><td class=\"n\">+2.00</td>", changes, StringComparison.Ordinal);
        Assert.Contains("User</span> <bdi>cleo@contoso.com</bdi></th><td class=\"n\">0.00</td><td class=\"n\">1.00</td><td class=\"n\">+1.00</td>", changes, StringComparison.Ordinal);
        Assert.DoesNotContain("ben@contoso.com", changes, StringComparison.Ordinal);

        // A whole month is compared with a whole month, whatever their lengths.
        var whole = Part(Export("2026-01-01", "2026-03-01"), "What changed");
        Assert.Contains("<time>2026-02-01</time> to <time>2026-02-28</time> beside <time>2026-01-01</time> to <time>2026-01-31</time>", whole, StringComparison.Ordinal);
        Assert.True(whole.IndexOf("ben@", StringComparison.Ordinal) < whole.IndexOf("ann@", StringComparison.Ordinal), "The biggest difference comes first.");
        Assert.Contains("+100.00", whole, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "D1")]
    public void What_is_unusual_needs_attention_and_is_told_with_the_tenant()
    {
        _ledger.AddFunds(5000, "2026-01-01");
        foreach (var day in Enumerable.Range(0, 60))
            Who("ann@contoso.com", TestLedger.At("2026-01-05").AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), 1m);
        _ledger.Import(Call.Csv(Enumerable.Range(0, 60).Select(i => Call.Paid($"n{i}", "2026-03-14T02:00:00Z", 5m) with { To = "+2693351234" })));

        var html = Export();

        Assert.Contains("<span class=\"badge bad\">Unusual use</span> Since <time>2026-03-14</time>: ", html, StringComparison.Ordinal);
        Assert.Contains("<time>2026-03-14</time></th><td><span class=\"badge bad\">Goes on</span> ", Part(html, "Unusual use</caption>"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_would_end_before_it_begins_is_refused()
    {
        Refuses.With(CreditErrorId.InvalidInstant, () => Export("2026-03-01", "2026-03-01"));
        Refuses.With(CreditErrorId.InvalidInstant, () => Export("2027-01-01"));
        Assert.Contains("2026-02-01</time> to <time>2026-02-28", Export("2026-02-01", "2026-03-01"), StringComparison.Ordinal);
        Assert.Contains("2025-10-01</time> to <time>2026-03-15", Export(to: "2099-01-01"), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_many_tenants_some_are_shown_in_full_and_it_says_so()
    {
        _ledger.Session.Execute<CreditTenant>([.. Enumerable.Range(1, 1200).Select(i => new AddTenant($"tenant-{i:D4}", new()))]);
        _ledger.Session.Execute<CreditFunds>([.. Enumerable.Range(1, 1200).Select(i => new AddFunds($"tenant-{i:D4}", i))]);

        var html = Export();

        Assert.Equal(ReportPage.MostDetails, Regex.Count(html, "<section class=\"tenant\""));
        Assert.Contains("50 of 1,201 tenants", html, StringComparison.Ordinal);
        Assert.Contains("The first 1,000 of 1,201 by id.", html, StringComparison.Ordinal);
        Assert.True(html.Length < 1_500_000, $"It has {html.Length} characters.");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 100)]
    [InlineData(-24.67, 235)]
    [InlineData(-3, -1)]
    [InlineData(0, 0.000001)]
    [InlineData(0, 999999999)]
    public void An_axis_has_few_round_marks_that_hold_all_values(double least, double most)
    {
        var marks = TimeChart.Marks((decimal)least, (decimal)most);

        Assert.InRange(marks.Count, 2, 6);
        Assert.True(marks[0] <= (decimal)least && marks[^1] >= (decimal)most);
        Assert.Single(marks.Zip(marks.Skip(1), (a, b) => b - a).Distinct());
    }

    public void Dispose() => _ledger.Dispose();

    private void Who(string user, string day, decimal charge) => _ledger.Import(Call.Csv(
        [Call.Paid($"{user}-{day}", $"{day}T10:00:00Z", charge) with { User = user, Destination = "United Kingdom", To = "+442079460000" }]));

    /// <summary>The table with a caption, and what stands below it.</summary>
    private static string Part(string html, string caption)
    {
        var start = html.IndexOf(caption, StringComparison.Ordinal);
        Assert.True(start >= 0, $"There is no '{caption}'.");
        return html[start..html.IndexOf("</div>", start, StringComparison.Ordinal)];
    }

    private static void AssertRows(string table, params string[] rows) => Assert.Equal(rows, Regex.Matches(
        table, "<tr><th scope=\"row\"><bdi>(.*?)</bdi>.*?<td class=\"n\">(.*?)</td><td class=\"n\">(.*?)</td></tr>", RegexOptions.None, TimeSpan.FromSeconds(5))
        .Select(row => string.Join('|', row.Groups.Values.Skip(1).Select(group => group.Value))));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("""^</?(!DOCTYPE html|html|head|meta|link|title|style|body|header|main|footer|section|h[1-4]|p|a|bdi|time|span|strong|div|dl|dt|dd|ol|ul|li|table|caption|thead|tbody|tr|th|td|figure|figcaption|details|summary|svg|desc|line|path|rect|clipPath)( [a-zA-Z0-9-]+="[^"<>]*")*/?>$""")]
    private static partial Regex KnownTag();

    [GeneratedRegex("""<span class="who"><a href="#t[0-9]+"><bdi>([^<]*)</bdi>""")]
    private static partial Regex Name();

    private string Export(string? from = null, string? to = null)
    {
        var path = _ledger.Folder.File("report.html");
        _ledger.Session.Reports.ExportReport(
            path, from is null ? null : TestLedger.At(from), to is null ? null : TestLedger.At(to), TenantSelection.All, force: true);
        return File.ReadAllText(path).Replace("&#xA0;", " ", StringComparison.Ordinal).Replace('\u00A0', ' ');
    }
}
