using System.Globalization;
using CommunicationsCredits.Ledger.Corrections;
using CommunicationsCredits.Ledger.Guard.Operations;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>What pricing calls again came to.</summary>
/// <param name="Tally">The import that did it; number 0 where nothing differed.</param>
/// <param name="Without">How many calls no sheet has any more, so that they keep their charges.</param>
/// <param name="Before">What the calls that differ cost before.</param>
/// <param name="After">What they cost now.</param>
internal sealed record PricedAgain(ImportTally Tally, long Without, Amount Before, Amount After);

/// <summary>
/// Prices calls of a period that a rate sheet charged by the sheets in force now; what differs is reversed and posted anew, as one
/// import (C1a).
/// </summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="from">The earliest start, or null.</param>
/// <param name="to">The start before which they are, or null.</param>
/// <param name="pricing">Gives what the tenant's calls are priced by.</param>
/// <param name="elapsed">How long it has taken so far.</param>
/// <param name="cancellation">Stops it; then nothing is changed.</param>
internal sealed class PriceAgain(
    string tenantId, Instant? from, Instant? to, Func<TenantState, CallPricing> pricing, Func<TimeSpan> elapsed,
    CancellationToken cancellation) : PartedOperation<PricedAgain>
{
    private const string Source = "(priced again)";
    private const string Reason = "Priced again";

    private CallPricing _pricing = null!;
    private ImportTally? _tally;
    private GuardWatch? _watch;
    private Repost _repost = null!;
    private long _after;
    private long _last;
    private long _read;
    private long _without;
    private Amount _before;
    private Amount _now;

    internal override Needs Needs => Needs.Of(tenantId) with { AllLots = true };

    internal override bool LowersBalance => true;

    internal override RecordPage? NextPage => new() { After = _after, Last = _last, BySheet = (from, to), WithDraws = true };

    internal override void Begin(TenantState state)
    {
        if (state.Tenant.Status == CreditTenantStatus.Closed)
            throw TenantErrors.Closed(state.Tenant);
        _pricing = pricing(state);
        _tally = null;
        _repost = new();
        (_after, _last) = (0, state.Account.Records);
        (_read, _without) = (0, 0);
        (_before, _now) = (Amount.Zero, Amount.Zero);
    }

    internal override Needs? More(TenantState state, UsageBatch page) => Repost.NeedsOf(state, page);

    internal override void Decide(Draft draft, UsageBatch page, ILookup<long, DrawRow> draws)
    {
        cancellation.ThrowIfCancellationRequested();
        _after = page.Calls[^1].Record;
        for (var i = 0; i < page.Count; i++)
        {
            ref var call = ref page.Calls[i];
            _read++;
            var priced = call;
            CallPricer.Price(page, ref priced, _pricing);
            if (priced is not { Refusal: null, Rate: { } rate, Status: UsageStatus.Charged })
            {
                _without++;
                call.Record = 0;
                continue;
            }

            // Where minutes of a pool paid a part, its seconds were billed in the increments of then, and only the rest is priced.
            var billed = call.PooledSeconds == 0 ? priced.BilledSeconds : call.BilledSeconds;
            var charge = Rater.Cost(rate, billed - call.PooledSeconds);
            if (charge == call.Charge)
            {
                call.Record = 0;
                continue;
            }

            var tally = _tally ??= Begun(draft);
            Count(call, tally);
            _before += call.Charge;
            _now += charge;
            tally.Charged -= UsageReversal.Reverse(draft, page, call, [.. draws[call.Sequence]], tally.Number, Reason);
            call.BilledSeconds = billed;
            call.Charge = charge;
            call.Rate = rate;
            call.Sheet = rate.Sheet.Number;
            (call.HasRatedCharge, call.RatedCharge) = (true, priced.RatedCharge);
            draft.Changes.SheetsUsed.Add(rate.Sheet.Number);
            tally.Charged += charge;
            _repost.Post(draft, page, ref call, tally.Number);
        }

        draft.Changes.Calls = page;
        draft.Changes.RateVersion = _pricing.Rates.Version;
        draft.Finish(bookForfeitures: false);
    }

    internal override void LoadEnd(ILedgerFacts from, TenantState state, Instant now) =>
        _watch = _tally is null ? null : GuardWatch.Load(from, state, _tally, now, GuardChange.Priced);

    internal override PricedAgain End(Draft draft)
    {
        draft.BookForfeitures();

        // What a day came to has changed; before the recharge rule is evaluated, which the guard may hold (D1, R10).
        _watch?.Decide(draft);

        // Where nothing differs, nothing was imported.
        var tally = _tally ?? new() { Kind = ImportKind.Rerating, Source = Source, Format = UsageFormat.Auto, StartedAt = draft.Now, Actor = draft.Actor };
        tally.Status = UsageImportStatus.Complete;
        tally.Read = _read;
        tally.Duplicate = _read - tally.Imported;
        tally.BalanceAfter = draft.Balance();
        tally.Elapsed = elapsed();
        if (_tally is not null)
        {
            ImportEntry.Append(draft, tally, string.Create(
                CultureInfo.InvariantCulture, $"{tally.Imported} calls priced again: {_before} before, {_now} now"));
        }

        draft.Finish();
        return new(tally, _without, _before, _now);
    }

    private static void Count(in UsageCall call, ImportTally tally)
    {
        tally.Imported++;
        tally.Reach(call.StartedAt);
    }

    private static ImportTally Begun(Draft draft) => new()
    {
        Number = ++draft.Account.Imports,
        Kind = ImportKind.Rerating,
        Source = Source,
        Format = UsageFormat.Auto,
        StartedAt = draft.Now,
        Actor = draft.Actor,
    };
}
