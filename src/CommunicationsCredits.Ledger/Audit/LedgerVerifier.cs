using System.Globalization;
using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>Recomputes a tenant's chain, balances, lots and debts from its entries, and names what is not as it should be (H1).</summary>
internal sealed class LedgerVerifier
{
    private const int PageSize = 4096;

    private readonly LedgerSnapshot _snapshot;
    private readonly Tenant _tenant;
    private readonly VerifierWork _work;
    private readonly HashChain _chain;
    private readonly DigestLanes _lanes;
    private readonly UsageBatch _batch;
    private readonly UsageBatch _rated;
    private readonly Dictionary<long, ExpectedLot> _lots = [];
    private readonly Dictionary<long, Debt> _unpaid = [];
    private readonly Dictionary<long, Reversal> _reversed = [];
    private readonly HashSet<long> _reversals = [];
    private readonly UseCount _use = new();
    private readonly Dictionary<long, long> _reversedRecords = [];
    private readonly Dictionary<string, (string Digest, long Sequence)> _recorded = [];
    private readonly CancellationToken _cancellation;
    private readonly SealCheck _seal;
    private int _call = -1;
    private long? _sequence;

    /// <summary>Begins to verify a tenant.</summary>
    /// <param name="snapshot">The ledger.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="work">What is worked in.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="sealedEntry">The entry that a seal names as its last one, or null.</param>
    public LedgerVerifier(LedgerSnapshot snapshot, Tenant tenant, VerifierWork work, CancellationToken cancellation, SealedEntry? sealedEntry = null)
    {
        _seal = new(sealedEntry);
        _snapshot = snapshot;
        _work = work;
        (_chain, _lanes, _batch, _rated) = (work.Chain, work.Lanes, work.Batch, work.Rated);

        // The tenant before has left its last one there.
        _rated.Reset();
        _cancellation = cancellation;
        _tenant = tenant;
    }

    /// <summary>What is wrong, the entries first, in their order.</summary>
    public IEnumerable<CreditLedgerFinding> Verify()
    {
        using var findings = VerifyEntries().Concat(VerifyRecords()).Concat(VerifyDraws())
            .Concat(VerifyLots()).Concat(VerifyDebts()).Concat(VerifyPools()).Concat(VerifyUse()).Concat(VerifyState()).GetEnumerator();
        while (true)
        {
            Exception? unreadable = null;
            try
            {
                if (!findings.MoveNext())
                    yield break;
            }
            catch (Exception damage) when (IsDamage(damage))
            {
                unreadable = damage;
            }

            if (unreadable is null)
            {
                yield return findings.Current;
                continue;
            }

            yield return Finding(
                _sequence, "H1", $"what comes after it cannot be read, so that the rest was not verified: {unreadable.Message}");
            yield break;
        }
    }

    private static bool IsDamage(Exception damage) => damage is CreditException { ErrorId: CreditErrorId.LedgerCorrupt }
        or ArgumentException or OverflowException or FormatException or InvalidCastException or IndexOutOfRangeException
        or InvalidOperationException;

