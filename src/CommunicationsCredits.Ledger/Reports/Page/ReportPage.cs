using System.Reflection;
using System.Text;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Reports.Page;

/// <summary>
/// Writes the report: all tenants first, and what needs attention first among them; then each tenant by itself, as many as a reader
/// can be expected to go through.
/// </summary>
internal sealed class ReportPage
{
    /// <summary>The most tenants that are shown in full.</summary>
    public const int MostDetails = 50;

    /// <summary>The most tenants that are listed.</summary>
    public const int MostListed = 1000;

    /// <summary>The most tenants that are listed as needing attention.</summary>
    public const int MostAttention = 200;

    private static readonly string Style = ReadStyle();

    private readonly ReportPeriod _period;
    private readonly HtmlWriter _html;
    private readonly List<TenantSummary> _tenants;
    private readonly List<TenantSummary> _urgent;
    private readonly List<TenantSummary> _inFull;
    private readonly Dictionary<long, string> _anchors = [];

    private ReportPage(HtmlWriter html, ReportPeriod period, List<TenantSummary> tenants)
    {
        _html = html;
        _period = period;
        _tenants = tenants;
        _urgent = [.. tenants.Where(tenant => tenant.Attention.Count > 0).OrderBy(Urgency).ThenBy(tenant => tenant.Balance)];
        _inFull = [.. _urgent.Concat(tenants.Where(tenant => tenant.Attention.Count == 0).OrderByDescending(tenant => tenant.Used)).Take(MostDetails)];
        foreach (var tenant in _inFull)
            _anchors.Add(tenant.Tenant.Number, FormattableString.Invariant($"t{_anchors.Count + 1}"));
    }

    public static void Write(
        LedgerSnapshot snapshot, IReadOnlyList<Tenant> tenants, ReportPeriod period, Stream stream, CancellationToken cancellation)
    {
        var summaries = new List<TenantSummary>(tenants.Count);
        foreach (var tenant in tenants)
        {
            cancellation.ThrowIfCancellationRequested();
            summaries.Add(TenantSummary.Of(snapshot, tenant, period));
        }

        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        var page = new ReportPage(new(writer), period, summaries);
        page.Begin();
        page.Attention();
        page.Totals();
        page.List();
        page.Details(snapshot, cancellation);
        page.End();
    }

    private static AttentionReason Urgency(TenantSummary tenant) => tenant.Attention[0];

