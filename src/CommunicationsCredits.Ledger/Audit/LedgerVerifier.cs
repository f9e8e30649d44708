using System.Globalization;
using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>Recomputes a tenant's chain, balances, lots and debts from its entries, and names what is not as it should be (H1).</summary>
internal sealed class LedgerVerifier
{
    private readonly LedgerTransaction _tx;
    private readonly Tenant _tenant;
    private readonly HashChain _chain = new();
    private readonly UsageBatch _batch = new();
    private readonly Dictionary<long, LotFacts> _lots = [];
    private readonly Dictionary<long, Debt> _unpaid = [];
    private readonly Dictionary<long, Reversal> _reversed = [];
    private readonly HashSet<long> _reversals = [];
    private readonly HashSet<long> _reversedRecords = [];
    private RecordPlace? _place;

    public LedgerVerifier(LedgerTransaction tx, Tenant tenant)
    {
        _tx = tx;
        _tenant = tenant;
    }

    /// <summary>What is wrong, the entries first, in their order.</summary>
    public IEnumerable<CreditLedgerFinding> Verify() => VerifyEntries().Concat(VerifyRecords()).Concat(VerifyDraws())
        .Concat(VerifyLots()).Concat(VerifyDebts()).Concat(VerifyPools());

    private IEnumerable<CreditLedgerFinding> VerifyEntries()
    {
        var account = _tx.Tenants.GetAccount(_tenant.Number);
        var hash = HashChain.Start.ToArray();
        long sequence = 0, moneyEntries = 0;
        var balance = Amount.Zero;
        var postedAt = Instant.Earliest;
        foreach (var (entry, stored) in _tx.Entries.Query(_tenant.Number))
        {
            if (entry.Sequence != ++sequence)
            {
                yield return Finding(sequence, "H1", "the entry is missing.");
                sequence = entry.Sequence;
            }

            Recompute(hash, entry);
            if (!hash.AsSpan().SequenceEqual(stored))
                yield return Finding(sequence, "H1", "its hash is not that of its content: it, its usage record, or the entry before was changed.");
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
            foreach (var finding in Gather(entry))
                yield return finding;
        }

        if (account.Sequence != sequence || account.Balance != balance || account.MoneyEntries != moneyEntries
            || account.PostedAt < postedAt || !account.Hash.AsSpan().SequenceEqual(hash))
        {
            yield return Finding(
                null, "H1",
                string.Create(CultureInfo.InvariantCulture,
                    $"the account ends with entry {account.Sequence} and balance {account.Balance}, and its entries with {sequence} and {balance}."));
        }
    }

    private void Recompute(Span<byte> hash, in LedgerEntry entry)
    {
        if (entry is not { Kind: CreditTransactionKind.Usage, Record: { } record })
        {
            _chain.Advance(hash, entry, default);
            return;
        }

        Span<byte> vouched = stackalloc byte[UsageDigest.Length];
        _batch.Reset();
        _place = _tx.Usage.Find(_tenant.Number, record, _batch);
        if (_place is { } place)
        {
            ref readonly var call = ref _batch.Calls[0];
            Span<byte> content = stackalloc byte[SHA256.HashSizeInBytes];
            UsageDigest.Content(_chain, _batch, call, content);
            UsageDigest.Vouch(content, call, place.Import, vouched);
        }

        _chain.Advance(hash, entry, vouched);
    }

    private IEnumerable<CreditLedgerFinding> Gather(LedgerEntry entry)
    {
        switch (entry.Kind)
        {
            case CreditTransactionKind.Usage:
                if (_batch.Count == 0 || _batch.Calls[0].Charge != -entry.Amount || _batch.Calls[0].StartedAt != entry.EffectiveAt)
                    yield return Finding(entry.Sequence, "M2", "its amount or its time is not that of its usage record.");
                else if (_place!.Value.Entry != entry.Sequence || !GatherStatus(entry))
                    yield return Finding(entry.Sequence, "H1", "its usage record does not say that it was charged by it.");
                GatherDrawing(entry);
                break;
            case CreditTransactionKind.Adjustment when entry.Amount < Amount.Zero:
                GatherDrawing(entry);
                break;
            case CreditTransactionKind.Reversal when entry.Reverses is { } original:
                if (!_reversed.TryAdd(original, new(entry.Sequence, _unpaid.Remove(original) ? 0 : 1)))
                    yield return Finding(entry.Sequence, "C1", $"entry {original} had been reversed before.");
                _reversals.Add(entry.Sequence);
                if (entry.Record is { } record && !_reversedRecords.Remove(record))
                    yield return Finding(entry.Sequence, "C1", "its usage record does not say that it was reversed.");
                if (entry.Lot is { } undone)
                    Facts(undone).IsReversed = true;
                break;
            case CreditTransactionKind.Forfeiture or CreditTransactionKind.Release when entry.Lot is { } lot:
                Facts(lot).Forfeited -= entry.Amount;
                break;
            default:
                if (entry.Lot is { } bought)
                    Facts(bought).Entry = entry;
                break;
        }
    }

