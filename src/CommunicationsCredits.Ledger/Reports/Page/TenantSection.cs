using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Reports.Page;

/// <summary>A tenant in full.</summary>
internal sealed class TenantSection(HtmlWriter html, ReportPeriod period, TenantSummary tenant, TenantDetail detail, string anchor)
{
    private const int MostBars = 8;
    private const int MostForecastDays = 400;
    private const int MostExpiriesTold = 4;

    private readonly string _currency = tenant.Tenant.Currency;

    public void Write()
    {
        html.Write($"<section class=\"tenant\" id=\"{anchor}\"><div class=\"head\"><h3><bdi>{tenant.Tenant.Name}</bdi>");
        if (tenant.Tenant.Name != tenant.Tenant.Id)
            html.Write($" <bdi class=\"id\">{tenant.Tenant.Id}</bdi>");
        html.WriteMarkup("</h3><span>");
        State();
        html.Write($" <strong class=\"{(tenant.Balance < Amount.Zero ? "bad" : "")}\">{Money(tenant.Balance)}</strong></span></div>");
        Facts();
        html.WriteMarkup("<div class=\"parts\">");
        Balances();
        BurnDown();
        UseBy("Service", "By service", detail.Use.GroupBy(use => ReportText.Service(use.Service)));
        UseBy("Destination", "By destination", detail.Use.GroupBy(use => use.Destination ?? "Not named"));
        UseBy("Department", "By department", detail.Spending.Departments.Select(group => (group.Keys[0] ?? "No department", group.Calls, group.Charge)));
        UseBy("User", "Top talkers", detail.Spending.Users.Select(group => (group.Keys[0] ?? "No user", group.Calls, group.Charge)));
        Changes();
        Budgets();
        Alarms();
        Recharges();
        Pools();
        html.WriteMarkup("</div></section>\n");
    }

    private void State()
    {
        var (look, told) = tenant.Account.State switch
        {
            CreditBalanceState.Exhausted => ("bad", "Exhausted"),
            CreditBalanceState.Low => ("warn", "Low"),
            CreditBalanceState.Closed => ("", "Closed"),
            _ => ("good", "Open"),
        };
        html.Write($"<span class=\"badge {look}\">{told}</span>");
    }

    private void Facts()
    {
        html.WriteMarkup("<ul class=\"facts\">");
        if (detail.Forecast is { Pattern: { } pattern, Projection: { } projection })
        {
            Fact(pattern.IsNothing
                ? $"Nothing was used in the last {ReportText.Count(pattern.Days)} days."
                : $"Uses {Money(new((long)decimal.Round(pattern.Daily)))} a day, the mean of {ReportText.Count(pattern.Days)} days.");
            if (tenant.Balance > Amount.Zero)
                Fact(projection.RunsOutAt is { } end ? $"Runs out on {ReportText.Date(end)} if use goes on." : "Lasts for more than five years if use goes on.");
            foreach (var expiring in projection.Expiring.Take(1))
                Fact($"{Money(expiring.Amount)} will expire unused on {ReportText.Date(expiring.At)}.");
            if (!pattern.IsNothing)
                Fact($"A minimum of {Money(detail.Forecast.UseOf(7, _currency)!.Value)} covers a week, a recharge of {Money(detail.Forecast.UseOf(30, _currency)!.Value)} a month.");
        }
        else
        {
            Fact($"Too little history for a forecast: {ReportText.Count(detail.Forecast.Days, "whole day", "whole days")} of usage, and it needs {UsePattern.FewestDays}.");
        }

        Fact(tenant.Rule is { } rule
            ? $"Recharge {tenant.Account.AutoRecharge.ToString().ToLowerInvariant()}: below {Money(rule.Minimum)} it buys "
                + (rule.FixedAmount is { } amount ? $"{Money(amount)}." : $"up to {Money(rule.Target ?? Amount.Zero)}.")
            : "No recharge rule.");
        html.WriteMarkup("</ul>");
    }

