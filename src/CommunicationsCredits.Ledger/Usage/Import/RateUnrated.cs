using System.Globalization;
using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Guard.Operations;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>
/// Charges what is unrated and has a rate by now, in the order in which it was imported; a call in that was free because no toll-free
/// sheet had its number, too (G7).
/// </summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="pricing">Gives what the tenant's calls are priced by.</param>
/// <param name="elapsed">How long it has taken so far.</param>
/// <param name="isStopped">Whether no more parts are wanted.</param>
internal sealed class RateUnrated(string tenantId, Func<TenantState, CallPricing> pricing, Func<TimeSpan> elapsed, Func<bool> isStopped)
    : PartedOperation<ImportTally>
{
    private const string Source = "(unrated)";

    private readonly HashChain _chain = new();
    private ImportRemarks _remarks = new();
    private CallPricing _pricing = null!;
    private ImportTally? _tally;
    private GuardWatch? _watch;
    private long _after;
    private (ImportTally? Tally, long After) _kept;

    /// <summary>What is to be said of the calls that still wait.</summary>
    public ImportRemarks Remarks => _remarks;

    internal override Needs Needs => Needs.Of(tenantId);

    internal override bool CommitsParts => true;

    internal override bool LowersBalance => true;

    internal override RecordPage? NextPage => new()
    {
        After = _after, Unrated = true, FreeInboundFrom = _pricing.Rates.TollFreeFrom,
    };

    internal override void Begin(TenantState state)
    {
        if (state.Tenant.Status == CreditTenantStatus.Closed)
            throw TenantErrors.Closed(state.Tenant);
        _pricing = pricing(state);
        _remarks = new();
        _tally = null;
        _after = 0;
    }

    internal override void Keep() => _kept = (_tally is null ? null : _tally with { }, _after);

    internal override void GoOn(TenantState state)
    {
        Begin(state);
        _tally = _kept.Tally is null ? null : _kept.Tally with { };
        _after = _kept.After;
    }

    internal override Needs? More(TenantState state, UsageBatch page)
    {
        var months = ImportDecision.MonthsOf(page);
        return Needs.Of(tenantId) with { PoolMonths = state.PoolSettings.Count == 0 ? null : months, Use = months };
    }

    internal override void Decide(Draft draft, UsageBatch page, ILookup<long, DrawRow> draws)
    {
        _after = page.Calls[^1].Record;
        for (var i = 0; i < page.Count; i++)
        {
            ref var call = ref page.Calls[i];
            var wasFree = call.Status == UsageStatus.Free;
            CallPricer.Price(page, ref call, _pricing);
            if (wasFree && call is not { Refusal: null, Status: UsageStatus.Charged })
                continue;
            var tally = _tally ??= Begun(draft);
            tally.Read++;
            tally.Imported++;
            if (call.Refusal is null && call.Status != UsageStatus.Unrated)
            {
                Rate(draft, page, ref call, tally);
                continue;
            }

            tally.Unrated++;
            call.Status = UsageStatus.Unrated;
            _remarks.Add(page, call);
        }

        if (_tally is not { } all)
            return;
        draft.Finish(bookForfeitures: false);
        draft.Changes.RateVersion = _pricing.Rates.Version;
        all.BalanceAfter = draft.Account.Balance;
        draft.Changes.Imports[all.Number] = all with { };
    }

    internal override void LoadEnd(ILedgerFacts from, TenantState state, Instant now) =>
        _watch = _tally is null ? null : GuardWatch.Load(from, state, _tally, now);

    internal override ImportTally End(Draft draft)
    {
        draft.BookForfeitures();

        // What a day came to has changed; before the recharge rule is evaluated, which the guard may hold (D1, R10).
        _watch?.Decide(draft);

        // Where nothing waits, nothing was imported.
        var tally = _tally ?? new() { Kind = ImportKind.Rating, Source = Source, Format = UsageFormat.Auto, StartedAt = draft.Now, Actor = draft.Actor };
        tally.Status = isStopped() ? UsageImportStatus.Stopped : UsageImportStatus.Complete;
        tally.BalanceAfter = draft.Balance();
        tally.Elapsed = elapsed();
        if (_tally is not null)
        {
            ImportEntry.Append(draft, tally, string.Create(
                CultureInfo.InvariantCulture, $"{tally.Imported - tally.Unrated} records rated, {tally.Unrated} still wait"));
        }

        draft.Finish();
        return tally;
    }

    private void Rate(Draft draft, UsageBatch page, ref UsageCall call, ImportTally tally)
    {
        draft.Pools.Apply(page, ref call);
        Span<byte> content = stackalloc byte[SHA256.HashSizeInBytes], buffer = stackalloc byte[UsageDigest.MostBytes];
        UsageDigest.Content(_chain, page, call, content);
        var digest = UsageDigest.WriteCharge(content, page, call, call.Import, buffer);
        long? entry = null;
        if (call.Status is UsageStatus.Charged or UsageStatus.Pooled)
        {
            entry = draft.ChargeLate(ref call, digest);
            draft.Use.Add(page, call);
            tally.Reach(call.StartedAt);
        }
        else
        {
            var sum = tally.Records;
            RecordDigests.AddRated(ref sum, _chain, call.Record, digest);
            tally.Records = sum;
        }

        if (call is { IsRatedBySheet: true, Sheet: { } sheet })
            draft.Changes.SheetsUsed.Add(sheet);
        draft.Changes.Rated.Add(new(call.Record, tally.Number, entry, call, call.Rate?.Prefix));
        tally.Charged += call.Charge;
    }

    private static ImportTally Begun(Draft draft) => new()
    {
        Number = ++draft.Account.Imports,
        Kind = ImportKind.Rating,
        Source = Source,
        Format = UsageFormat.Auto,
        StartedAt = draft.Now,
        Actor = draft.Actor,
    };
}