    private IEnumerable<CreditLedgerFinding> VerifyEntries()
    {
        var account = _snapshot.Tenants.GetAccount(_tenant.Number);
        var hash = HashChain.Start.ToArray();
        long sequence = 0, moneyEntries = 0;
        var balance = Amount.Zero;
        var postedAt = Instant.Earliest;
        foreach (var (record, entry, _) in _snapshot.Usage.Reversed(_tenant.Number))
        {
            if (entry is { } reversal)
                _reversedRecords[record] = reversal;
        }

        foreach (var (entry, stored) in Entries())
        {
            _cancellation.ThrowIfCancellationRequested();
            if (entry.Sequence != ++sequence)
            {
                yield return Finding(sequence, "H1", "the entry is missing.");
                sequence = entry.Sequence;
            }

            _sequence = sequence;
            Recompute(hash, entry);
            foreach (var line in entry.Digests?.Split('\n') ?? [])
            {
                var (subject, digest) = StateDigest.Parse(line);
                _recorded[subject] = (digest, entry.Sequence);
            }

            if (!hash.AsSpan().SequenceEqual(stored))
                yield return Finding(sequence, "H1", "its hash is not that of its content: it, its usage record, or the entry before was changed.");
            if (_seal.IsReplaced(sequence, stored))
                yield return Finding(sequence, "H1c", "its hash is not the one in the seal: it, or an entry before it, was replaced since.");
            stored.CopyTo(hash, 0);

            // 64 bits may overflow where an amount was tampered with.
            balance = new(unchecked(balance.Micros + entry.Amount.Micros));
            if (balance != entry.BalanceAfter)
            {
                yield return Finding(sequence, "H1", $"its balance is {entry.BalanceAfter}, and the entries up to it make {balance}.");
                balance = entry.BalanceAfter;
            }

            if (entry.PostedAt < postedAt)
                yield return Finding(sequence, "I2", $"it was posted at {entry.PostedAt}, before the entry before it.");
            postedAt = entry.PostedAt;
            if (entry.Kind != CreditTransactionKind.Setting)
                moneyEntries++;
            foreach (var finding in Accumulate(entry))
                yield return finding;
        }

        if (_seal.Missing(sequence) is { } cut)
            yield return Finding(null, "H1c", cut);
        if (account.Sequence != sequence || account.Balance != balance || account.MoneyEntries != moneyEntries
            || account.PostedAt != postedAt || !account.Hash.AsSpan().SequenceEqual(hash))
        {
            yield return Finding(
                null, "H1",
                string.Create(CultureInfo.InvariantCulture,
                    $"the account ends with entry {account.Sequence} and balance {account.Balance}, and its entries with {sequence} and {balance}."));
        }
    }

    /// <summary>All entries in order of sequence, a page of calls and one of the others at a time; a call's record is at hand.</summary>
    private IEnumerable<StoredEntry> Entries()
    {
        var actors = _snapshot.Entries.Actors(_tenant.Number);
        IReadOnlyList<StoredEntry> others = [];
        long lastCall = 0, lastOther = 0;
        int call = 0, other = 0;
        var (moreCalls, moreOthers) = (true, true);
        _batch.Reset();
        while (true)
        {
            if (call == _batch.Count && moreCalls)
            {
                _batch.Reset();
                _snapshot.Usage.ReadCharged(_tenant.Number, lastCall, PageSize, _batch);
                UsageDigest.AppendContents(_chain, _lanes, _batch);
                (call, moreCalls) = (0, _batch.Count > 0);
                if (moreCalls)
                    lastCall = _batch.Calls[^1].Sequence;
            }

            if (other == others.Count && moreOthers)
            {
                others = _snapshot.Entries.PageOfOthers(_tenant.Number, lastOther, PageSize);
                (other, moreOthers) = (0, others.Count > 0);
                if (moreOthers)
                    lastOther = others[^1].Entry.Sequence;
            }

            if (call < _batch.Count && (other == others.Count || _batch.Calls[call].Sequence < others[other].Entry.Sequence))
            {
                _call = call;
                yield return EntryOf(_batch, call++, actors);
            }
            else if (other < others.Count)
            {
                _call = -1;
                yield return others[other++];
            }
            else
            {
                yield break;
            }
        }
    }

    private static StoredEntry EntryOf(UsageBatch batch, int i, Dictionary<long, string> actors)
    {
        ref readonly var call = ref batch.Calls[i];
        var entry = UsageEntries.Of(call)!.Value;
        entry.Actor = call.Actor ?? actors.GetValueOrDefault(call.Import, string.Empty);
        return new(entry, batch.Bytes(call.Hash).ToArray());
    }

