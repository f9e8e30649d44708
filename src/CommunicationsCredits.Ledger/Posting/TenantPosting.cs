using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// The one way in which money of a tenant moves: within a transaction, it appends entries to the tenant's chain and keeps its lots
/// and debts true to them. <see cref="Finish"/> writes where the account has got to.
/// </summary>
internal sealed class TenantPosting
{
    private readonly LedgerTransaction _transaction;
    private readonly HashChain _chain = new();
    private readonly List<LotDraw> _draws = [];
    private readonly Instant _now;
    private readonly string _actor;
    private readonly long _moneyEntriesBefore;
    private List<Lot>? _lots;
    private PoolBook? _pools;

    public TenantPosting(LedgerTransaction transaction, Tenant tenant, PostingContext context)
    {
        _transaction = transaction;
        Tenant = tenant;
        Account = transaction.Tenants.GetAccount(tenant.Number);
        Notices = new(transaction, tenant, context.Now);
        _actor = context.Actor;
        _now = context.Now;
        _moneyEntriesBefore = Account.MoneyEntries;

        // A clock that jumped back never reorders what was posted (I2).
        Account.PostedAt = Instant.Max(context.Now, Account.PostedAt);
    }

    public Tenant Tenant { get; }

    public AccountState Account { get; }

    /// <summary>The notices that this posting causes.</summary>
    public Notices Notices { get; }

    /// <summary>The tenant's included minutes.</summary>
    public PoolBook Pools => _pools ??= new(_transaction, Tenant, Notices);

    /// <summary>What this posting has booked as forfeited.</summary>
    public Amount Forfeited { get; private set; }

    /// <summary>The lots that have something left, or had when the posting began, in draw order.</summary>
    private List<Lot> Lots
    {
        get
        {
            if (_lots is null)
            {
                _lots = [.. _transaction.Lots.Undrawn(Tenant.Number)];
                _lots.Sort(DrawDown.DrawOrder);
            }

            return _lots;
        }
    }

    /// <summary>Appends an entry that moves no lots: its sequence, times, balance and hash are filled in.</summary>
    /// <returns>The entry's sequence.</returns>
    public long Append(ref LedgerEntry entry, ReadOnlySpan<byte> recordDigest = default)
    {
        entry.Sequence = ++Account.Sequence;
        entry.PostedAt = Account.PostedAt;
        entry.Actor = _actor;
        entry.BalanceAfter = Account.Balance += entry.Amount;
        if (entry.Kind != CreditTransactionKind.Setting)
            Account.MoneyEntries++;
        _chain.Advance(Account.Hash, entry, recordDigest);
        _transaction.Entries.Add(Tenant.Number, entry, Account.Hash);
        return entry.Sequence;
    }

    /// <summary>Notes a change of a setting (C3).</summary>
    public void Note(string description)
    {
        var entry = new LedgerEntry { Kind = CreditTransactionKind.Setting, EffectiveAt = _now, Description = description };
        Append(ref entry);
    }

    /// <summary>Posts new funds as a lot, which first repays the open calls that it may pay (F1, F4).</summary>
    /// <param name="funds">The funds.</param>
    /// <param name="reason">Why they were given, where they were not bought.</param>
    public Lot AddLot(NewLot funds, string? reason = null)
    {
        var number = ++Account.Lots;
        var entry = new LedgerEntry
        {
            Kind = funds.Kind,
            Amount = funds.Amount,
            EffectiveAt = funds.PurchasedAt,
            Reference = funds.Reference,
            Description = LotTerms.Describe(funds.ExpiresAt, funds.Priority) + (reason is null ? null : $": {reason}"),
            Lot = number,
        };
        var lot = new Lot
        {
            Number = number,
            Amount = funds.Amount,
            Remaining = funds.Amount,
            PurchasedAt = funds.PurchasedAt,
            ExpiresAt = funds.ExpiresAt,
            Priority = funds.Priority,
            Source = funds.Source,
            Reference = funds.Reference,
            Entry = Append(ref entry),
        };
        Repay(lot);
        _transaction.Lots.Add(Tenant.Number, lot);
        lot.IsChanged = false;
        var place = Lots.BinarySearch(lot, DrawDown.DrawOrder);
        if (place < 0)
            Lots.Insert(~place, lot);
        return lot;
    }

