using System.Globalization;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>Usage records and their imports.</summary>
public sealed class UsageRecordService
{
    private readonly ILedgerReader _reader;
    private readonly ImportPorts _ports;
    private readonly RateService _rates;

    /// <summary>Batches of the last import, for the next: of many small files each would make its own.</summary>
    private readonly System.Collections.Concurrent.ConcurrentBag<UsageBatch> _empty = [];

    internal UsageRecordService(ILedgerReader reader, ImportPorts ports, RateService rates)
    {
        _reader = reader;
        _ports = ports;
        _rates = rates;
    }

    /// <summary>
    /// Imports a usage file for a tenant, one commit per batch (U1–U7). Cancelled, it stops after the batch at hand, keeps what was
    /// posted, and answers for that.
    /// </summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is imported.</param>
    /// <param name="observer">Receives what the import finds.</param>
    /// <param name="cancellation">Stops the import.</param>
    /// <exception cref="CreditException">
    /// <c>TenantNotFound</c>, <c>TenantClosed</c>, <c>UnknownFormat</c>, <c>FileExists</c> (the file is its own quarantine file), or
    /// an error of the ledger.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped before the file could be opened.</exception>
    public UsageImport Import(
        string tenantId, string path, UsageImportOptions options, IUsageImportObserver observer, CancellationToken cancellation)
    {
        QuarantineFile.RefuseSource(options.QuarantinePath, path);
        return ImportSource(
            tenantId, Path.GetFileName(path), () => UsageSource.Open(path, options.Format, cancellation),
            () => new FileInfo(path).Length, options, observer, cancellation);
    }

    /// <summary>Begins to import small files, which <see cref="UsageFileImports.Takes"/> tells.</summary>
    /// <param name="options">How they are imported.</param>
    /// <param name="cancellation">Stops it: what is not decided on is left out.</param>
    public UsageFileImports ImportFiles(UsageImportOptions options, CancellationToken cancellation) => new(
        _ports, options, _empty, (file, stop) => Import(file.TenantId, file.Path, options, file.Findings, stop), cancellation);

    /// <summary>Imports the text of a usage file, CSV or JSON, for a tenant: as <see cref="Import"/> does a file.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="source">What the import's source is called.</param>
    /// <param name="text">The text, in UTF-8; it is closed.</param>
    /// <param name="options">How it is imported.</param>
    /// <param name="observer">Receives what the import finds.</param>
    /// <param name="cancellation">Stops the import.</param>
    /// <exception cref="CreditException">As of <see cref="Import"/>.</exception>
    public UsageImport ImportText(
        string tenantId, string source, Stream text, UsageImportOptions options, IUsageImportObserver observer,
        CancellationToken cancellation)
    {
        var length = text.Length;
        return ImportSource(
            tenantId, source, () => UsageSource.Open(source, text, options.Format), () => length, options, observer, cancellation);
    }

    private UsageImport ImportSource(
        string tenantId, string source, Func<UsageReader> open, Func<long> lengthOf, UsageImportOptions options,
        IUsageImportObserver observer, CancellationToken cancellation)
    {
        using var importer = new UsageImporter(_ports, tenantId, source, UsageFormat.Auto, options, observer);
        using var reader = open();
        importer.Format = reader.Format;
        var length = (double)lengthOf();
        var isStopped = false;
        try
        {
            using var pipeline = new UsagePipeline(reader, importer, _empty);
            foreach (var (batch, pricing) in pipeline.Batches())
            {
                var position = batch.SourcePosition;
                pipeline.Return(importer.Post(batch, pricing));
                observer.Progress(importer.Read, length > 0 ? Math.Min(1, position / length) : null);
                isStopped = cancellation.IsCancellationRequested;
                if (isStopped)
                    break;
            }

            pipeline.Return(importer.Finished());
            observer.Progress(importer.Read, isStopped ? null : 1);
        }
        catch (CreditException broken) when (broken.ErrorId == CreditErrorId.UnknownFormat && importer.HasPosted)
        {
            // What came before is kept; the import says what it has.
            observer.Refused(broken);
        }

        if (reader.Warning(source) is { } warning)
            observer.Warn(warning);
        if (reader.Format == UsageFormat.GraphPstnCalls)
            observer.PageEnded(source, reader.IsIncomplete);
        return importer.Complete(isStopped, reader.Period, cancellation);
    }

