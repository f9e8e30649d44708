using CommunicationsCredits.Ledger.Reports.Page;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>Statements, forecasts, reports and exports.</summary>
public sealed class ReportService
{
    private readonly ILedgerReader _reader;
    private readonly TimeProvider _clock;

    internal ReportService(ILedgerReader reader, TimeProvider clock)
    {
        _reader = reader;
        _clock = clock;
    }

    /// <summary>The fewest days a forecast may look back: a week.</summary>
    public const int FewestForecastDays = UsePattern.FewestDays;

    /// <summary>The most days a forecast may look back: two years.</summary>
    public const int MostForecastDays = 2 * 366;

    /// <summary>
    /// The statements of the tenants asked for: of a month UTC, by EffectiveAt; funds that have expired count as forfeited as of their
    /// expiry, whether that is booked yet or not (F8). The running month closes at now.
    /// </summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="month">The month, yyyy-MM; this month where nothing is given.</param>
    /// <param name="asPosted">The instant as of which the statement is printed again as it was then; now where nothing is given.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>; <c>InvalidInstant</c>: no month, or one that has not begun.</exception>
    public IEnumerable<CreditStatement> GetStatements(TenantSelection selection, string? month = null, DateTimeOffset? asPosted = null)
    {
        var now = Instant.Now(_clock);
        Instant? posted = Instant.From(asPosted) is { } then && then < now ? then : null;
        now = posted ?? now;
        var asked = month is null ? Month.Of(now) : Month.Parse(month);
        if (asked.Start > now)
            throw LedgerErrors.MonthInFuture(asked.ToString(), now);
        return Statements();

        IEnumerable<CreditStatement> Statements()
        {
            using var snapshot = _reader.BeginRead();
            foreach (var tenant in snapshot.Select(selection))
            {
                var account = posted is { } instant
                    ? AccountView.AsPosted(snapshot, tenant.Number, instant)
                    : AccountView.Current(snapshot, tenant.Number);
                var detail = posted is null ? StatementDetail.Of(snapshot, tenant, asked, now) : StatementDetail.Nothing;
                yield return Statement.OfMonth(snapshot, tenant.Number, account, asked, now)!.ToContract(tenant, asked, detail);
            }
        }
    }

    /// <summary>What the funds of the tenants asked for will come to if use goes on. Recharges to come are not foreseen.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="days">
    /// How many days it looks back for what is used, <see cref="FewestForecastDays"/> to <see cref="MostForecastDays"/>.
    /// </param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>; <c>RuleInvalid</c>: too few or too many days.</exception>
    public IEnumerable<CreditForecast> GetForecasts(TenantSelection selection, int days = 30)
    {
        if (days is < FewestForecastDays or > MostForecastDays)
        {
            throw new CreditException(
                CreditErrorId.RuleInvalid, $"A forecast looks back {FewestForecastDays} to {MostForecastDays} days, not {days}.", days);
        }

        return Forecasts();

        IEnumerable<CreditForecast> Forecasts()
        {
            using var snapshot = _reader.BeginRead();
            var now = Instant.Now(_clock);
            foreach (var tenant in snapshot.Select(selection))
                yield return Forecast.Of(snapshot, tenant, days, now).ToContract(tenant);
        }
    }

    /// <summary>
    /// Writes the ledger of the tenants asked for to a file that only its owner can read (H2). The file appears under its name when
    /// it is complete, or not at all. Tokens and secrets are not in it.
    /// </summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="format">What it is written as.</param>
    /// <param name="selection">The tenants.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <param name="cancellation">Stops it; then there is no new file.</param>
    /// <exception cref="CreditException"><c>FileExists</c>, <c>TenantNotFound</c>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void ExportLedger(
        string path, CreditExportFormat format, TenantSelection selection, bool force, CancellationToken cancellation = default)
    {
        using var file = new NewFile(path, force);
        using var snapshot = _reader.BeginRead();
        var tenants = snapshot.Select(selection).ToList();
        switch (format)
        {
            case CreditExportFormat.Csv:
                CsvExport.Write(snapshot, tenants, file.Stream, cancellation);
                break;
            case CreditExportFormat.Json:
                JsonExport.Write(snapshot, tenants, file.Stream, Instant.Now(_clock), cancellation);
                break;
            default:
                HledgerExport.Write(snapshot, tenants, file.Stream, Instant.Now(_clock), cancellation);
                break;
        }

        file.Complete();
    }

    /// <summary>
    /// Writes usage of the tenants asked for to a file that only its owner can read, a row a call or a group. The file appears under its
    /// name when it is complete, or not at all. Reversed calls are not in it.
    /// </summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="format">What it is written as.</param>
    /// <param name="measure">Which usage, and by what it is grouped; by nothing, a row is a call.</param>
    /// <param name="selection">The tenants.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <param name="cancellation">Stops it; then there is no new file.</param>
    /// <exception cref="CreditException"><c>FileExists</c>, <c>TenantNotFound</c>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void ExportUsage(
        string path, CreditUsageFormat format, UsageMeasure measure, TenantSelection selection, bool force, CancellationToken cancellation = default)
    {
        using var file = new NewFile(path, force);
        using var snapshot = _reader.BeginRead();
        var tenants = snapshot.Select(selection).ToList();
        using (var export = new UsageExport(file.Stream))
        {
            if (measure.By.Count == 0)
                export.WriteCalls(snapshot, tenants, measure, format == CreditUsageFormat.Focus, cancellation);
            else
                export.WriteGroups(snapshot, tenants, measure, format == CreditUsageFormat.Focus, Instant.Now(_clock), cancellation);
        }

        file.Complete();
    }

    /// <summary>
    /// Writes a report on the tenants asked for: one HTML page that needs nothing else. The file appears under its name when it is
    /// complete, or not at all, and only its owner can read it.
    /// </summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="from">Where the time it covers begins, by EffectiveAt; the start of the month five months before its end where nothing is given.</param>
    /// <param name="to">Where the time it covers ends, exclusive; now where nothing, or something later, is given.</param>
    /// <param name="selection">The tenants.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <param name="cancellation">Stops it; then there is no new file.</param>
    /// <exception cref="CreditException"><c>FileExists</c>, <c>TenantNotFound</c>; <c>InvalidInstant</c>: it would end before it begins.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void ExportReport(
        string path, DateTimeOffset? from, DateTimeOffset? to, TenantSelection selection, bool force, CancellationToken cancellation = default)
    {
        var period = ReportPeriod.Of(Instant.From(from), Instant.From(to), Instant.Now(_clock));
        using var file = new NewFile(path, force);
        using var snapshot = _reader.BeginRead();
        var tenants = snapshot.Select(selection).ToList();
        ReportPage.Write(snapshot, tenants, period, file.Stream, cancellation);
        file.Complete();
    }
}