    private void GatherDrawing(in LedgerEntry entry)
    {
        if (entry.Lot is { } only)
            Facts(only).Drawn -= entry.Amount;
        else if (entry.Amount != Amount.Zero)
            _unpaid[entry.Sequence] = new(entry.Sequence, entry.EffectiveAt, -entry.Amount);
    }

    /// <summary>Whether the record's status is one that an entry leaves; that it is reversed is a later entry's to confirm.</summary>
    private bool GatherStatus(in LedgerEntry entry)
    {
        ref readonly var call = ref _batch.Calls[0];
        if (call.Status == UsageStatus.Reversed)
            return _reversedRecords.Add(entry.Record!.Value);
        var isPooled = call.PooledSeconds > 0 && call.PooledSeconds == call.BilledSeconds;
        return call.Status == (isPooled ? UsageStatus.Pooled : UsageStatus.Charged);
    }

    /// <summary>What the entries do not vouch for: the records' identities, and where the account's numbers have got to.</summary>
    private IEnumerable<CreditLedgerFinding> VerifyRecords()
    {
        foreach (var record in _reversedRecords)
        {
            var entry = _tx.Usage.Find(_tenant.Number, record, _batch)?.Entry;
            yield return Finding(entry, "C1", "its usage record is reversed, and no entry says so.");
        }

        foreach (var (record, entry) in _tx.Usage.LostIdentities(_tenant.Number))
        {
            yield return Finding(
                entry, "U2", string.Create(CultureInfo.InvariantCulture, $"usage record {record} is not found by its identity."));
        }

        var account = _tx.Tenants.GetAccount(_tenant.Number);
        if (account.Records != _tx.Usage.LastRecord(_tenant.Number) || account.Imports != _tx.Imports.Last(_tenant.Number))
            yield return Finding(null, "H1", "the account's last usage record or import is not the last one there is.");
    }

    private IEnumerable<CreditLedgerFinding> VerifyDraws()
    {
        long entry = 0;
        var part = 0;
        foreach (var draw in _tx.Lots.AllDraws(_tenant.Number))
        {
            var facts = Facts(draw.Lot);
            facts.Drawn += draw.Amount;
            var isReversed = _reversed.TryGetValue(draw.Entry, out var reversal);
            if (_unpaid.TryGetValue(draw.Entry, out var unpaid))
                _unpaid[draw.Entry] = unpaid with { Unpaid = unpaid.Unpaid - draw.Amount };
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
        foreach (var lot in _tx.Lots.All(_tenant.Number))
        {
            var facts = Facts(lot.Number);
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

        if (_tx.Tenants.GetAccount(_tenant.Number).Lots != _lots.Keys.DefaultIfEmpty().Max())
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
        foreach (var debt in _tx.Lots.DebtsBefore(_tenant.Number, Instant.Latest))
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
        var pools = new PoolBook(_tx, _tenant, new(_tx, _tenant, Instant.Earliest));
        var expected = new HashSet<PoolMonth>();
        foreach (var _ in _tx.Usage.Query(_tenant.Number, new(PooledOnly: true), _batch))
        {
            if (_batch.Calls[0].Status != UsageStatus.Reversed && pools.Recount(_batch, _batch.Calls[0]) is { } month)
                expected.Add(month);
        }

        // Users' shares are compared together: their names may have been blanked since (C4).
        var counted = Sums(expected);
        var stored = Sums(_tx.Pools.Months(_tenant.Number));
        foreach (var pool in counted.Keys.Union(stored.Keys))
        {
            var (of, at) = (counted.GetValueOrDefault(pool), stored.GetValueOrDefault(pool));
            if (of != at)
            {
                yield return Finding(
                    null, "A2",
                    string.Create(CultureInfo.InvariantCulture,
                        $"the pool {pool.Capability} {pool.Country} of {pool.Month} has {at.Domestic} + {at.International} s used and {at.Void} s void, and its calls took {of.Domestic} + {of.International} s and left {of.Void} s."));
            }
        }
    }

    private static Dictionary<(Month Month, string Capability, string Country), (long Domestic, long International, long Void)> Sums(
        IEnumerable<PoolMonth> months) => months
            .GroupBy(month => (month.Month, month.Capability, month.Country))
            .ToDictionary(
                pool => pool.Key,
                pool => (pool.Sum(month => month.Domestic.Used), pool.Sum(month => month.International.Used),
                    pool.Sum(month => month.Domestic.Void + month.International.Void)));

    private LotFacts Facts(long lot)
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
    private sealed class LotFacts
    {
        public LedgerEntry? Entry { get; set; }

        public Amount Drawn { get; set; }

        public Amount Forfeited { get; set; }

        public bool IsReversed { get; set; }

        public bool IsFound { get; set; }
    }
}