    private void Fact(string text)
    {
        html.WriteMarkup("<li>");
        html.WriteProse(text);
        html.WriteMarkup("</li>");
    }

    private void Balances()
    {
        var points = detail.Balances;
        var (least, most) = (points.MinBy(point => point.Balance), points.MaxBy(point => point.Balance));
        var chart = new TimeChart(period.From, period.To)
        {
            Id = $"{anchor}b",
            Title = $"Balance of {tenant.Tenant.Name} over time",
            Description = $"From {Money(points[0].Balance)} on {ReportText.Date(period.From)} to {Money(points[^1].Balance)} on {ReportText.Date(period.To.Previous)}; "
                + $"at most {Money(most.Balance)} on {ReportText.Date(most.At)}, at least {Money(least.Balance)} on {ReportText.Date(least.At)}. "
                + "The table below has the months.",
            IsStepped = true,
        };
        foreach (var point in points)
            chart.Add(point.At, point.Balance.ToDecimal());
        foreach (var expiry in detail.Expiries)
            chart.AddExpiry(expiry.At, $"{Money(expiry.Amount)} expired on {ReportText.Date(expiry.At)}");
        html.Write($"<figure><h4>Balance, {_currency}</h4>");
        chart.Write(html);
        html.WriteMarkup("<figcaption>");
        Expiries(detail.Expiries.Select(expiry => (expiry.At, expiry.Amount)), "expired unused");
        html.WriteMarkup("</figcaption>");
        Months();
        html.WriteMarkup("</figure>");
    }

    private void Months()
    {
        html.WriteMarkup("<details><summary>Month by month</summary><div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Month</th>");
        foreach (var column in (string[])["Opening", "Purchased", "Recharged", "Used", "Expired", "Corrected", "Closing"])
            html.Write($"<th scope=\"col\" class=\"n\">{column}</th>");
        html.WriteMarkup("</tr></thead><tbody>");
        foreach (var (month, statement) in detail.Months)
        {
            html.Write($"<tr><th scope=\"row\" class=\"when\">{month}</th>");
            foreach (var amount in (Amount[])[statement.Opening, statement.Purchased, statement.Recharged, statement.Used, statement.Forfeited, statement.Corrected, statement.Closing])
                html.Write($"<td class=\"n\">{ReportText.Figure(amount, _currency)}</td>");
            html.WriteMarkup("</tr>");
        }

        html.WriteMarkup("</tbody></table></div></details>");
    }

    private void BurnDown()
    {
        if (detail.Forecast.Projection is not { } projection || tenant.Balance <= Amount.Zero)
        {
            html.Write($"<figure><h4>If use goes on, {_currency}</h4><p class=\"quiet\">");
            html.WriteMarkup(tenant.Balance <= Amount.Zero ? "Nothing is left to use." : "There is too little history to tell.");
            html.WriteMarkup("</p></figure>");
            return;
        }

        var horizon = period.Now.Add(TimeSpan.FromDays(MostForecastDays));
        var end = projection.Points[^1].At < horizon ? projection.Points[^1].At : horizon;
        var ends = projection.RunsOutAt is { } runsOut ? $"runs out on {ReportText.Date(runsOut)}" : "lasts for more than five years";
        var chart = new TimeChart(period.Now, end)
        {
            Id = $"{anchor}f",
            Title = $"What becomes of the balance of {tenant.Tenant.Name} if use goes on",
            Description = $"From {Money(tenant.Balance)} on {ReportText.Date(period.Now)}, it {ends}. "
                + (projection.Expiring.Count == 0
                    ? "Nothing expires unused."
                    : $"Unused, {string.Join(", ", projection.Expiring.Select(expiring => $"{Money(expiring.Amount)} expires on {ReportText.Date(expiring.At)}"))}."),
            IsForecast = true,
        };
        foreach (var point in projection.Points.Where(point => point.At <= end))
            chart.Add(point.At, point.Balance / Amount.MicrosPerUnit);

        // Funds that will be used up in time are marked too: the line shows by how much.
        foreach (var lot in detail.Funds.Where(lot => lot.ExpiresAt <= end).DistinctBy(lot => lot.ExpiresAt))
            chart.AddExpiry(lot.ExpiresAt, $"Funds expire on {ReportText.Date(lot.ExpiresAt)}");
        html.Write($"<figure><h4>If use goes on, {_currency}</h4>");
        chart.Write(html);
        html.WriteMarkup("<figcaption>");
        if (projection.Expiring.Count > 0)
            Expiries(projection.Expiring.Select(expiring => (expiring.At, expiring.Amount)), "will expire unused");
        else
            html.WriteMarkup("Nothing will expire unused.");
        html.WriteMarkup("</figcaption><details><summary>Funds</summary><table><thead><tr><th scope=\"col\">Expires</th><th scope=\"col\">Bought</th>");
        html.WriteMarkup("<th scope=\"col\" class=\"n\">Amount</th><th scope=\"col\" class=\"n\">Left</th></tr></thead><tbody>");
        foreach (var lot in detail.Funds)
        {
            html.Write($"<tr><th scope=\"row\" class=\"when\">{ReportText.Date(lot.ExpiresAt)}</th><td>{ReportText.Date(lot.PurchasedAt)}</td>");
            html.Write($"<td class=\"n\">{ReportText.Figure(lot.Amount, _currency)}</td><td class=\"n\">{ReportText.Figure(lot.Remaining, _currency)}</td></tr>");
        }

        html.WriteMarkup("</tbody></table></details></figure>");
    }