    /// <summary>
    /// Charges what is unrated and has a rate by now, in the order in which it was imported, and calls in that were free because no
    /// toll-free sheet had their number (G7).
    /// </summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="preview">Whether nothing is kept.</param>
    /// <param name="cancellation">Stops it after the batch at hand.</param>
    /// <param name="observer">Is told why calls still wait, and what the charges bring with them; or null.</param>
    /// <returns>Read and Imported: the records that waited; Unrated: those that still do.</returns>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>TenantClosed</c>, or an error of the ledger.</exception>
    public UsageImport Rate(string tenantId, bool preview, CancellationToken cancellation, IUsageImportObserver? observer = null)
    {
        var started = _ports.Clock.GetTimestamp();

        // A record that waits though it has a charge of its own was imported by the rate sheet only (G6).
        var operation = new RateUnrated(
            tenantId, SheetPricing, () => _ports.Clock.GetElapsedTime(started), () => cancellation.IsCancellationRequested);
        var decided = _ports.Decider.Decide(operation, preview, () => cancellation.IsCancellationRequested);
        var import = Recharged(decided, decided.Result!, preview, observer, cancellation);
        foreach (var warning in operation.Remarks.Warnings(import.TenantName, import.TenantName, import.TenantId, import.Currency))
            observer?.Warn(warning);
        return import;
    }