    /// <summary>
    /// Posts an entry whose negative amount is drawn from the lots; what none covers is debt (F3, F4, F6).
    /// </summary>
    /// <returns>The entry's sequence.</returns>
    public long Draw(ref LedgerEntry entry, ReadOnlySpan<byte> recordDigest = default)
    {
        _draws.Clear();
        var unpaid = DrawDown.Draw(Lots, -entry.Amount, entry.EffectiveAt, _draws);
        foreach (var draw in _draws)
        {
            if (draw.Released > Amount.Zero)
                PostOfLot(CreditTransactionKind.Release, draw.Released, draw.Lot);
        }

        // The usual case: the entry names the one lot that pays it, and the chain vouches for that too.
        if (_draws.Count == 1 && unpaid == Amount.Zero)
            entry.Lot = _draws[0].Lot.Number;
        Append(ref entry, recordDigest);
        for (var part = 0; part < _draws.Count && entry.Lot is null; part++)
        {
            var draw = _draws[part];
            _transaction.Lots.AddDraw(Tenant.Number, new(entry.Sequence, part, draw.Lot.Number, draw.Amount, entry.Sequence));
        }

        if (unpaid > Amount.Zero)
            _transaction.Lots.AddDebt(Tenant.Number, new(entry.Sequence, entry.EffectiveAt, unpaid));
        return entry.Sequence;
    }

    /// <summary>
    /// Undoes an entry that draws: the money returns to the lots it came from in reverse draw order, and there first repays open
    /// debt of calls that it may pay (C1).
    /// </summary>
    /// <returns>The sequence of the reversal.</returns>
    public long Reverse(in LedgerEntry original, string? reason)
    {
        var entry = new LedgerEntry
        {
            Kind = CreditTransactionKind.Reversal,
            Amount = -original.Amount,
            EffectiveAt = original.EffectiveAt,
            Reference = original.Reference,
            Description = reason,
            Record = original.Record,
            Reverses = original.Sequence,
        };
        Append(ref entry);
        _transaction.Lots.UpdateDebt(Tenant.Number, new(original.Sequence, original.EffectiveAt, Amount.Zero));
        IReadOnlyList<DrawRow> draws = original.Lot is { } only
            ? [new(original.Sequence, 0, only, -original.Amount, original.Sequence)]
            : _transaction.Lots.Draws(Tenant.Number, original.Sequence);
        for (var i = draws.Count - 1; i >= 0; i--)
        {
            var draw = draws[i];
            var lot = FindLot(draw.Lot);
            _transaction.Lots.AddDraw(
                Tenant.Number, new(original.Sequence, (2 * draws.Count) - 1 - i, lot.Number, -draw.Amount, entry.Sequence));
            lot.Remaining += draw.Amount;
            lot.IsChanged = true;
            Repay(lot);
        }

        return entry.Sequence;
    }

    /// <summary>Undoes funds that nothing is drawn from (C1).</summary>
    /// <returns>The sequence of the reversal, or null where something is drawn from them.</returns>
    public long? ReverseLot(in LedgerEntry original, string? reason)
    {
        var lot = FindLot(original.Lot!.Value);
        if (lot.Remaining != lot.Amount)
            return null;
        if (lot.Forfeited > Amount.Zero)
            PostOfLot(CreditTransactionKind.Release, lot.Forfeited, lot);
        var entry = new LedgerEntry
        {
            Kind = CreditTransactionKind.Reversal,
            Amount = -original.Amount,
            EffectiveAt = original.EffectiveAt,
            Reference = original.Reference,
            Description = reason,
            Lot = lot.Number,
            Reverses = original.Sequence,
        };
        lot.Remaining = lot.Forfeited = Amount.Zero;
        lot.Reversed = true;
        lot.IsChanged = true;
        return Append(ref entry);
    }

