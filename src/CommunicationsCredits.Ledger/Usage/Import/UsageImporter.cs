using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Guard.Operations;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>
/// Posts the usage of one tenant and one source, one commit per batch, in the order of the source (U6, U7). A batch is decided while the
/// one before is written. Killed between two batches and run again, the records kept before are duplicates and the rest follows as it
/// would have.
/// </summary>
internal sealed class UsageImporter : IDisposable
{
    private static readonly ILookup<long, DrawRow> NoDraws = Array.Empty<DrawRow>().ToLookup(draw => draw.Entry);

    private readonly ImportPorts _ledger;
    private readonly UsageImportOptions _options;
    private readonly IUsageImportObserver _observer;
    private readonly QuarantineFile? _quarantine;
    private ImportWork _work;
    private ImportRemarks _remarks = new();
    private ImportSample _sample = new();
    private readonly long _startedAt;
    private readonly string _tenantId;

    /// <summary>What the batches of a preview would notify.</summary>
    private readonly List<Notification> _foreseen = [];

    private ImportTally _tally;
    private CallPricing _pricing;
    private TenantState _state;

    // The import before the batch at hand; and a batch that was settled while the next one was decided, still to be given back.
    private ImportTally? _tallyBefore;
    private Written? _writing;
    private Written? _settled;

    // Of a source that is written whole: what it began as, what was decided of its batch, and of its end.
    private readonly ImportTally _tallyAtStart;
    private TenantPosting? _decided;
    private TenantPosting? _ended;

    /// <summary>Begins an import.</summary>
    /// <param name="ledger">What it needs of the ledger.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="source">What the source is called.</param>
    /// <param name="format">The format the records come in, as far as it is known.</param>
    /// <param name="options">How it is imported.</param>
    /// <param name="observer">Receives what it finds.</param>
    /// <param name="work">What deciding works with, where other imports of the same thread use it too; else null.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>, <c>TenantClosed</c>.</exception>
    public UsageImporter(
        ImportPorts ledger, string tenantId, string source, UsageFormat format, UsageImportOptions options,
        IUsageImportObserver observer, ImportWork? work = null)
    {
        _ledger = ledger;
        _options = options;
        _observer = observer;
        _tenantId = tenantId;
        _startedAt = ledger.Clock.GetTimestamp();
        _work = work ?? new(options.OnConflict);
        (_state, _pricing) = Store.RunUnit(() =>
        {
            using var facts = Store.BeginFacts();
            var state = Load(facts);
            return (state, Pricing(state.Tenant, facts));
        });
        _tallyAtStart = new() { Source = source, Format = format, StartedAt = ledger.Decider.Context.Now, Actor = ledger.Decider.Context.Actor };
        _tally = _tallyAtStart with { };
        _quarantine = options is { QuarantinePath: { } path, Preview: false } ? new(path) : null;
    }

    /// <summary>The tenant's id as created.</summary>
    public string TenantId => _state.Tenant.Id;

    /// <summary>The tenant's number.</summary>
    public long Tenant => _state.Tenant.Number;

    /// <summary>Whether refused records are kept in a file, and so have to be there as they came.</summary>
    public bool KeepsRefused => _quarantine is not null;

    /// <summary>The format the records come in.</summary>
    public UsageFormat Format
    {
        get => _tally.Format;
        set => _tally.Format = _tallyAtStart.Format = value;
    }

    /// <summary>The records posted so far, refused ones included.</summary>
    public long Read { get; private set; }

    /// <summary>Whether anything of the source was posted, or is being posted.</summary>
    public bool HasPosted => _tally.Read > 0;

    /// <summary>What the recharge after the import did, or would do.</summary>
    public Decided<Attempt?> Recharged { get; private set; } = new();

    private ILedgerStore Store => _ledger.Store;

    /// <summary>Classifies and prices a batch, and digests it: all that needs no ledger. Any thread may do it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="buffers">Buffers of the calling thread's own.</param>
    public CallPricing Price(UsageBatch batch, PricingBuffers buffers)
    {
        var pricing = _pricing;
        Price(batch, pricing, buffers);
        return pricing;
    }