    /// <summary>
    /// Prices calls that a rate sheet charged by the sheets in force now: what differs is reversed and posted anew, as one import, which
    /// can be undone (C1a). Stopped, it changes nothing.
    /// </summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="from">The earliest start, or null.</param>
    /// <param name="to">The start before which the calls are, or null.</param>
    /// <param name="preview">Whether nothing is kept.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="observer">Is told of calls that no sheet has any more, and what the charges bring with them; or null.</param>
    /// <returns>Read: the calls that a sheet had charged; Imported: those posted anew; Charged: the difference.</returns>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>TenantClosed</c>, <c>InvalidInstant</c>, or an error of the ledger.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public UsageImport PriceAgain(
        string tenantId, DateTimeOffset? from, DateTimeOffset? to, bool preview, CancellationToken cancellation,
        IUsageImportObserver? observer = null)
    {
        var (first, end) = Instant.Between(from, to);
        var started = _ports.Clock.GetTimestamp();
        var decided = _ports.Decider.Decide(
            new PriceAgain(
                tenantId, first, end, SheetPricing, () => _ports.Clock.GetElapsedTime(started), cancellation),
            preview);
        var result = decided.Result!;
        var import = Recharged(decided, result.Tally, preview, observer, cancellation);
        if (result.Without > 0)
        {
            observer?.Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Without} call(s) of '{import.TenantName}' were charged by a rate sheet and have no rate any more: they keep their charges."));
        }

        return import;
    }

    private CallPricing SheetPricing(TenantState state) =>
        new(state.Tenant.Currency, state.Tenant.AccountFrom, PricingSource.RateSheet, _rates.BookOf(state.Tenant.Currency));

    /// <summary>Asks the gateway for a recharge that charges brought with them, and tells what followed.</summary>
    private UsageImport Recharged<T>(
        Decided<T> decided, ImportTally tally, bool preview, IUsageImportObserver? observer, CancellationToken cancellation)
    {
        var tenant = decided.Tenant!;
        var foresight = Foresight.Of(tenant, decided.Notified, decided.Recharge, decided.RechargeProblem);
        if (decided.Recharge is { } attempt)
        {
            var answer = preview ? attempt.ToContract(tenant) : _ports.Recharges.Finish(tenant, attempt, cancellation);
            foresight = foresight with { Recharges = [answer] };
            if (answer.State == AutoRechargeAttemptState.Succeeded)
                tally = NoteRecharge(tenant, tally, Amount.FromDecimal(answer.Amount), preview);
        }

        observer?.Foresee(foresight);
        if (decided.RechargeProblem is { } problem)
            observer?.Warn($"{tenant.InWords} needs a recharge, and it was not started. {problem.Message}");
        return tally.ToContract(tenant);
    }

    /// <summary>Begins an import of objects for a tenant: what is added is posted when it is flushed.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="options">How they are imported.</param>
    /// <param name="observer">Receives what the import finds, on the thread that flushes.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>TenantClosed</c>.</exception>
    public UsageObjectImport ImportObjects(string tenantId, UsageImportOptions options, IUsageImportObserver observer) =>
        new(new(_ports, tenantId, UsageObjectImport.Source, UsageFormat.GraphPstnCalls, options, observer));

    /// <summary>The imports of the tenants asked for, in their order.</summary>
    /// <param name="selection">The tenants.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<UsageImport> GetImports(TenantSelection selection)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var tally in snapshot.Imports.Query(tenant.Number))
                yield return tally.ToContract(tenant);
        }
    }

    /// <summary>The usage records of the tenants asked for: by start where a time is given, else as they were imported.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<UsageRecord> GetRecords(TenantSelection selection, UsageQuery query)
    {
        using var snapshot = _reader.BeginRead();
        var batch = new UsageBatch();
        var sheets = snapshot.Rates.Sheets().ToDictionary(sheet => sheet.Number, sheet => sheet.Name);
        foreach (var tenant in snapshot.Select(selection))
        {
            if (UsageFilter.Of(query, tenant) is not { } filter)
                continue;
            foreach (var read in snapshot.Usage.Query(tenant.Number, filter, batch, isShown: true))
                yield return UsageRecords.ToContract(read, read.Calls[0], tenant, sheets);
        }
    }

    /// <summary>How many records <see cref="GetRecords"/> gives.</summary>
    public long CountRecords(TenantSelection selection, UsageQuery query)
    {
        using var snapshot = _reader.BeginRead();
        return snapshot.Select(selection).Sum(tenant => UsageFilter.Of(query, tenant) is { } filter ? snapshot.Usage.Count(tenant.Number, filter) : 0);
    }

    /// <summary>How many calls are kept as free though a toll-free sheet has their numbers now, by tenant; of each tenant that has any (G7).</summary>
    /// <param name="sheet">The sheet.</param>
    public IReadOnlyList<(string TenantId, string TenantName, long Calls)> CountFreeCallsCovered(CreditRateSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        var rates = _rates.BookOf(sheet.Currency);
        var covered = new List<(string, string, long)>();
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(TenantSelection.All).Where(tenant => tenant.Currency == sheet.Currency))
        {
            var calls = snapshot.Usage.FreeInbound(tenant.Number, Instant.From(sheet.EffectiveFrom)).LongCount(call => IsCovered(rates, call.Callee, call.StartedAt));
            if (calls > 0)
                covered.Add((tenant.Id, tenant.Name, calls));
        }

        return covered;
    }

    private static bool IsCovered(RateBook rates, byte[] callee, Instant start)
    {
        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        return rates.Find(CreditRateService.TollFreeInbound, NumberDigits.Read(callee, buffer), start) is not null;
    }

    /// <summary>Whether an id is an import's.</summary>
    public bool HasImport(string importId) => _reader.Has(
        importId, LedgerIds.Import, (snapshot, tenant, number) => snapshot.Imports.Query(tenant).Any(import => import.Number == number));

    /// <summary>The users of the calls that were imported last, the one with the most calls first.</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="calls">How many calls of each tenant are looked at.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<(string Name, string TenantName, long Calls)> GetRecentUsers(TenantSelection selection, int calls)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var (user, count) in snapshot.Usage.RecentUsers(tenant.Number, calls))
                yield return (user, tenant.Name, count);
        }
    }

    /// <summary>What the usage of the tenants asked for came to, in groups (P2).</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="measure">What is asked.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditUsage> Measure(TenantSelection selection, UsageMeasure measure)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            foreach (var group in snapshot.Measures.Query(tenant.Number, measure, Instant.Now(_ports.Clock)))
                yield return UsageGroups.ToContract(group, measure.By, tenant);
        }
    }

    /// <summary>The calls whose own charge and whose rate are both known and differ by more than rounding does (G6).</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="from">The earliest start, or null.</param>
    /// <param name="to">The start before which they are, or null.</param>
    /// <param name="tolerance">The difference that is none yet; null for half the last decimal of the recorded charge.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>; <c>InvalidAmount</c>: the tolerance is below 0.</exception>
    public IEnumerable<UsageChargeDifference> CompareCharges(
        TenantSelection selection, DateTimeOffset? from, DateTimeOffset? to, decimal? tolerance = null) => tolerance < 0
            ? throw new CreditException(CreditErrorId.InvalidAmount, $"A tolerance is 0 or more, not {tolerance}.", tolerance)
            : FindDifferences(selection, from, to, tolerance);

    private IEnumerable<UsageChargeDifference> FindDifferences(
        TenantSelection selection, DateTimeOffset? from, DateTimeOffset? to, decimal? tolerance)
    {
        foreach (var record in GetRecords(selection, new() { From = from, To = to }))
        {
            if (record is { RecordedCharge: { } recorded, RatedCharge: { } rated, Status: not UsageStatus.Reversed }
                && Math.Abs(recorded - rated) > (tolerance ?? ChargeTolerance.HalfLastDecimal(recorded, record.Currency)))
            {
                yield return new()
                {
                    TenantId = record.TenantId,
                    TenantName = record.TenantName,
                    RecordId = record.RecordId,
                    StartedAt = record.StartedAt,
                    Callee = record.Callee,
                    RecordedCharge = recorded,
                    RatedCharge = rated,
                    Difference = recorded - rated,
                    Currency = record.Currency,
                };
            }
        }
    }

    /// <summary>Notes what the recharge after a rating brought; no entry records it, since the recharge's own does.</summary>
    private ImportTally NoteRecharge(Tenant tenant, ImportTally tally, Amount amount, bool preview)
    {
        if (preview || tally.Number == 0)
            return tally with { Recharged = amount, BalanceAfter = tally.BalanceAfter + amount };
        return _ports.Store.RunUnit(() =>
        {
            using var write = _ports.Store.BeginWrite([tenant.Number]);
            var state = write.Load([Needs.Of(tenant.Id)])[0]!;
            var noted = tally with { Recharged = amount, BalanceAfter = BalanceRules.Now(state.Account.Balance, state.Lots, Instant.Now(_ports.Clock)) };
            var posting = new TenantPosting { Tenant = state.Tenant, Before = state.Account, After = state.Account };
            posting.Imports[noted.Number] = noted;
            write.Write(posting);
            write.Commit();
            return noted;
        });
    }
}
