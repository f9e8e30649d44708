using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>
/// Posts the usage of one tenant and one source, a batch a transaction, in the order of the source (U6, U7). Killed between two
/// batches and run again, the records kept before are duplicates and the rest follows as it would have.
/// </summary>
internal sealed class UsageImporter : IDisposable
{
    private readonly LedgerSession _ledger;
    private readonly UsageImportOptions _options;
    private readonly IUsageImportObserver _observer;
    private readonly QuarantineFile? _quarantine;
    private readonly LedgerTransaction? _preview;
    private readonly long _startedAt;
    private readonly string _tenantId;
    private readonly UsageBatch _known = new();
    private readonly HashSet<long> _sheetsUsed = [];
    private readonly ImportRemarks _remarks = new();
    private ImportTally _tally;
    private CallPricing _pricing;
    private Tenant _tenant;
    private UInt128[] _keys = [];
    private UInt128[] _sorted = [];
    private int[] _order = [];
    private Standing[] _standings = [];

    public UsageImporter(
        LedgerSession ledger, string tenantId, string source, UsageFormat format, UsageImportOptions options,
        IUsageImportObserver observer)
    {
        _ledger = ledger;
        _options = options;
        _observer = observer;
        _tenantId = tenantId;
        _startedAt = ledger.Clock.GetTimestamp();
        if (options.Preview)
            _preview = ledger.File.BeginWrite();
        try
        {
            (_tenant, _pricing) = Begin(tx => Prepare(tx));
        }
        catch
        {
            _preview?.Dispose();
            throw;
        }

        _tally = new() { Source = source, Format = format, StartedAt = ledger.Now };
        _quarantine = options is { QuarantinePath: { } path, Preview: false } ? new(path) : null;
    }

    /// <summary>The tenant's id as it was created.</summary>
    public string TenantId => _tenant.Id;

    /// <summary>Whether refused records are kept in a file, and so have to be there as they came.</summary>
    public bool KeepsRefused => _quarantine is not null;

    /// <summary>The format the records come in.</summary>
    public UsageFormat Format
    {
        get => _tally.Format;
        set => _tally.Format = value;
    }

    /// <summary>The records read so far.</summary>
    public long Read => _tally.Read;

    /// <summary>Classifies and prices a batch, and digests its personal data: all that needs no ledger. Any thread may do it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="chain">A buffer of the calling thread's own.</param>
    public CallPricing Price(UsageBatch batch, HashChain chain)
    {
        var pricing = _pricing;
        Price(batch, pricing);
        var calls = batch.Calls;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Span<UInt128> salts = stackalloc UInt128[256];
        for (var i = 0; i < calls.Length; i++)
        {
            ref var call = ref calls[i];
            if (i % salts.Length == 0)
                RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(salts));
            call.Salt = salts[i % salts.Length];
            if (call.Refusal is null)
            {
                UsageDigest.Content(chain, batch, call, digest);
                call.Content = batch.Append(digest);
            }
        }