    /// <summary>Books what has expired by now (F5), and writes where lots and account have got to.</summary>
    /// <param name="bookForfeitures">Whether the posting is the last of its operation; only then is it booked.</param>
    public void Finish(bool bookForfeitures = true)
    {
        if (bookForfeitures)
            BookForfeitures();
        foreach (var lot in _lots ?? [])
        {
            if (lot.IsChanged)
            {
                _transaction.Lots.Update(Tenant.Number, lot);
                lot.IsChanged = false;
            }
        }

        _pools?.Save();
        _transaction.Tenants.UpdateAccount(Tenant.Number, Account);
        if (Account.MoneyEntries > _moneyEntriesBefore)
            Notices.Balance(Balance(), Tenant.LowBalance ?? _transaction.Recharge.FindRule(Tenant.Number)?.Minimum);
    }

    /// <summary>
    /// The balance now (F8), as far as the lots have been written. A clock that was set back takes nothing away again: what was
    /// bought a minute ago would be missing, and be bought once more.
    /// </summary>
    public Amount Balance() => BalanceRules.At(_transaction, Tenant.Number, Account, Account.PostedAt);

    private void BookForfeitures()
    {
        foreach (var lot in Lots.Where(lot => lot.ExpiresAt <= _now && lot.Remaining > lot.Forfeited)
            .OrderBy(lot => lot.ExpiresAt).ThenBy(lot => lot.Number))
        {
            var forfeited = lot.Remaining - lot.Forfeited;
            PostOfLot(CreditTransactionKind.Forfeiture, -forfeited, lot);
            Notices.Expired(lot, forfeited);
            Forfeited += forfeited;
            lot.Forfeited = lot.Remaining;
            lot.IsChanged = true;
        }
    }

    private void PostOfLot(CreditTransactionKind kind, Amount amount, Lot lot)
    {
        var entry = new LedgerEntry
        {
            Kind = kind,
            Amount = amount,
            EffectiveAt = lot.ExpiresAt,
            Lot = lot.Number,
            Description = $"{Lot.IdOf(Tenant.Id, lot.Number)} expired at {lot.ExpiresAt}",
        };
        Append(ref entry);
    }

    /// <summary>Lets a lot pay the open calls that it may pay, the oldest first (F4); the last entry is what made it so.</summary>
    private void Repay(Lot lot)
    {
        if (lot.Remaining == Amount.Zero)
            return;
        foreach (var debt in _transaction.Lots.DebtsBefore(Tenant.Number, lot.ExpiresAt))
        {
            var payment = DrawDown.Take(lot, Amount.Min(lot.Remaining, debt.Unpaid)).Amount;
            var part = _transaction.Lots.Draws(Tenant.Number, debt.Entry).Count;
            _transaction.Lots.AddDraw(Tenant.Number, new(debt.Entry, part, lot.Number, payment, Account.Sequence));
            _transaction.Lots.UpdateDebt(Tenant.Number, debt with { Unpaid = debt.Unpaid - payment });
            if (lot.Remaining == Amount.Zero)
                return;
        }
    }

    private Lot FindLot(long number)
    {
        var lot = Lots.Find(lot => lot.Number == number);
        if (lot is null)
        {
            lot = _transaction.Lots.Get(Tenant.Number, number);
            Lots.Insert(~Lots.BinarySearch(lot, DrawDown.DrawOrder), lot);
        }

        return lot;
    }
}

/// <summary>Who posts, and when.</summary>
/// <param name="Actor">account@machine (I2).</param>
/// <param name="Now">The instant of the posting.</param>
internal readonly record struct PostingContext(string Actor, Instant Now);

/// <summary>Funds to be posted.</summary>
/// <param name="Kind">What entry they make.</param>
/// <param name="Amount">Above 0.</param>
/// <param name="PurchasedAt">From when they may be drawn.</param>
/// <param name="ExpiresAt">From when they are forfeited.</param>
/// <param name="Priority">The draw order: lower is drawn first.</param>
/// <param name="Source">Where they came from.</param>
/// <param name="Reference">The buyer's own reference.</param>
internal sealed record NewLot(
    CreditTransactionKind Kind,
    Amount Amount,
    Instant PurchasedAt,
    Instant ExpiresAt,
    int Priority,
    CreditFundsSource Source,
    string? Reference);