    /// <summary>
    /// Decides on a priced batch, and lets it be written while the caller goes on; the batch is the importer's until
    /// <see cref="Finished"/> gives it back.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="pricing">What it was priced by.</param>
    /// <returns>The batch before, which is written; or null.</returns>
    public UsageBatch? Post(UsageBatch batch, CallPricing pricing)
    {
        var posting = TryDecide(batch, pricing);
        var before = Settle();
        if (before is { WasOvertaken: true })
        {
            // What this batch was decided upon was not written as it was decided.
            Redo(before.Batch, before.TallyBefore);
            posting = TryDecide(batch, pricing, isAgain: true);
        }

        if (before is not null)
            Report(before.Batch);
        if (_options.Preview)
        {
            if (posting is null)
            {
                Store.RunUnit(() =>
                {
                    using var facts = Store.BeginFacts();
                    _state = Load(facts);
                    _work.Known.Find(facts, _state.Tenant.Number, batch, _state.Account.Records + 1);
                    return Decide(facts, batch);
                });
            }

            Remember(batch);
            Report(batch);
            return batch;
        }

        if (posting is null)
            Redo(batch, _tallyBefore!);
        Remember(batch);
        _writing = new(batch, _tallyBefore!, posting is null ? Task.FromResult(true) : Task.Run(() => Write(posting, batch)));
        return before?.Batch;
    }

    /// <summary>Waits until all that was posted is written, and gives the last batch back.</summary>
    public UsageBatch? Finished()
    {
        if (Settle() is not { } last)
            return null;
        if (last.WasOvertaken)
            Redo(last.Batch, last.TallyBefore);
        Report(last.Batch);
        return last.Batch;
    }

    /// <summary>Ends the import: books what has expired, evaluates the rule, and writes what it did.</summary>
    /// <param name="isStopped">Whether it was stopped before its source ended.</param>
    /// <param name="exported">The period that the source says it covers, or null.</param>
    /// <param name="cancellation">Ends the wait for a gateway.</param>
    public UsageImport Complete(bool isStopped = false, ExportPeriod? exported = null, CancellationToken cancellation = default)
    {
        Finished();
        BeginEnd(isStopped, exported);
        CompareWithOthers();
        return Ended(_options.Preview ? PreviewEnd() : WriteEnd(isStopped), cancellation);
    }

    /// <summary>Decides on the one batch of a source that has no more, before it is known whether it can be written so.</summary>
    /// <param name="batch">The batch, priced by <see cref="Price(UsageBatch, PricingBuffers)"/>.</param>
    public void DecideWhole(UsageBatch batch) => _decided = TryDecide(batch, _pricing);

    /// <summary>
    /// Writes all that a source has brought, and the end of its import, in a write that may have other tenants' too: it is the caller who
    /// commits it.
    /// </summary>
    /// <param name="write">The write.</param>
    /// <param name="whole">The source, which has been read to its end.</param>
    /// <param name="findings">Receives what the import finds; the importer's own observer.</param>
    /// <param name="isAgain">Whether an earlier write of it was not kept.</param>
    public void WriteWhole(IStoreWrite write, WholeSource whole, ImportFindings findings, bool isAgain)
    {
        findings.Clear();
        (_remarks, _sample, Recharged) = (new(), new(), new());
        if (whole.Batch is { } batch)
        {
            var isCurrent = !isAgain && _decided is not null && Decider.IsCurrent(write, _decided);
            write.Write(isCurrent ? _decided! : DecideAgain(write, batch));
            Report(batch);
        }
        else
        {
            _tally = _tallyAtStart with { };
            _state = Load(write);
        }

        whole.Tell(_observer);
        BeginEnd(isStopped: false, whole.Period);
        WarnOfOthers(Others(write));
        _ended = DecideEnd(write);
        write.Write(_ended!);
        write.AddKeys(_state.Tenant.Number);
    }

    /// <summary>Ends an import that was written whole: asks the gateway, where the import led to a recharge.</summary>
    /// <param name="cancellation">Ends the wait for a gateway.</param>
    public UsageImport EndWhole(CancellationToken cancellation) => Ended(_ended, cancellation);