        return pricing;
    }

    /// <summary>Posts a priced batch as one transaction.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="pricing">What it was priced by.</param>
    public void Post(UsageBatch batch, CallPricing pricing)
    {
        var before = _tally.Copy();
        try
        {
            Write(tx => Post(tx, batch, pricing));
        }
        catch
        {
            _tally = before;
            throw;
        }

        Report(batch);
    }

    /// <summary>Ends the import: books what has expired, and writes what it did.</summary>
    public UsageImport Complete()
    {
        Write(tx =>
        {
            var posting = Open(tx);
            posting.Finish();
            _tally.BalanceAfter = posting.Balance();
            _tally.Elapsed = _ledger.Clock.GetElapsedTime(_startedAt);
            tx.Imports.Put(_tenant.Number, _tally);
        });
        Recharge();
        foreach (var warning in _remarks.Warnings(_tally.Source, _tenant.Id, _tenant.Currency))
            _observer.Warn(warning);
        return _tally.ToContract(_tenant);
    }

    /// <summary>Tells the observer something that the caller should know.</summary>
    public void Warn(string message) => _observer.Warn(message);

    public void Dispose()
    {
        _quarantine?.Dispose();
        _preview?.Dispose();
    }

    /// <summary>Evaluates the recharge rule, once an import (R8).</summary>
    private void Recharge()
    {
        if (_options.NoRecharge || _preview is not null)
            return;
        IReadOnlyList<AutoRechargeAttempt> attempts;
        try
        {
            attempts = _ledger.Recharges.Run(_tenantId, RechargeTrigger.Posting);
        }
        catch (CreditException problem) when (problem.ErrorId is CreditErrorId.GatewayNotFound or CreditErrorId.GatewayInvalid)
        {
            _observer.Warn($"'{_tenant.Id}' needs a recharge, and it was not started. {problem.Message}");
            return;
        }

        if (attempts.Count == 0)
            return;
        Write(tx =>
        {
            var posting = Open(tx);
            foreach (var attempt in attempts.Where(attempt => attempt.State == AutoRechargeAttemptState.Succeeded))
                _tally.Recharged += Amount.FromDecimal(attempt.Amount);
            _tally.BalanceAfter = posting.Balance();
            _tally.Elapsed = _ledger.Clock.GetElapsedTime(_startedAt);
            tx.Imports.Put(_tenant.Number, _tally);
        });
    }

    private static void Price(UsageBatch batch, CallPricing pricing)
    {
        foreach (ref var call in batch.Calls)
        {
            if (call.Refusal is null)
                CallPricer.Price(batch, ref call, pricing);
        }
    }

    private void Post(LedgerTransaction tx, UsageBatch batch, CallPricing pricing)
    {
        Refresh(tx, batch, pricing);
        var posting = Open(tx);

        // Every call has a number in advance, used or not, so that its identity can be looked up and claimed at once.
        var first = posting.Account.Records + 1;
        FindKnown(tx, batch, first);
        var calls = batch.Calls;
        for (var i = 0; i < calls.Length; i++)
        {
            ref var call = ref calls[i];
            _tally.Read++;
            if (call.Refusal is not null)
                _tally.Rejected++;
            else
                Post(tx, posting, batch, ref call, first + i, ref Standing(i));
        }

        foreach (var sheet in _sheetsUsed)
            tx.Rates.MarkUsed(_tenant.Number, sheet);
        _sheetsUsed.Clear();
        posting.Finish(bookForfeitures: false);
        _tally.BalanceAfter = posting.Account.Balance;
        tx.Imports.Put(_tenant.Number, _tally);

        // Before the commit: a record may be set aside twice, but never lost.
        _quarantine?.Add(batch);
    }

    private void Post(
        LedgerTransaction tx, TenantPosting posting, UsageBatch batch, ref UsageCall call, long record, ref Standing standing)
    {
        if (standing.IsKept && !IsCorrection(tx, posting, batch, ref call, standing.Record))
            return;

        Add(tx, posting, batch, ref call, record, ref standing);
        _tally.Imported++;
        _tally.Charged += call.Charge;
        _remarks.Add(batch, call);
        switch (call.Status)
        {
            case UsageStatus.Free:
                _tally.Free++;
                break;
            case UsageStatus.Excluded:
                _tally.Excluded++;
                break;
            case UsageStatus.Unrated:
                _tally.Unrated++;
                break;
        }
    }

    private void Add(
        LedgerTransaction tx, TenantPosting posting, UsageBatch batch, ref UsageCall call, long record, ref Standing standing)
    {
        posting.Pools.Apply(batch, ref call);
        long? entry = call.Status is UsageStatus.Charged or UsageStatus.Pooled
            ? UsageCharge.Post(posting, call, record, _tally.Number, batch.Bytes(call.Content))
            : null;
        if (call is { ByRate: true, Sheet: { } sheet })
            _sheetsUsed.Add(sheet);
        tx.Usage.Add(_tenant.Number, batch, call, record, _tally.Number, entry);
        if (standing.Record != record)
            tx.Usage.MoveKey(_tenant.Number, call.Key, record);
        standing.Record = posting.Account.Records = record;
        standing.IsKept = true;
    }

    /// <summary>
    /// Whether a record that is known already is to be posted anew, its old charge undone; otherwise it is a duplicate or a conflict
    /// (U3).
    /// </summary>
    private bool IsCorrection(LedgerTransaction tx, TenantPosting posting, UsageBatch batch, ref UsageCall call, long record)
    {
        _known.Reset();
        var place = tx.Usage.Find(_tenant.Number, record, _known)!.Value;
        ref readonly var known = ref _known.Calls[0];
        var difference = BillingContent.Difference(_known, known, place.IsBlanked, batch, call);
        var correct = _options.OnConflict == ConflictAction.Correct && (difference is not null || known.Status == UsageStatus.Reversed);
        if (correct)
        {
            if (known.Status != UsageStatus.Reversed)
            {
                LedgerEntry? original = place.Entry is { } entry ? tx.Entries.Find(_tenant.Number, entry)!.Value.Entry : null;
                UsageReversal.Reverse(tx, posting, _known, record, original, "Corrected by a later export");
                _tally.Charged += original?.Amount ?? Amount.Zero;
            }

            return true;
        }

        if (difference is not null && _options.OnConflict == ConflictAction.Error)
        {
            _tally.Rejected++;
            call.Refuse(
                CreditErrorId.UsageConflict,
                batch.NameOf(difference.Value),
                "the ledger has this record with another value. Nothing was changed; import it with -OnConflict Correct to undo the "
                + "old charge and post this one, or with Skip to pass over it.");
        }
        else
        {
            _tally.Duplicate++;
        }

        return false;
    }

    /// <summary>
    /// Finds which records of the batch the ledger knows, and claims the identities of the others, in the order of the index: it is
    /// then read and written page by page, not all over.
    /// </summary>
    private void FindKnown(LedgerTransaction tx, UsageBatch batch, long first)
    {
        var calls = batch.Calls;
        if (_keys.Length < calls.Length)
        {
            _keys = new UInt128[calls.Length];
            _sorted = new UInt128[calls.Length];
            _order = new int[calls.Length];
            _standings = new Standing[calls.Length];
        }

        for (var i = 0; i < calls.Length; i++)
        {
            _keys[i] = calls[i].Refusal is null ? calls[i].Key : UInt128.MaxValue;
            _order[i] = i;
            _standings[i] = new() { Twin = -1 };
        }

        _keys.AsSpan(0, calls.Length).CopyTo(_sorted);
        _sorted.AsSpan(0, calls.Length).Sort(_order.AsSpan(0, calls.Length));
        KeepSourceOrder(calls.Length);
        var previous = -1;
        foreach (var i in _order.AsSpan(0, calls.Length))
        {
            if (calls[i].Refusal is not null)
                continue;
            if (previous >= 0 && _keys[previous] == _keys[i])
            {
                _standings[i].Twin = _standings[previous].Twin >= 0 ? _standings[previous].Twin : previous;
            }
            else
            {
                var record = tx.Usage.FindOrAddKey(_tenant.Number, _keys[i], first + i);
                _standings[i].Record = record;
                _standings[i].IsKept = record != first + i;
                previous = i;
            }
        }
    }

    /// <summary>Puts calls of equal keys back in the order of the source, which sorting does not keep.</summary>
    private void KeepSourceOrder(int count)
    {
        for (int start = 0, end; start < count; start = end)
        {
            for (end = start + 1; end < count && _sorted[end] == _sorted[start];)
                end++;
            if (end - start > 1)
                _order.AsSpan(start, end - start).Sort();
        }
    }

    /// <summary>Where a call's identity stands: of several calls of one identity, the first one's standing.</summary>
    private ref Standing Standing(int call)
    {
        ref var own = ref _standings[call];
        return ref own.Twin >= 0 ? ref _standings[own.Twin] : ref own;
    }

    private void Report(UsageBatch batch)
    {
        foreach (ref readonly var call in batch.Calls)
        {
            if (call.Refusal is null)
                continue;
            var rejection = new UsageRejection
            {
                TenantId = _tenant.Id,
                Source = _tally.Source,
                Line = call.Line,
                Field = call.RefusedField,
                Reason = call.Refusal,
                RecordId = call.Key == default ? null : UsageRecords.IdOf(batch, call),
            };
            var remedy = call.RefusalId == CreditErrorId.UsageConflict ? string.Empty
                : _quarantine is null ? " The line was set aside; add -QuarantinePath to keep such lines in a file of their own."
                : $" The line was added to '{_options.QuarantinePath}'; repair it there and import that file.";
            _observer.Refused(new(call.RefusalId, rejection + remedy, rejection));
        }
    }

    private TenantPosting Open(LedgerTransaction tx)
    {
        var posting = new TenantPosting(tx, _tenant, _ledger.Context);
        if (_tally.Number == 0)
            _tally.Number = ++posting.Account.Imports;
        return posting;
    }

    /// <summary>Prices the batch again where the tenant or the rates have changed since.</summary>
    private void Refresh(LedgerTransaction tx, UsageBatch batch, CallPricing pricing)
    {
        var tenant = tx.Tenants.Get(_tenantId);
        if (tenant.Status == CreditTenantStatus.Closed)
            throw LedgerErrors.TenantClosed(tenant.Id);
        if (tenant.Currency != _pricing.Currency || tenant.AccountFrom != _pricing.AccountFrom || tenant.Country != _pricing.Country
            || tx.Rates.Version() != _pricing.Rates.Version)
            (tenant, _pricing) = Prepare(tx);
        _tenant = tenant;
        if (!ReferenceEquals(pricing, _pricing))
            Price(batch, _pricing);
    }

    private (Tenant Tenant, CallPricing Pricing) Prepare(LedgerTransaction tx)
    {
        var tenant = tx.Tenants.Get(_tenantId);
        if (tenant.Status == CreditTenantStatus.Closed)
            throw LedgerErrors.TenantClosed(tenant.Id);
        return (tenant, new(tenant.Currency, tenant.AccountFrom, _options.PricingSource, tx.Rates.Book(tenant.Currency), tenant.Country)
        {
            LatestStart = CallPricing.LatestStartAt(_ledger.Now),
        });
    }

    private T Begin<T>(Func<LedgerTransaction, T> read)
    {
        if (_preview is not null)
            return read(_preview);
        using var tx = _ledger.File.BeginRead();
        return read(tx);
    }

    private void Write(Action<LedgerTransaction> write)
    {
        if (_preview is not null)
        {
            write(_preview);
            return;
        }

        using var tx = _ledger.File.BeginWrite();
        write(tx);
        tx.Commit();
    }
}

/// <summary>Where the identity of a call stands in the ledger.</summary>
internal record struct Standing
{
    /// <summary>The record it stands for, or will.</summary>
    public long Record { get; set; }

    /// <summary>Whether that record is kept already.</summary>
    public bool IsKept { get; set; }

    /// <summary>The earlier call of the batch with the same identity, or -1.</summary>
    public int Twin { get; set; }
}