    private void Recompute(Span<byte> hash, in LedgerEntry entry)
    {
        Span<byte> buffer = stackalloc byte[UsageDigest.MostBytes];
        scoped ReadOnlySpan<byte> digest = default;
        if (_call >= 0)
        {
            digest = RecordSums.ChargeDigest(_chain, _batch, _batch.Calls[_call], buffer);
        }
        else if (entry is { Kind: CreditTransactionKind.Usage, Record: { } record })
        {
            // Rated later: its entry has a row of its own.
            _rated.Reset();
            _snapshot.Usage.Load(_tenant.Number, [record], _rated);
            if (_rated.Count > 0)
                digest = RecordSums.ChargeDigest(_chain, _rated, _rated.Calls[0], buffer);
        }

        _chain.Advance(hash, entry, digest, hash);
    }

    private IEnumerable<CreditLedgerFinding> Accumulate(LedgerEntry entry)
    {
        switch (entry.Kind)
        {
            case CreditTransactionKind.Usage:
                if (!IsRecordsOwn(entry))
                    yield return Finding(entry.Sequence, "M2", "its amount or its time is not that of its usage record, or that says another status.");
                GatherDrawing(entry);
                CountUse(entry);
                break;
            case CreditTransactionKind.Adjustment when entry.Amount < Amount.Zero:
                GatherDrawing(entry);
                break;
            case CreditTransactionKind.Reversal when entry.Reverses is { } original:
                if (!_reversed.TryAdd(original, new(entry.Sequence, _unpaid.Remove(original) ? 0 : 1)))
                    yield return Finding(entry.Sequence, "C1", $"entry {original} had been reversed before.");
                _reversals.Add(entry.Sequence);
                if (entry.Record is { } record && (!_reversedRecords.Remove(record, out var reversal) || reversal != entry.Sequence))
                    yield return Finding(entry.Sequence, "C1", "its usage record does not say that it was reversed.");
                if (entry.Lot is { } undone)
                    ExpectedOf(undone).IsReversed = true;
                break;
            case CreditTransactionKind.Forfeiture or CreditTransactionKind.Release when entry.Lot is { } lot:
                ExpectedOf(lot).Forfeited -= entry.Amount;
                break;
            default:
                if (entry.Lot is { } bought)
                    ExpectedOf(bought).Entry = entry;
                break;
        }
    }

    /// <summary>Adds a call to the sums, unless it was reversed since.</summary>
    private void CountUse(in LedgerEntry entry)
    {
        var batch = _call >= 0 ? _batch : _rated;
        if (batch.Count > 0 && entry.Record is { } record && !_reversedRecords.ContainsKey(record))
            _use.Add(batch, batch.Calls[Math.Max(0, _call)]);
    }

    private void GatherDrawing(in LedgerEntry entry)
    {
        if (entry.Lot is { } only)
            ExpectedOf(only).Drawn -= entry.Amount;
        else if (entry.Amount != Amount.Zero)
            _unpaid[entry.Sequence] = new(entry.Sequence, entry.EffectiveAt, -entry.Amount, 0);
    }

    /// <summary>Whether a call's entry and its record say the same.</summary>
    private bool IsRecordsOwn(in LedgerEntry entry)
    {
        var batch = _call >= 0 ? _batch : _rated;
        if (batch.Count == 0)
            return false;
        ref readonly var call = ref batch.Calls[Math.Max(0, _call)];
        var isPooled = call.PooledSeconds > 0 && call.PooledSeconds == call.BilledSeconds;
        return call.Charge == -entry.Amount && call.StartedAt == entry.EffectiveAt && call.Sequence == entry.Sequence
            && call.Status == (isPooled ? UsageStatus.Pooled : UsageStatus.Charged);
    }