    private static string ReadStyle()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }

    private void Begin()
    {
        var title = $"Communications credits, {ReportText.Date(_period.From)} to {ReportText.Date(_period.To.Previous)}";

        // Whatever stood in a name, the browser fetches nothing and runs nothing.
        _html.WriteMarkup("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        _html.WriteMarkup("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">");
        _html.WriteMarkup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\">");
        _html.Write($"<title>{title}</title><style>\n");
        _html.WriteMarkup(Style);
        _html.WriteMarkup("</style></head>\n<body><header class=\"page\"><h1>Communications credits</h1>");
        _html.Write($"<p class=\"quiet\"><time>{ReportText.Date(_period.From)}</time> to <time>{ReportText.Date(_period.To.Previous)}</time>, ");
        _html.Write($"{ReportText.Count(_tenants.Count, "tenant", "tenants")}. Balances and what comes next as of <time>{ReportText.Minute(_period.Now)}</time>. All times are UTC.</p></header>\n<main>");
    }

    private void Totals()
    {
        if (_tenants.Count == 0)
            return;
        _html.WriteMarkup("<h2>Totals</h2>");
        _html.WriteMarkup("<div class=\"totals\">");
        foreach (var currency in _tenants.GroupBy(tenant => tenant.Tenant.Currency).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            string Sum(Func<TenantSummary, Amount> amount) => ReportText.Figure(new(currency.Sum(tenant => amount(tenant).Micros)), currency.Key);
            var owing = currency.Count(tenant => tenant.Balance < Amount.Zero);
            _html.Write($"<div class=\"total\"><p class=\"head\"><strong>{currency.Key}\u00A0{Sum(tenant => Positive(tenant.Balance))}</strong> ");
            _html.Write($"<span class=\"quiet\">in credit, {ReportText.Count(currency.Count(), "tenant", "tenants")}</span></p><dl>");
            Figure(owing == 0 ? "Owed now" : $"Owed now, by {ReportText.Count(owing, "tenant", "tenants")}", Sum(tenant => Positive(-tenant.Balance)));
            Figure($"Expiring within {TenantSummary.ExpiringDays} days", Sum(tenant => tenant.Expiring));
            Figure("Bought", Sum(tenant => tenant.Bought));
            Figure("Used", Sum(tenant => tenant.Used));
            Figure("Expired unused", Sum(tenant => tenant.Forfeited));
            _html.WriteMarkup("</dl></div>");
        }

        _html.WriteMarkup("</div>");
    }

    private void Figure(string name, string figure) => _html.Write($"<dt>{name}</dt><dd>{figure}</dd>");

    private void Attention()
    {
        if (_tenants.Count == 0)
        {
            _html.WriteMarkup("<p>There are no tenants to report on.</p>");
            return;
        }

        _html.WriteMarkup("<h2>What needs attention</h2>");
        if (_urgent.Count == 0)
        {
            _html.Write($"<p>Nothing: every tenant has credit, and nothing expires within {TenantSummary.ExpiringDays} days.</p>");
            return;
        }

        if (_urgent.Count > MostAttention)
            _html.Write($"<p class=\"quiet\">The {ReportText.Count(MostAttention)} most urgent of {ReportText.Count(_urgent.Count)} tenants.</p>");
        _html.WriteMarkup("<ol class=\"attention\">");
        foreach (var tenant in _urgent.Take(MostAttention))
        {
            _html.WriteMarkup("<li><span class=\"who\">");
            Name(tenant);
            _html.Write($"</span><span class=\"money{(tenant.Balance < Amount.Zero ? " bad" : "")}\">{ReportText.Money(tenant.Balance, tenant.Tenant.Currency)}</span><span class=\"why\">");
            foreach (var reason in tenant.Attention)
            {
                var (label, look, told) = TextOf(tenant, reason);
                _html.Write($"<span><span class=\"badge {look}\">{label}</span> ");
                _html.WriteProse(told);
                _html.WriteMarkup("</span>");
            }

            _html.WriteMarkup("</span></li>");
        }

        _html.WriteMarkup("</ol>");
    }

    private static (string Label, string Look, string Text) TextOf(TenantSummary tenant, AttentionReason reason)
    {
        var currency = tenant.Tenant.Currency;
        return reason switch
        {
            AttentionReason.Exhausted => ("Exhausted", "bad", "Calls that are paid from credits do not go through."),
            AttentionReason.RechargePaused when tenant.Rule?.PausedBecause is { } because =>
                ("Recharge paused", "bad", $"The ledger was {because}. Enable-AutoRecharge lets it go on."),
            AttentionReason.RechargePaused =>
                ("Recharge paused", "bad", $"Three declines in a row{(tenant.Rule?.LastFailure is { } failure ? $", the last: {failure}" : "")}."),
            AttentionReason.RechargeUnknown =>
                ("Recharge unknown", "warn", $"Whether {ReportText.Money(tenant.OpenAttempt!.Amount, currency)} was paid on {ReportText.Date(tenant.OpenAttempt.StartedAt)} is not known."),
            AttentionReason.UnusualUse => ("Unusual use", "bad", $"Since {ReportText.Date(tenant.Alarm!.Since)}: {tenant.Alarm.Seen}."),
            AttentionReason.Low =>
                ("Low", "warn", $"Below the mark of {ReportText.Money(tenant.Tenant.LowBalance ?? tenant.Rule?.Minimum ?? Amount.Zero, currency)}."),
            AttentionReason.Expiring => (
                "Expiring", "warn",
                $"{ReportText.Money(tenant.Expiring, currency)} within {TenantSummary.ExpiringDays} days, the first on {ReportText.Date(tenant.Account.NextExpiryAt!.Value)}."),
            _ => ("Unrated", "", $"{ReportText.Count(tenant.Unrated, "call waits", "calls wait")} for a rate."),
        };
    }

    private void List()
    {
        if (_tenants.Count == 0)
            return;
        _html.WriteMarkup("<h2>All tenants</h2>");
        if (_tenants.Count > MostListed)
            _html.Write($"<p class=\"quiet\">The first {ReportText.Count(MostListed)} of {ReportText.Count(_tenants.Count)} by id. Get-CreditBalance lists all of them.</p>");
        _html.WriteMarkup("<table><thead><tr><th scope=\"col\">Tenant</th><th scope=\"col\" class=\"n\">Balance</th><th scope=\"col\" class=\"n wide\">Bought</th>");
        _html.WriteMarkup("<th scope=\"col\" class=\"n wide\">Used</th><th scope=\"col\" class=\"n wide\">Expired unused</th><th scope=\"col\" class=\"n\">Next expiry</th>");
        _html.WriteMarkup("<th scope=\"col\" class=\"wide\">Recharge</th></tr></thead><tbody>");
        foreach (var tenant in _tenants.Take(MostListed))
        {
            var currency = tenant.Tenant.Currency;
            _html.WriteMarkup("<tr><th scope=\"row\">");
            Name(tenant);
            _html.Write($"</th><td class=\"n{(tenant.Balance < Amount.Zero ? " bad" : "")}\">{ReportText.Money(tenant.Balance, currency)}</td>");
            _html.Write($"<td class=\"n wide\">{ReportText.Figure(tenant.Bought, currency)}</td><td class=\"n wide\">{ReportText.Figure(tenant.Used, currency)}</td>");
            _html.Write($"<td class=\"n wide\">{ReportText.Figure(tenant.Forfeited, currency)}</td>");
            _html.Write($"<td class=\"n\">{(tenant.Account.NextExpiryAt is { } expiry ? ReportText.Date(expiry) : "–")}</td>");
            _html.Write($"<td class=\"wide\">{(tenant.Rule is null ? "–" : tenant.Account.AutoRecharge.ToString())}</td></tr>");
        }

        _html.WriteMarkup("</tbody></table>");
    }

    private void Details(LedgerSnapshot snapshot, CancellationToken cancellation)
    {
        if (_inFull.Count == 0)
            return;
        _html.WriteMarkup("<h2>Tenant by tenant</h2>");
        if (_tenants.Count > _inFull.Count)
        {
            _html.Write($"<p class=\"quiet\">{ReportText.Count(_inFull.Count)} of {ReportText.Count(_tenants.Count)} tenants: those that need attention first, then those that use ");
            _html.WriteMarkup("most. Export-CreditReport with -TenantId shows others.</p>");
        }

        foreach (var tenant in _inFull)
        {
            cancellation.ThrowIfCancellationRequested();
            new TenantSection(_html, _period, tenant, TenantDetail.Of(snapshot, tenant.Tenant, _period), _anchors[tenant.Tenant.Number]).Write();
        }
    }

    private void End() => _html.WriteMarkup(
        "</main><footer><p>Amounts are exact in the ledger and rounded here to the currency’s smallest coin, so a column may differ from its "
        + "total by as much. Made by Export-CreditReport.</p></footer></body></html>\n");

    /// <summary>A tenant's name, as a link to where it is shown in full; its id where that is another.</summary>
    private void Name(TenantSummary tenant)
    {
        var anchor = _anchors.GetValueOrDefault(tenant.Tenant.Number);
        if (anchor is not null)
            _html.Write($"<a href=\"#{anchor}\"><bdi>{tenant.Tenant.Name}</bdi></a>");
        else
            _html.Write($"<bdi>{tenant.Tenant.Name}</bdi>");
        if (tenant.Tenant.Name != tenant.Tenant.Id)
            _html.Write($" <bdi class=\"id\">{tenant.Tenant.Id}</bdi>");
    }

    private static Amount Positive(Amount amount) => amount > Amount.Zero ? amount : Amount.Zero;
}