    private void BeginEnd(bool isStopped, ExportPeriod? exported)
    {
        if (exported is { } period && !isStopped)
            (_tally.ExportedFrom, _tally.ExportedTo) = (period.From, period.To);
        _tally.Status = isStopped ? UsageImportStatus.Stopped : UsageImportStatus.Complete;
    }

    private UsageImport Ended(TenantPosting? posting, CancellationToken cancellation)
    {
        if (Recharged.RechargeProblem is { } problem)
            _observer.Warn($"{_state.Tenant.InWords} needs a recharge, and it was not started. {problem.Message}");
        if (!_options.Preview)
            AskGateway(cancellation);
        _observer.Foresee(Foresight.Of(_state.Tenant, posting is null ? _foreseen : [.. _foreseen, .. posting.Notifications.Values], Recharged.Recharge, Recharged.RechargeProblem));
        foreach (var warning in _remarks.Warnings(_tally.Source, _state.Tenant.Name, _state.Tenant.Id, _state.Tenant.Currency))
            _observer.Warn(warning);
        return _tally.ToContract(_state.Tenant);
    }

    /// <summary>Tells the observer something that the caller should know.</summary>
    public void Warn(string message) => _observer.Warn(message);

    public void Dispose()
    {
        try
        {
            _writing?.Done.Wait();
        }
        catch (AggregateException)
        {
            // Whoever posted it was given the failure, or has one of his own.
        }

        _quarantine?.Dispose();
    }

    private static void Price(UsageBatch batch, CallPricing pricing, PricingBuffers buffers)
    {
        Span<UInt128> salts = stackalloc UInt128[256];
        var calls = batch.Calls;
        for (var i = 0; i < calls.Length; i++)
        {
            ref var call = ref calls[i];
            if (i % salts.Length == 0)
                RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(salts));
            if (call.Refusal is not null && call.RefusalId != CreditErrorId.UsageConflict)
                continue;
            call.Refusal = null;
            CallPricer.Price(batch, ref call, pricing);
            call.Salt = salts[i % salts.Length];
            call.Formula = LedgerEntry.NewestFormula;
        }