    /// <summary>What the entries do not record: the records' identities, and where the account's numbers have got to.</summary>
    private IEnumerable<CreditLedgerFinding> VerifyRecords()
    {
        foreach (var (record, reversal) in _reversedRecords)
        {
            yield return Finding(
                reversal, "C1", string.Create(CultureInfo.InvariantCulture, $"usage record {record} is reversed by it, and it does not say so."));
        }

        foreach (var (record, entry) in _snapshot.Usage.LostIdentities(_tenant.Number, _cancellation))
        {
            yield return Finding(
                entry, "U2", string.Create(CultureInfo.InvariantCulture, $"usage record {record} is not found by its identity."));
        }

        var account = _snapshot.Tenants.GetAccount(_tenant.Number);
        if (_snapshot.Connection.LastKeyed(_tenant.Number) is var keyed and < long.MaxValue && keyed > account.Records)
            yield return Finding(null, "U2", "identities count as indexed of records that there are not.");
        if (account.Records != _snapshot.Usage.LastRecord(_tenant.Number) || account.Imports != _snapshot.Imports.Last(_tenant.Number))
            yield return Finding(null, "H1", "the account's last usage record or import is not the last one there is.");
        if (account.Debt.Micros != _snapshot.Lots.DebtsBefore(_tenant.Number, Instant.Latest).Sum(debt => debt.Unpaid.Micros))
            yield return Finding(null, "F4", $"the account owes {account.Debt}, and its open calls make another sum.");
        if (account.Attempts != _snapshot.Recharge.Attempts(_tenant.Number).Select(attempt => attempt.Number).DefaultIfEmpty().Max()
            || account.Notifications != _snapshot.Notifications.Last(_tenant.Number))
            yield return Finding(null, "H1", "the account's last recharge attempt or notification is not the last one there is.");
    }

    private IEnumerable<CreditLedgerFinding> VerifyDraws()
    {
        long entry = 0;
        var part = 0;
        foreach (var draw in _snapshot.Lots.AllDraws(_tenant.Number))
        {
            var facts = ExpectedOf(draw.Lot);
            facts.Drawn += draw.Amount;
            var isReversed = _reversed.TryGetValue(draw.Entry, out var reversal);
            if (_unpaid.TryGetValue(draw.Entry, out var unpaid))
                _unpaid[draw.Entry] = unpaid with { Unpaid = unpaid.Unpaid - draw.Amount, Parts = unpaid.Parts + 1 };
            else if (!isReversed)
                yield return Finding(draw.Entry, "F4", "something was drawn for it, and it is no entry that draws.");

            part = draw.Entry == entry ? part + 1 : reversal.FirstPart;
            entry = draw.Entry;
            var isPosted = draw.Amount < Amount.Zero ? draw.Posted == reversal.Sequence
                : draw.Posted == draw.Entry || draw.Posted == facts.Entry?.Sequence || _reversals.Contains(draw.Posted);
            if (draw.Part != part || !isPosted)
                yield return Finding(draw.Entry, "F4", "what was drawn for it is not as it was posted.");
        }
    }

    private IEnumerable<CreditLedgerFinding> VerifyLots()
    {
        foreach (var lot in _snapshot.Lots.All(_tenant.Number))
        {
            var facts = ExpectedOf(lot.Number);
            facts.IsFound = true;
            var id = Lot.IdOf(_tenant.Id, lot.Number);
            if (facts.Entry is not { } entry || entry.Amount != lot.Amount || entry.EffectiveAt != lot.PurchasedAt
                || !LotTerms.Match(entry.Description, lot.ExpiresAt, lot.Priority) || entry.Sequence != lot.Entry
                || entry.Reference != lot.Reference || SourceOf(entry.Kind) != lot.Source)
                yield return Finding(lot.Entry, "F1", $"{id} is not as it was posted.");
            if (lot.Reversed != facts.IsReversed)
                yield return Finding(lot.Entry, "C1", $"{id} is {(lot.Reversed ? "reversed, and no entry says so" : "not reversed, and an entry says so")}.");
            if (lot.Reversed)
                continue;
            if (lot.Remaining != lot.Amount - facts.Drawn || lot.Remaining < Amount.Zero)
                yield return Finding(lot.Entry, "F3", $"{id} has {lot.Remaining} left, and its draws leave {lot.Amount - facts.Drawn}.");
            if (lot.Forfeited != facts.Forfeited || lot.Forfeited > lot.Remaining)
                yield return Finding(lot.Entry, "F5", $"{id} has {lot.Forfeited} forfeited, and its entries make {facts.Forfeited}.");
        }

        foreach (var (number, facts) in _lots)
        {
            if (!facts.IsFound)
                yield return Finding(facts.Entry?.Sequence, "F1", $"{Lot.IdOf(_tenant.Id, number)} is missing.");
        }

        if (_snapshot.Tenants.GetAccount(_tenant.Number).Lots != _lots.Keys.DefaultIfEmpty().Max())
            yield return Finding(null, "H1", "the account's last lot is not the last one there is.");
    }