    private void Expiries(IEnumerable<(Instant At, Amount Amount)> expiries, string told)
    {
        var all = expiries.ToList();
        if (all.Count == 0)
        {
            html.Write($"Nothing {told}.");
            return;
        }

        html.WriteMarkup("<span class=\"key\"></span>");
        var parts = all.Take(MostExpiriesTold).Select(expiry => $"{ReportText.Figure(expiry.Amount, _currency)} on {ReportText.Date(expiry.At)}");
        var more = all.Count > MostExpiriesTold ? $"; and {ReportText.Count(all.Count - MostExpiriesTold)} more" : "";
        html.WriteProse(all.Count == 1
            ? $"{Money(all[0].Amount)} {told} on {ReportText.Date(all[0].At)}."
            : $"{Money(new(all.Sum(expiry => expiry.Amount.Micros)))} {told}: {string.Join("; ", parts)}{more}.");
    }

    private void UseBy(string what, string title, IEnumerable<IGrouping<string, DestinationUse>> groups) => UseBy(
        what, title, groups.Select(group => (group.Key, group.Sum(use => use.Calls), new Amount(group.Sum(use => use.Charge.Micros)))));

    private void UseBy(string what, string title, IEnumerable<(string Name, long Calls, Amount Charge)> groups)
    {
        var rows = groups.OrderByDescending(row => row.Charge).ThenByDescending(row => row.Calls).ThenBy(row => row.Name, StringComparer.Ordinal).ToList();
        if (rows.Count == 0)
            return;
        var total = rows.Sum(row => row.Charge.Micros);
        if (rows.Count > MostBars)
        {
            var others = rows.Skip(MostBars - 1).ToList();
            rows = [.. rows.Take(MostBars - 1), ($"{ReportText.Count(others.Count)} others", others.Sum(row => row.Calls), new(others.Sum(row => row.Charge.Micros)))];
        }

        html.Write($"<div><table><caption>{title}, {_currency}</caption><thead><tr><th scope=\"col\">{what}</th><th scope=\"col\">Share</th>");
        html.WriteMarkup("<th scope=\"col\" class=\"n\">Calls</th><th scope=\"col\" class=\"n\">Used</th></tr></thead><tbody>");
        foreach (var row in rows)
        {
            html.Write($"<tr><th scope=\"row\"><bdi>{row.Name}</bdi></th><td class=\"bar\">");
            Bar(total == 0 ? 0 : (decimal)row.Charge.Micros / total, "of what was used");
            html.Write($"</td><td class=\"n\">{ReportText.Count(row.Calls)}</td><td class=\"n\">{ReportText.Figure(row.Charge, _currency)}</td></tr>");
        }

        html.WriteMarkup("</tbody></table></div>");
    }