        UsageDigest.AppendContents(buffers.Chain, buffers.Lanes, batch);
    }

    /// <summary>Decides on a batch; null where it has to be decided again under the lock, because somebody posted in between.</summary>
    private TenantPosting? TryDecide(UsageBatch batch, CallPricing pricing, bool isAgain = false)
    {
        if (isAgain || !ReferenceEquals(pricing, _pricing))
            Price(batch, _pricing, new PricingBuffers());
        _tallyBefore = _tally with { };
        var (isDecided, decided) = Store.RunUnit(() =>
        {
            using var facts = Store.BeginFacts();
            _work.Known.Find(facts, _state.Tenant.Number, batch, _state.Account.Records + 1);
            return _options.Preview || _writing is null || !MeetsUnwritten(batch) ? (true, TryDecide(facts, batch)) : (false, null);
        });
        if (isDecided)
            return decided;

        // What is known of it is being written: then it can be read.
        _settled = Settle();
        if (_settled is { WasOvertaken: true } overtaken)
            Redo(overtaken.Batch, overtaken.TallyBefore);
        _tallyBefore = _tally with { };
        return Store.RunUnit(() =>
        {
            using var now = Store.BeginFacts();
            _work.Known.Find(now, _state.Tenant.Number, batch, _state.Account.Records + 1);
            return TryDecide(now, batch);
        });
    }

    private TenantPosting? TryDecide(ILedgerFacts from, UsageBatch batch)
    {
        try
        {
            return Decide(from, batch);
        }
        catch (InvalidOperationException)
        {
            // What was known and what was asked besides are of two states; under the lock, a true contradiction is found again.
            _tally = _tallyBefore! with { };
            return null;
        }
    }

    private TenantPosting Decide(ILedgerFacts from, UsageBatch batch)
    {
        LoadMonths(from, batch);
        var draws = NoDraws;
        if (_work.Decision.Corrections(_state.Tenant, batch) is { } needs)
        {
            from.LoadMore([(_state, needs)]);
            draws = from.LoadDraws(_state.Tenant.Number, [.. SequencesOf(_work.Known.Stored)]);
        }

        var draft = new Draft(_state, _ledger.Decider.Context);
        _work.Decision.Decide(draft, batch, draws, _tally);
        draft.Changes.RateVersion = _pricing.Rates.Version;
        var posting = draft.Accept(null);
        if (_options.Preview)
            _foreseen.AddRange(posting.Notifications.Values);
        return posting;
    }

    [MethodImpl(HotPath.Compiled)]
    private bool MeetsUnwritten(UsageBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Calls[i].Refusal is null && _work.Known.TwinOf(i) < 0 && _work.Known[i].IsKept && _work.Known.Seen.ContainsKey(batch.Calls[i].Key))
                return true;
        }

        return false;
    }

    /// <summary>Keeps the identities of a batch in mind that is not written yet.</summary>
    [MethodImpl(HotPath.Compiled)]
    private void Remember(UsageBatch batch)
    {
        if (!_options.Preview)
            _work.Known.Seen.Clear();
        foreach (ref readonly var call in batch.Calls)
        {
            if (call.Record != 0)
                _work.Known.Seen[call.Key] = (call.Record, _options.Preview ? BillingContent.Fingerprint(batch, call) : 0);
        }
    }

    private bool Write(TenantPosting posting, UsageBatch batch) => Store.RunUnit(() =>
    {
        using var write = Store.BeginWrite([posting.Tenant.Number]);
        if (!Decider.IsCurrent(write, posting))
            return false;
        Write(write, posting, batch);
        return true;
    });

    private void Write(IStoreWrite write, TenantPosting posting, UsageBatch batch)
    {
        write.Write(posting);

        // Before the commit: a record may be set aside twice, but never lost.
        _quarantine?.Add(batch);
        write.Commit();
    }

    /// <summary>Waits for the batch that is being written.</summary>
    private Written? Settle()
    {
        if (_settled is { } reported)
        {
            _settled = null;
            return reported with { WasOvertaken = false };
        }

        if (_writing is not { } writing)
            return null;
        _writing = null;
        return writing with { WasOvertaken = !writing.Done.GetAwaiter().GetResult() };
    }

    /// <summary>Decides on a batch anew and writes it, under the lock: somebody else was faster.</summary>
    private void Redo(UsageBatch batch, ImportTally tallyBefore) => Store.RunUnit(() =>
    {
        using var write = Store.BeginWrite([_state.Tenant.Number]);
        var posting = DecideUnderLock(write, batch, tallyBefore);
        Write(write, posting, batch);
        return posting;
    });

    /// <summary>Decides on all of a source anew, under the lock. The thread that decides may be at another source by now.</summary>
    private TenantPosting DecideAgain(IStoreWrite write, UsageBatch batch)
    {
        _work = new(_options.OnConflict);
        return DecideUnderLock(write, batch, _tallyAtStart);
    }

    private TenantPosting DecideUnderLock(IStoreWrite write, UsageBatch batch, ImportTally tallyBefore)
    {
        _tally = tallyBefore with { };
        _work.Known.Seen.Clear();
        _state = Load(write);
        _pricing = Pricing(_state.Tenant, write);
        Price(batch, _pricing, new PricingBuffers());
        _work.Known.Find(write, _state.Tenant.Number, batch, _state.Account.Records + 1);
        return Decide(write, batch);
    }

    /// <summary>Warns where the calls are another tenant's, and where calls between this import and the others are missing.</summary>
    private void CompareWithOthers() => WarnOfOthers(Store.RunUnit(() =>
    {
        using var facts = Store.BeginFacts();
        return Others(facts);
    }));

    private (IReadOnlyList<ForeignImport> Imports, IReadOnlyList<ImportPeriod> Periods) Others(ILedgerFacts facts) =>
        (facts.FindSamples(_state.Tenant.Number, _sample.Keys), facts.ImportPeriods(_state.Tenant.Number, _tally.Number));

    private void WarnOfOthers((IReadOnlyList<ForeignImport> Imports, IReadOnlyList<ImportPeriod> Periods) others)
    {
        foreach (var other in others.Imports)
        {
            var import = ImportTally.IdOf(other.TenantId, other.Import);
            var remedy = _options.Preview ? "do not import them" : "undo this import with Undo-UsageImport";
            _observer.Warn(
                $"{_tally.Source}: its calls are those of '{other.TenantName}', which has them from import {import}. If they are not of "
                + $"'{_state.Tenant.Name}', {remedy}; if they are, undo that one.");
        }

        if (ImportPeriod.Of(_tally) is not { } period || period.Gap(others.Periods) is not var (from, to))
            return;
        var between = $"between {from.Date:yyyy-MM-dd} and {to.Date:yyyy-MM-dd}";
        _observer.Warn(
            $"{_tally.Source}: of '{_state.Tenant.Name}' nothing {between} has been imported. "
            + (period.IsExported ? "Export that time too." : "If there were calls in that time, export it too."));
    }

    private TenantPosting? PreviewEnd()
    {
        using var facts = Store.BeginFacts();
        return DecideEnd(facts);
    }

    private TenantPosting? WriteEnd(bool isStopped)
    {
        var before = _tally;
        return Store.RunUnit(() =>
        {
            _tally = before with { };
            using var write = Store.BeginWrite([_state.Tenant.Number]);
            if (write.HeadOf(_state.Tenant.Number)?.IsAt(_state.Account) != true)
                _state = Load(write);
            var posting = DecideEnd(write);
            write.Write(posting!);

            // Whoever stops an import does not wait for what the next one can do.
            if (!isStopped)
                write.AddKeys(_state.Tenant.Number);
            write.Commit();
            return posting;
        });
    }

    private TenantPosting? DecideEnd(ILedgerFacts from)
    {
        var context = _ledger.Decider.Context;
        var watch = GuardWatch.Load(from, _state, _tally, context.Now);
        var draft = new Draft(_state, context);
        draft.BookForfeitures();

        // Before the rule is evaluated, which it may hold.
        watch?.Decide(draft);
        if (_tally.Number == 0)
            _tally.Number = ++draft.Account.Imports;
        _tally.BalanceAfter = draft.Balance();
        _tally.Elapsed = _ledger.Clock.GetElapsedTime(_startedAt);
        var id = ImportTally.IdOf(_state.Tenant.Id, _tally.Number);
        ImportEntry.Append(draft, _tally, string.Create(
            CultureInfo.InvariantCulture, $"Import {id} of {_tally.Source}: {_tally.Imported} kept, {_tally.Status}"));
        if (_tally.Imported > 0)
            draft.Changes.Sample = (_tally.Number, _sample.Keys);
        draft.Finish();
        TenantPosting? posting = draft.Accept(null);
        if (_options.NoRecharge)
            return posting;
        _ledger.Decider.Recharge(from, _state, ref posting, Recharged);
        if (Recharged.Recharge is { State: AutoRechargeAttemptState.Succeeded } attempt)
            AddRecharge(posting!, attempt.Amount);
        return posting;
    }

    /// <summary>Notes what the recharge after the import brought; no entry records it, since the recharge's own does.</summary>
    private void AddRecharge(TenantPosting posting, Amount amount)
    {
        _tally.Recharged += amount;
        _tally.BalanceAfter = Funds.BalanceRules.Now(_state.Account.Balance, _state.Lots, _ledger.Decider.Context.Now);
        posting.Imports[_tally.Number] = _tally with { };
    }

    private void AskGateway(CancellationToken cancellation)
    {
        if (Recharged.Recharge is not { IsOpen: true } attempt)
            return;
        var answer = _ledger.Recharges.Finish(_state.Tenant, attempt, cancellation);
        if (answer.State != AutoRechargeAttemptState.Succeeded)
            return;
        var before = _tally;
        Store.RunUnit(() =>
        {
            _tally = before with { };
            using var write = Store.BeginWrite([_state.Tenant.Number]);
            _state = Load(write);
            var posting = new TenantPosting { Tenant = _state.Tenant, Before = _state.Account, After = _state.Account };
            AddRecharge(posting, Amount.FromDecimal(answer.Amount));
            write.Write(posting);
            write.Commit();
            return posting;
        });
    }

    [MethodImpl(HotPath.Compiled)]
    private void Report(UsageBatch batch)
    {
        Read += batch.Count;
        foreach (ref readonly var call in batch.Calls)
        {
            if (call.Record != 0)
                _remarks.Add(batch, call);
            if (call.Key != default)
                _sample.Add(call.Key);
            if (call.Refusal is null)
                continue;
            var rejection = new UsageRejection
            {
                TenantId = _state.Tenant.Id,
                Source = _tally.Source,
                Line = call.Line,
                Field = call.RefusedField,
                Reason = call.Refusal,
                RecordId = call.Key == default ? null : UsageRecords.IdOf(batch, call),
            };
            var remedy = call.RefusalId == CreditErrorId.UsageConflict ? string.Empty
                : _quarantine is null ? " The line was set aside; add -QuarantinePath to keep such lines in a file of their own."
                : $" The line is in '{_options.QuarantinePath}'; repair it there and import that file.";
            _observer.Refused(new(call.RefusalId, rejection + remedy, rejection));
        }
    }

    private TenantState Load(ILedgerFacts from)
    {
        var state = from.Load([Needs.Of(_tenantId)])[0] ?? throw LedgerErrors.TenantNotFound(_tenantId);

        // An import is one episode, unless what began it was not written.
        if (_state?.Episode is { } episode && episode <= state.Account.Episodes)
            state.Episode = episode;
        return state.Tenant.Status == CreditTenantStatus.Closed ? throw TenantErrors.Closed(state.Tenant) : state;
    }

    private CallPricing Pricing(Tenant tenant, ILedgerFacts from) =>
        new(tenant.Currency, tenant.AccountFrom, _options.PricingSource, _ledger.Rates.Book(from, tenant.Currency), tenant.Country)
        {
            LatestStart = CallPricing.LatestStartAt(_ledger.Decider.Context.Now),
        };

    private void LoadMonths(ILedgerFacts from, UsageBatch batch)
    {
        var (first, last) = ImportDecision.MonthsOf(batch);
        var needs = Needs.Of(_tenantId);
        if (_state.PoolSettings.Count > 0 && !Covers(_state.PoolMonthsLoaded, first, last))
            needs = needs with { PoolMonths = (first, last) };
        if (!Covers(_state.UseLoaded, first, last))
            needs = needs with { Use = (first, last) };
        if (needs.PoolMonths is not null || needs.Use is not null)
            from.LoadMore([(_state, needs)]);
    }

    private static bool Covers((Month First, Month Last)? loaded, Month first, Month last) =>
        loaded is var (known, knownLast) && first >= known && last <= knownLast;

    private static IEnumerable<long> SequencesOf(UsageBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Calls[i].Sequence != 0)
                yield return batch.Calls[i].Sequence;
        }
    }

    /// <summary>A batch that is being written.</summary>
    /// <param name="Batch">The batch.</param>
    /// <param name="TallyBefore">The import before it.</param>
    /// <param name="Done">Whether it was written; false where somebody else was faster.</param>
    private sealed record Written(UsageBatch Batch, ImportTally TallyBefore, Task<bool> Done)
    {
        public bool WasOvertaken { get; init; }
    }
}

/// <summary>What deciding on batches works with; each thread has its own.</summary>
internal sealed class ImportWork
{
    /// <summary>Makes it.</summary>
    /// <param name="onConflict">What is done with a known record that comes with other billing content (U3).</param>
    public ImportWork(ConflictAction onConflict)
    {
        Known = new(withCharges: onConflict == ConflictAction.Correct);
        Decision = new(Known, onConflict);
    }

    public KnownRecords Known { get; }

    public ImportDecision Decision { get; }
}

/// <summary>What pricing a batch works with; each thread has its own.</summary>
internal sealed class PricingBuffers
{
    public HashChain Chain { get; } = new();

    public DigestLanes Lanes { get; } = new();
}