    private static CreditFundsSource SourceOf(CreditTransactionKind kind) => kind switch
    {
        CreditTransactionKind.Recharge => CreditFundsSource.AutoRecharge,
        CreditTransactionKind.Adjustment => CreditFundsSource.Adjustment,
        _ => CreditFundsSource.Manual,
    };

    private IEnumerable<CreditLedgerFinding> VerifyDebts()
    {
        foreach (var debt in _snapshot.Lots.DebtsBefore(_tenant.Number, Instant.Latest))
        {
            if (!_unpaid.Remove(debt.Entry, out var unpaid) || unpaid != debt)
                yield return Finding(debt.Entry, "F4", $"{debt.Unpaid} of it is open, and its draws leave {unpaid.Unpaid}.");
        }

        foreach (var (entry, debt) in _unpaid)
        {
            if (debt.Unpaid != Amount.Zero)
                yield return Finding(entry, "F4", $"{debt.Unpaid} of it is not paid, and not open either.");
        }
    }

    private IEnumerable<CreditLedgerFinding> VerifyPools()
    {
        var expected = new Dictionary<PoolMonthKey, PoolMonth>();
        var pools = PoolCount.Of(_snapshot.Pools.Settings(_tenant.Number));
        foreach (var read in _snapshot.Usage.Query(_tenant.Number, new() { PooledOnly = true }, _batch))
            pools.Add(expected, read, read.Calls[0]);

        // Where a user's name was blanked, the shares of all users are compared together (C4).
        var counted = Sums(expected.Values, pools.Blanked);
        var stored = Sums(_snapshot.Pools.Months(_tenant.Number, Month.First, Month.Last), pools.Blanked);
        foreach (var pool in counted.Keys.Union(stored.Keys))
        {
            var (of, at) = (counted.GetValueOrDefault(pool), stored.GetValueOrDefault(pool));
            if (of != at)
            {
                yield return Finding(
                    null, "A2",
                    string.Create(CultureInfo.InvariantCulture,
                        $"the pool {pool.Capability} {pool.Country} of {pool.Month} has {at.Domestic} + {at.International} s used and {at.Unusable} s void, and its calls took {of.Domestic} + {of.International} s and left {of.Unusable} s."));
            }
        }
    }

    private IEnumerable<CreditLedgerFinding> VerifyUse() =>
        _use.Differences(_snapshot, _tenant.Number).Select(difference => Finding(null, "B1", difference));

    private static Dictionary<PoolMonthKey, (long Domestic, long International, long Unusable)> Sums(
        IEnumerable<PoolMonth> months, HashSet<(Month Month, string Capability, string Country)> blanked) => months
            .GroupBy(month => new PoolMonthKey(
                month.Month, month.Capability, month.Country,
                blanked.Contains((month.Month, month.Capability, month.Country)) ? string.Empty : month.User))
            .ToDictionary(
                pool => pool.Key,
                pool => (pool.Sum(month => month.Domestic.Used), pool.Sum(month => month.International.Used),
                    pool.Sum(month => month.Domestic.Unusable + month.International.Unusable)));