    private void Bar(decimal share, string of, bool isFull = false)
    {
        var told = $"{ReportText.Percent(share)} {of}";
        var width = decimal.Round(100 * share, 2).ToString(CultureInfo.InvariantCulture);
        html.Write($"<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{told}\"><title>{told}</title>");
        html.Write($"<rect class=\"track\" width=\"100\" height=\"10\"/><rect class=\"fill{(isFull ? " full" : "")}\" width=\"{width}\" height=\"10\"/></svg>");
    }

    private void Changes()
    {
        var spending = detail.Spending;
        if (spending.Changes.Count == 0)
            return;
        html.Write($"<div><table><caption>What changed against last month, {_currency}</caption><thead><tr><th scope=\"col\">What</th>");
        html.WriteMarkup("<th scope=\"col\" class=\"n\">Then</th><th scope=\"col\" class=\"n\">Now</th><th scope=\"col\" class=\"n\">Change</th></tr></thead><tbody>");
        foreach (var change in spending.Changes)
        {
            html.Write($"<tr><th scope=\"row\"><span class=\"quiet\">{change.By}</span> <bdi>{NameOf(change)}</bdi></th>");
            html.Write($"<td class=\"n\">{ReportText.Figure(change.Before, _currency)}</td><td class=\"n\">{ReportText.Figure(change.Now, _currency)}</td>");
            html.WriteMarkup(change.Difference > Amount.Zero ? "<td class=\"n\">+" : "<td class=\"n\">");
            html.Write($"{ReportText.Figure(change.Difference, _currency)}</td></tr>");
        }

        html.WriteMarkup("</tbody></table><p class=\"quiet\">");
        html.WriteProse($"{ReportText.Days(spending.Month)} beside {ReportText.Days(spending.MonthBefore)}, the biggest differences first.");
        html.WriteMarkup("</p></div>");
    }

    private static string NameOf(SpendingChange change) => change switch
    {
        { By: UsageDimension.Service, Key: { } number } => ReportText.Service((UsageService)int.Parse(number, CultureInfo.InvariantCulture)),
        { Key: { } name } => name,
        { By: UsageDimension.User } => "No user",
        _ => "Not named",
    };

    private void Budgets()
    {
        if (detail.Budgets.Count == 0)
            return;
        html.Write($"<div><table><caption>Budgets, {Month.Of(period.To.Previous)}, {_currency}</caption><thead><tr><th scope=\"col\">Budget</th><th scope=\"col\">Used</th>");
        html.WriteMarkup("<th scope=\"col\" class=\"n\">Amount</th><th scope=\"col\" class=\"n\">Of</th></tr></thead><tbody>");
        foreach (var budget in detail.Budgets)
        {
            var name = budget.User ?? budget.Department ?? budget.CostCenter ?? "All calls";
            var outlook = budget.Status == CreditBudgetStatus.UsedUp ? ", used up"
                : budget.RunsOutAt is { } end ? $", at this rate until {ReportText.Date(end)}" : "";
            html.Write($"<tr><th scope=\"row\"><bdi>{name}</bdi>");
            html.WriteProse(outlook);
            html.WriteMarkup("</th><td class=\"bar\">");
            Bar(Math.Min(1, budget.PercentUsed / 100), "of the budget", budget.Status != CreditBudgetStatus.Open);
            html.Write($"</td><td class=\"n\">{ReportText.Figure(Amount.FromDecimal(budget.Used), _currency)}</td>");
            html.Write($"<td class=\"n\">{ReportText.Figure(Amount.FromDecimal(budget.Amount), _currency)}</td></tr>");
        }

        html.WriteMarkup("</tbody></table></div>");
    }

    private void Alarms()
    {
        if (detail.Alarms.Count == 0)
            return;
        html.WriteMarkup("<div><table><caption>Unusual use</caption><thead><tr><th scope=\"col\">Since</th><th scope=\"col\">What was seen</th></tr></thead><tbody>");
        foreach (var alarm in detail.Alarms)
        {
            html.Write($"<tr><th scope=\"row\" class=\"when\"><time>{ReportText.Date(alarm.Since)}</time></th><td>");
            if (alarm.IsOpen)
                html.WriteMarkup("<span class=\"badge bad\">Goes on</span> ");
            html.WriteProse($"{alarm.Seen}.");
            if (alarm.Who.Length > 0)
                html.Write($" <bdi class=\"quiet\">{alarm.Who}</bdi>");
            html.WriteMarkup("</td></tr>");
        }

        html.WriteMarkup("</tbody></table></div>");
    }

    private void Recharges()
    {
        if (detail.Attempts.Count == 0)
            return;
        html.Write($"<div><table><caption>Recharges, {_currency}</caption><thead><tr><th scope=\"col\">Started</th><th scope=\"col\">Outcome</th>");
        html.WriteMarkup("<th scope=\"col\" class=\"n\">Amount</th></tr></thead><tbody>");
        foreach (var attempt in detail.Attempts)
        {
            html.Write($"<tr><th scope=\"row\" class=\"when\"><time>{ReportText.Minute(attempt.StartedAt)}</time></th><td><span class=\"badge {Look(attempt)}\">{attempt.State}</span>");
            if (attempt.Reason is not null)
                html.Write($" <bdi>{attempt.Reason}</bdi>");
            html.Write($"</td><td class=\"n\">{ReportText.Figure(attempt.Amount, _currency)}</td></tr>");
        }

        html.WriteMarkup("</tbody></table>");
        if (detail.AttemptCount > detail.Attempts.Count)
            html.Write($"<p class=\"quiet\">The last {ReportText.Count(detail.Attempts.Count)} of {ReportText.Count(detail.AttemptCount)}.</p>");
        html.WriteMarkup("</div>");
    }

    private static string Look(Attempt attempt) => attempt.State switch
    {
        AutoRechargeAttemptState.Succeeded => "good",
        AutoRechargeAttemptState.Declined or AutoRechargeAttemptState.Refused => "bad",
        _ => "warn",
    };

    private void Pools()
    {
        if (detail.Pools.Count == 0)
            return;
        html.Write($"<div><table><caption>Included minutes, {detail.Pools[0].Month}</caption><thead><tr><th scope=\"col\">Pool</th><th scope=\"col\">Used</th>");
        html.WriteMarkup("<th scope=\"col\" class=\"n\">Minutes</th><th scope=\"col\" class=\"n\">Of</th></tr></thead><tbody>");
        foreach (var pool in detail.Pools)
        {
            var name = pool.Country is null ? "Conference dial-out" : $"{pool.Capability} {pool.Country}";
            if (pool.Minutes > 0 || pool.InternationalMinutes == 0)
                Pool(pool, name, pool.MinutesUsed, pool.Minutes);
            if (pool.InternationalMinutes > 0)
                Pool(pool, $"{name}, international", pool.InternationalMinutesUsed, pool.InternationalMinutes);
        }

        html.WriteMarkup("</tbody></table></div>");
    }

    private void Pool(CreditPool pool, string name, decimal used, decimal minutes)
    {
        html.Write($"<tr><th scope=\"row\"><bdi>{name}</bdi>{(pool.Status == CreditPoolStatus.UsedUp ? ", used up" : "")}</th><td class=\"bar\">");
        Bar(minutes == 0 ? 0 : Math.Min(1, used / minutes), "of the minutes", pool.Status == CreditPoolStatus.UsedUp);
        html.Write($"</td><td class=\"n\">{ReportText.Mark(decimal.Round(used))}</td><td class=\"n\">{ReportText.Mark(decimal.Round(minutes))}</td></tr>");
    }

    private string Money(Amount amount) => ReportText.Money(amount, _currency);
}