    /// <summary>Whether what steers money is as the chain records it (H1a).</summary>
    private IEnumerable<CreditLedgerFinding> VerifyState()
    {
        var strays = new List<long>();
        var sums = RecordSums.Of(_snapshot, _tenant.Number, strays, _work);
        foreach (var record in strays)
            yield return Finding(null, "H1", string.Create(CultureInfo.InvariantCulture, $"usage record {record} has no entry, and parts of one."));
        var stored = DigestedState.Of(_snapshot, _tenant, sums).Select(StateDigest.Parse).ToDictionary(line => line.Subject, line => line.Digest);
        var imports = _snapshot.Imports.Query(_tenant.Number).ToList();
        var running = imports.Where(import => import.Entry is null).Select(import => import.Number).ToHashSet();
        foreach (var (subject, digest) in stored)
        {
            if (!_recorded.TryGetValue(subject, out var recorded))
            {
                if (!IsOfRunning(subject, running))
                    yield return Finding(null, "H1a", $"no entry records {subject}.");
            }
            else if (recorded.Digest != digest)
                yield return Finding(recorded.Sequence, "H1a", $"{subject} differs from what this entry records of it.");
        }

        if (_tenant.RemovedAt is null && _snapshot.Tenants.Find(_tenant.Id)?.Number != _tenant.Number)
            yield return Finding(null, "T1", "it is not found by its id.");
        foreach (var import in imports)
        {
            if (import.Records is { } records && !records.AsSpan().SequenceEqual(sums.GetValueOrDefault(import.Number)))
                yield return Finding(import.Entry, "H1a", $"import {import.Number} does not have the sum of its records.");
        }

        foreach (var (record, entry, import) in _snapshot.Usage.Reversed(_tenant.Number))
        {
            if (entry is not null && import is not null)
                yield return Finding(entry, "C1", $"usage record {record} is reversed by it, and by import {import} as well.");
        }

        foreach (var (record, import) in _snapshot.Usage.RatedByNone(_tenant.Number))
            yield return Finding(null, "H1a", string.Create(CultureInfo.InvariantCulture, $"usage record {record} was rated by {import}, which is no rating."));

        foreach (var (subject, (digest, sequence)) in _recorded)
        {
            if (digest != StateDigest.Removed && !stored.ContainsKey(subject))
                yield return Finding(sequence, "H1a", $"{subject} is missing, though this entry records it.");
        }
    }

    /// <summary>Whether a subject is of an import that runs, or was killed: the next posting records it.</summary>
    private static bool IsOfRunning(string subject, HashSet<long> running)
    {
        var slash = subject.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && subject[..slash] is "records" or "import"
            && long.TryParse(subject.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && running.Contains(number);
    }

    private ExpectedLot ExpectedOf(long lot)
    {
        if (!_lots.TryGetValue(lot, out var facts))
            _lots.Add(lot, facts = new());
        return facts;
    }

    private CreditLedgerFinding Finding(long? sequence, string rule, string message) => new()
    {
        TenantId = _tenant.Id,
        TenantName = _tenant.Name,
        Sequence = sequence,
        Rule = rule,
        Message = sequence is { } number
            ? string.Create(CultureInfo.InvariantCulture, $"Entry {number} of '{_tenant.Id}': {message}")
            : $"'{_tenant.Id}': {message}",
    };

    /// <summary>What undid an entry.</summary>
    /// <param name="Sequence">The reversal's sequence.</param>
    /// <param name="FirstPart">The first part that stands among the entry's draws: 1 where the entry itself named its one lot.</param>
    private readonly record struct Reversal(long Sequence, int FirstPart);

    /// <summary>What the entries and draws say of a lot.</summary>
    private sealed class ExpectedLot
    {
        public LedgerEntry? Entry { get; set; }

        public Amount Drawn { get; set; }

        public Amount Forfeited { get; set; }

        public bool IsReversed { get; set; }

        public bool IsFound { get; set; }
    }
}
