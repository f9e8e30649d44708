using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Budgets;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Guard;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Users;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// The one way in which money of a tenant moves. It appends entries to the tenant's chain and keeps lots, debts and pools true to
/// them, on copies of what it touches: refused, it is dropped; accepted, the state and the posting take it over.
/// </summary>
internal sealed class Draft
{
    private readonly TenantState _state;
    private readonly PostingContext _context;
    private readonly HashChain _chain = new();
    private readonly List<LotDraw> _draws = [];
    private readonly List<string> _digests = [];
    private HashSet<NotifiedMark>? _notified;
    private PoolBook? _pools;
    private UseBook? _uses;
    private BudgetBook? _budgets;
    private RechargeRule? _rule;
    private Attempt? _openAttempt;
    private bool _hasOpenAttempt;
    private long? _episode;
    private (string Operation, string Key, string Parameters)? _use;
    private byte[]? _hash;

    /// <summary>Begins a draft.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="context">Who posts, and when.</param>
    /// <param name="isNew">Whether the tenant is a new one.</param>
    public Draft(TenantState state, PostingContext context, bool isNew = false)
    {
        _state = state;
        _context = context;
        Tenant = state.Tenant;
        Account = state.Account with { };
        Changes = new() { Tenant = Tenant, Before = isNew ? null : state.Account, After = Account };
        Lots = new(this);
        Notifications = new(this);
        _rule = state.Rule;
        _openAttempt = state.OpenAttempt;
        _episode = state.Episode;

        // A clock that jumped back never reorders what was posted (I2).
        Account.PostedAt = Instant.Max(context.Now, Account.PostedAt);
    }

    /// <summary>The tenants that are called something, this one included; null where only this one is known.</summary>
    public Func<string, IEnumerable<Tenant>>? TenantsCalled { get; init; }

    /// <summary>What is known of the tenant.</summary>
    public TenantState State => _state;

    /// <summary>The tenant as it is to be.</summary>
    public Tenant Tenant { get; private set; }

    /// <summary>The heads of the chain so far.</summary>
    public AccountState Account { get; }

    /// <summary>What is to be written.</summary>
    public TenantPosting Changes { get; }

    /// <summary>The clock's plain reading.</summary>
    public Instant Now => _context.Now;

    /// <summary>The actor of the entries.</summary>
    public string Actor => _context.Actor;

    /// <summary>What the ledger's own chain gets of it (H1b).</summary>
    public List<LedgerChange> ForLedger { get; } = [];

    /// <summary>Whether there is anything to write.</summary>
    public bool HasChanges => Account.Sequence > _state.Account.Sequence || Changes.Notifications.Count > 0 || Changes.Effects != Effects.None;

    /// <summary>What the posting notifies.</summary>
    public NotificationWriter Notifications { get; }

    /// <summary>The tenant's included minutes.</summary>
    public PoolBook Pools => _pools ??= new(this);

    /// <summary>The sums that budgets and guard are decided by.</summary>
    public UseBook Use => _uses ??= new(this);

    /// <summary>The tenant's budgets.</summary>
    public BudgetBook Budgets => _budgets ??= new(this);

    /// <summary>The recharge rule, or null.</summary>
    public RechargeRule? Rule => _rule;

    /// <summary>The attempt that is not settled, or null (R5).</summary>
    public Attempt? OpenAttempt => _openAttempt;

    /// <summary>The tenant's funds, and what is owed.</summary>
    public LotBook Lots { get; }

    /// <summary>What the draft has booked as forfeited.</summary>
    public Amount Forfeited { get; private set; }

    /// <summary>The episode of all that is notified by one operation, and by the recharge it starts (N2).</summary>
    public long Episode => _episode ??= ++Account.Episodes;

    /// <summary>Lets what is notified be of an episode that began before (N2).</summary>
    public void Continue(long episode) => _episode ??= episode == 0 ? null : episode;

    /// <summary>The entry that an operation's idempotency key led to, or null where the key is new (C2).</summary>
    /// <exception cref="CreditException"><c>IdempotencyConflict</c>: the first use had other parameters.</exception>
    public IdempotencyUse? FindUse(string operation, string? key, string parameters)
    {
        if (string.IsNullOrEmpty(key) || !_state.Keys.TryGetValue((operation, key), out var known))
            return null;
        return known.Parameters == parameters
            ? known
            : throw Idempotency.Conflict(Tenant, key, known.Parameters, parameters);
    }

    /// <summary>
    /// Keeps what comes of a key's first use (C2): the next entry is what the key leads to, releases of lots that it draws aside.
    /// </summary>
    public void RememberUse(string operation, string? key, string parameters)
    {
        if (!string.IsNullOrEmpty(key))
            _use = (operation, key, parameters);
    }

    /// <summary>Adds the digest of something that steers money to the next entry (H1a).</summary>
    public void AddDigest(string digest) => _digests.Add(digest);

    /// <summary>Appends an entry that moves no lots: its sequence, times, balance and hash are filled in.</summary>
    /// <returns>The entry as it was appended.</returns>
    public LedgerEntry Append(LedgerEntry entry)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        Chain(ref entry, default, hash);
        Changes.Entries.Add(new(entry, hash));
        return entry;
    }

    /// <summary>Notes a change of a setting, and records what it is now (C3, H1a).</summary>
    public void Note(string description, params ReadOnlySpan<string> digests)
    {
        foreach (var digest in digests)
            AddDigest(digest);
        Append(new() { Kind = CreditTransactionKind.Setting, EffectiveAt = Now, Description = description });
    }

    /// <summary>Sets what the tenant is; the caller notes it.</summary>
    public void SetTenant(Tenant tenant)
    {
        Tenant = Changes.Tenant = tenant;
        Changes.IsTenantChanged = true;
    }

    /// <summary>Sets the recharge rule; the next entry records it.</summary>
    public void SetRule(RechargeRule rule)
    {
        Changes.IsRuleSet |= _rule?.HasSettingsOf(rule) != true;
        _rule = Changes.Rule = rule;
        AddDigest(StateDigest.OfRule(rule));
    }

    /// <summary>Writes an attempt; the next entry records it.</summary>
    public void PutAttempt(Attempt attempt)
    {
        Changes.Attempts[attempt.Number] = attempt;
        if (attempt.IsOpen || _openAttempt?.Number == attempt.Number)
            _openAttempt = attempt.IsOpen ? attempt : null;
        _hasOpenAttempt = true;
        AddDigest(StateDigest.OfAttempt(attempt));
    }

    /// <summary>The payment method of a name, or null; the methods have to be among the needs.</summary>
    public PaymentMethod? FindMethod(string name)
    {
        if (Changes.PaymentMethods.TryGetValue(name, out var changed))
            return changed;
        var known = _state.PaymentMethods ?? throw new InvalidOperationException("The payment methods were not asked for.");
        return known.GetValueOrDefault(name);
    }

    /// <summary>Writes a payment method; the next entry records it.</summary>
    public void PutMethod(PaymentMethod method)
    {
        Changes.PaymentMethods[method.Name] = method;
        AddDigest(StateDigest.OfMethod(method));
    }

    /// <summary>Removes a payment method; the next entry says so.</summary>
    public void RemoveMethod(PaymentMethod method)
    {
        Changes.PaymentMethods[method.Name] = null;
        AddDigest(StateDigest.OfRemovedMethod(method.Name));
    }

    /// <summary>How the guard watches the tenant; it has to be among the needs.</summary>
    public GuardSetting Guard => Changes.Guard ?? (_state.Alarms is null ? throw new InvalidOperationException("The guard was not asked for.") : _state.Guard);

    /// <summary>The guard's episodes; they have to be among the needs.</summary>
    public IEnumerable<Alarm> Alarms => (_state.Alarms ?? throw new InvalidOperationException("The guard was not asked for."))
        .Where(alarm => !Changes.Alarms.ContainsKey(alarm.FirstDay)).Concat(Changes.Alarms.Values).OrderBy(alarm => alarm.FirstDay);

    /// <summary>Sets how the guard watches the tenant, and notes it.</summary>
    public void PutGuard(GuardSetting guard, string description)
    {
        Changes.Guard = guard;
        Note(description, StateDigest.OfGuard(guard));
    }

    /// <summary>Sets an episode, and notes it.</summary>
    public void PutAlarm(Alarm alarm, string description)
    {
        Changes.Alarms[alarm.FirstDay] = alarm;
        Note(description, StateDigest.OfAlarm(alarm));
    }

    /// <summary>A budget, or null; the budgets have to be among the needs.</summary>
    public Budget? FindBudget(BudgetKey key) => Changes.Budgets.TryGetValue(key, out var changed) ? changed
        : _state.HasBudgets ? _state.Budgets.GetValueOrDefault(key)
        : throw new InvalidOperationException("The budgets were not asked for.");

    /// <summary>Sets or removes a budget, and notes it; what was notified of the former amount may be notified again.</summary>
    public void PutBudget(BudgetKey key, Budget? budget, string description)
    {
        Changes.Budgets[key] = budget;
        foreach (var month in _state.BudgetMarks.Keys.Concat(Changes.BudgetMarks.Keys).Where(month => month.Budget == key).ToList())
            Changes.BudgetMarks[month] = default;
        Note(description, StateDigest.OfBudget(key, budget));
        Finish();
    }

    /// <summary>What was notified of a budget in a month.</summary>
    public BudgetMark FindBudgetMark(BudgetMonth month) =>
        Changes.BudgetMarks.TryGetValue(month, out var changed) ? changed : _state.BudgetMarks.GetValueOrDefault(month);

    /// <summary>The settings of a user, in order of months; the user has to be among the needs.</summary>
    /// <param name="key">The user in lower case.</param>
    public IReadOnlyList<UserSetting> UserSettings(string key) => Changes.Users.TryGetValue(key, out var changed) ? changed
        : _state.Users.TryGetValue(key, out var known) ? known
        : throw new InvalidOperationException("The user was not asked for.");

    /// <summary>Sets what a user's settings are, and notes it. The chain has no name in it, since that could not be blanked (C4).</summary>
    public void PutUser(IEnumerable<UserSetting> settings, string description, string? key = null)
    {
        IReadOnlyList<UserSetting> all = [.. settings.OrderBy(setting => setting.From)];
        key ??= all[0].Key;
        Changes.Users[key] = all;
        Note(description, StateDigest.OfUser(key, all));
        Finish();
    }

    /// <summary>The attempt of a number, or null.</summary>
    public Attempt? FindAttempt(long number) =>
        Changes.Attempts.TryGetValue(number, out var changed) ? changed : _state.Attempts.GetValueOrDefault(number);

    /// <summary>The attempts that caps count: those asked for, and what this draft made of them.</summary>
    public IEnumerable<Attempt> AttemptsSince(Instant from) => _state.Attempts.Values
        .Where(attempt => !Changes.Attempts.ContainsKey(attempt.Number)).Concat(Changes.Attempts.Values)
        .Where(attempt => attempt.StartedAt >= from);

    /// <summary>Posts new funds as a lot, which first repays the open calls that it may pay (F1, F4).</summary>
    /// <param name="funds">The funds.</param>
    /// <param name="reason">Why they were given, where they were not bought.</param>
    public Lot AddLot(NewLot funds, string? reason = null)
    {
        var number = ++Account.Lots;
        var entry = Append(new()
        {
            Kind = funds.Kind,
            Amount = funds.Amount,
            EffectiveAt = funds.PurchasedAt,
            Reference = funds.Reference,
            Description = LotTerms.Describe(funds.ExpiresAt, funds.Priority) + (reason is null ? null : $": {reason}"),
            Lot = number,
        });
        var lot = Lots.Take(new()
        {
            Number = number,
            Amount = funds.Amount,
            Remaining = funds.Amount,
            PurchasedAt = funds.PurchasedAt,
            ExpiresAt = funds.ExpiresAt,
            Priority = funds.Priority,
            Source = funds.Source,
            Reference = funds.Reference,
            Entry = entry.Sequence,
        });
        Lots.Repay(lot);
        return lot;
    }

    /// <summary>Posts an entry whose negative amount is drawn from the lots; what none covers is debt (F3, F4, F6).</summary>
    /// <returns>The entry as it was appended.</returns>
    public LedgerEntry Draw(LedgerEntry entry)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        Draw(ref entry, default, hash);
        Changes.Entries.Add(new(entry, hash));
        return entry;
    }

    /// <summary>Posts the charge of a call: as <see cref="Draw(LedgerEntry)"/>, but its entry is a part of the call's own row.</summary>
    /// <param name="batch">The call's batch, which gets the entry's hash.</param>
    /// <param name="call">The call; what its entry has is filled in.</param>
    /// <param name="digest">The digest of the record (H1).</param>
    [MethodImpl(HotPath.Compiled)]
    public void Charge(UsageBatch batch, ref UsageCall call, ReadOnlySpan<byte> digest)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var entry = EntryOf(call);
        Draw(ref entry, digest, hash);
        call.Sequence = entry.Sequence;
        call.BalanceAfter = entry.BalanceAfter;
        call.PostedAt = entry.PostedAt;
        call.RecordedAt = entry.RecordedAt;
        call.Actor = entry.Actor;
        call.Lot = entry.Lot;
        call.Hash = batch.Append(hash);
    }

    /// <summary>As <see cref="Charge"/>, of a call whose row is written already: its entry stands beside it.</summary>
    /// <returns>The entry's sequence.</returns>
    public long ChargeLate(ref UsageCall call, ReadOnlySpan<byte> digest)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        var entry = EntryOf(call);
        Draw(ref entry, digest, hash);
        Changes.Entries.Add(new(entry, hash));
        return call.Sequence = entry.Sequence;
    }

    /// <summary>
    /// Undoes an entry that draws: the money returns to the lots it came from in reverse draw order, and there first repays open
    /// debt of calls that it may pay (C1).
    /// </summary>
    /// <returns>The reversal.</returns>
    public LedgerEntry Reverse(EntryFacts original, string? reason)
    {
        var undone = original.Entry;
        var entry = Append(new()
        {
            Kind = CreditTransactionKind.Reversal,
            Amount = -undone.Amount,
            EffectiveAt = undone.EffectiveAt,
            Reference = undone.Reference,
            Description = reason,
            Record = undone.Record,
            Reverses = undone.Sequence,
        });

        var returned = Amount.Zero;
        IReadOnlyList<DrawRow> draws = undone.Lot is { } only
            ? [new(undone.Sequence, 0, only, -undone.Amount, undone.Sequence)]
            : DrawsOf(original);
        foreach (var draw in draws)
            returned += draw.Amount;
        if (-undone.Amount > returned)
        {
            Account.Debt -= -undone.Amount - returned;
            Lots.Owe(new(undone.Sequence, undone.EffectiveAt, Amount.Zero, draws.Count));
        }

        for (var i = draws.Count - 1; i >= 0; i--)
        {
            var draw = draws[i];
            var lot = Lots.Find(draw.Lot);
            Changes.Draws.Add(new(undone.Sequence, (2 * draws.Count) - 1 - i, lot.Number, -draw.Amount, entry.Sequence));
            lot.Remaining += draw.Amount;
            Lots.Repay(lot);
        }

        return entry;
    }

    /// <summary>Undoes funds that nothing is drawn from (C1).</summary>
    /// <returns>The reversal, or null where something is drawn from them.</returns>
    public LedgerEntry? ReverseLot(in LedgerEntry original, string? reason)
    {
        var lot = Lots.Find(original.Lot!.Value);
        if (lot.Remaining != lot.Amount)
            return null;
        if (lot.Forfeited > Amount.Zero)
            PostOfLot(CreditTransactionKind.Release, lot.Forfeited, lot);
        lot.Remaining = lot.Forfeited = Amount.Zero;
        lot.Reversed = true;
        return Append(new()
        {
            Kind = CreditTransactionKind.Reversal,
            Amount = -original.Amount,
            EffectiveAt = original.EffectiveAt,
            Reference = original.Reference,
            Description = reason,
            Lot = lot.Number,
            Reverses = original.Sequence,
        });
    }

    /// <summary>
    /// Books what has expired by now, and releases what a clock that ran ahead had booked of lots that have not (F5, F8).
    /// </summary>
    public void BookForfeitures()
    {
        foreach (var lot in Lots.All.Where(lot => IsExpired(lot) ? lot.Remaining > lot.Forfeited : lot.Forfeited > Amount.Zero)
            .OrderBy(lot => lot.ExpiresAt).ThenBy(lot => lot.Number).Select(Lots.Own).ToList())
        {
            if (!IsExpired(lot))
            {
                PostOfLot(CreditTransactionKind.Release, lot.Forfeited, lot);
                lot.Forfeited = Amount.Zero;
                continue;
            }

            var forfeited = lot.Remaining - lot.Forfeited;
            PostOfLot(CreditTransactionKind.Forfeiture, -forfeited, lot);
            Notifications.Expired(lot, forfeited);
            Forfeited += forfeited;
            lot.Forfeited = lot.Remaining;
        }
    }

    /// <summary>Ends an operation: what has expired is booked, and the balance is notified where money moved.</summary>
    /// <param name="bookForfeitures">Whether the posting is the last of its operation; only then is it booked.</param>
    public void Finish(bool bookForfeitures = true)
    {
        if (bookForfeitures)
        {
            BookForfeitures();
            DigestKilledImports();
        }

        if (_uses is not null)
            Budgets.Notify();
        if (Account.MoneyEntries > _state.Account.MoneyEntries)
            Notifications.Balance(Balance(), Tenant.LowBalance ?? _rule?.Minimum);
    }

    /// <summary>The balance now (F8): by the clock's now, whatever was posted under a clock that ran ahead.</summary>
    public Amount Balance() => BalanceRules.Now(Account.Balance, Lots.All, Now);

    /// <summary>Whether something is notified already and not over (N2).</summary>
    public bool IsNotified(NotifiedMark mark) => (_notified ?? _state.Notified).Contains(mark);

    /// <summary>Marks something as notified.</summary>
    /// <returns>False where it was already.</returns>
    public bool TryMarkNotified(NotifiedMark mark)
    {
        if (IsNotified(mark))
            return false;
        (_notified ??= [.. _state.Notified]).Add(mark);
        Changes.Notified[mark] = true;
        return true;
    }

    /// <summary>Lets something be notified again when it comes again (N2).</summary>
    public void Rearm(NotifiedMark mark)
    {
        if (!IsNotified(mark))
            return;
        (_notified ??= [.. _state.Notified]).Remove(mark);
        Changes.Notified[mark] = false;
    }

    /// <summary>Takes the draft over: the state is then as it says, and what it changed is added to the posting.</summary>
    /// <param name="posting">What was decided for the tenant before; null where this is the first.</param>
    /// <returns>All that was decided.</returns>
    /// <exception cref="InvalidOperationException">The draft breaks an invariant of the ledger: nothing may be written.</exception>
    public TenantPosting Accept(TenantPosting? posting)
    {
        if (_digests.Count > 0 || _use is not null)
            throw new InvalidOperationException("No entry records a setting that was changed.");
        Invariants.Check(this);

        // Only an entry moves the account's clock: then the last entry shows what it has to be.
        if (Account.Sequence == _state.Account.Sequence)
            Account.PostedAt = _state.Account.PostedAt;
        _state.Tenant = Tenant;
        _state.Account = Account;
        _state.Episode = _episode;
        _state.Rule = _rule;
        if (_hasOpenAttempt)
            _state.OpenAttempt = _openAttempt;
        Lots.Accept();
        _state.Notified = _notified ?? _state.Notified;
        _pools?.Accept();
        _uses?.Accept();
        _state.Take(Changes);
        if (posting is null)
            return Changes;
        posting.Add(Changes);
        return posting;
    }

    /// <summary>An import that was killed left records that no entry covers yet (H1a).</summary>
    private void DigestKilledImports()
    {
        foreach (var import in _state.OpenImports.Where(import => !Changes.Imports.ContainsKey(import.Number)))
        {
            if (import.Records is { } records)
                AddDigest(StateDigest.OfRecords(import.Number, records));
            Note($"{ImportTally.IdOf(Tenant.Id, import.Number)} had not ended when this was posted", StateDigest.OfImport(import));
            Changes.DigestedImports.Add((import.Number, Account.Sequence));
        }
    }

    private static LedgerEntry EntryOf(in UsageCall call) => new()
    {
        Kind = CreditTransactionKind.Usage,
        Amount = -call.Charge,
        EffectiveAt = call.StartedAt,
        Record = call.Record,
    };

    private bool IsExpired(Lot lot) => lot.ExpiresAt <= Now;

    private List<DrawRow> DrawsOf(EntryFacts original)
    {
        var draws = original.Draws.ToList();
        draws.AddRange(Changes.Draws.Where(draw => draw.Entry == original.Entry.Sequence));
        return draws;
    }

    [MethodImpl(HotPath.Compiled)]
    private void Draw(ref LedgerEntry entry, ReadOnlySpan<byte> recordDigest, Span<byte> hash)
    {
        _draws.Clear();
        var unpaid = DrawDown.Draw(Lots.All, -entry.Amount, entry.EffectiveAt, _draws);
        for (var i = 0; i < _draws.Count; i++)
        {
            var draw = _draws[i] = _draws[i] with { Lot = Lots.Own(_draws[i].Lot) };
            DrawDown.Take(draw);
            if (draw.Released > Amount.Zero)
                PostOfLot(CreditTransactionKind.Release, draw.Released, draw.Lot);
        }

        // The usual case: the entry names the one lot that pays it, and the chain covers that too.
        if (_draws.Count == 1 && unpaid == Amount.Zero)
            entry.Lot = _draws[0].Lot.Number;
        Chain(ref entry, recordDigest, hash);
        for (var part = 0; part < _draws.Count && entry.Lot is null; part++)
            Changes.Draws.Add(new(entry.Sequence, part, _draws[part].Lot.Number, _draws[part].Amount, entry.Sequence));
        if (unpaid > Amount.Zero)
        {
            Lots.Owe(new(entry.Sequence, entry.EffectiveAt, unpaid, _draws.Count));
            Account.Debt += unpaid;
        }
    }

    [MethodImpl(HotPath.Compiled)]
    private void Chain(ref LedgerEntry entry, ReadOnlySpan<byte> recordDigest, Span<byte> hash)
    {
        entry.Sequence = ++Account.Sequence;
        entry.PostedAt = Account.PostedAt;
        entry.RecordedAt = Now;
        entry.Actor = Actor;
        entry.Formula = LedgerEntry.NewestFormula;
        entry.BalanceAfter = Account.Balance += entry.Amount;
        if (_use is var (operation, key, parameters) && entry.Kind is not (CreditTransactionKind.Release or CreditTransactionKind.Forfeiture))
        {
            var use = new IdempotencyUse(parameters, entry.Sequence);
            Changes.Keys.Add((operation, key, use));
            AddDigest(StateDigest.OfKey(operation, key, use));
            _use = null;
        }

        if (_digests.Count > 0)
        {
            entry.Digests = string.Join('\n', _digests);
            _digests.Clear();
        }

        if (entry.Kind != CreditTransactionKind.Setting)
            Account.MoneyEntries++;
        _chain.Advance(Account.Hash, entry, recordDigest, hash);
        if (_hash is null)
            Account.Hash = _hash = new byte[SHA256.HashSizeInBytes];
        hash.CopyTo(_hash);
    }

    private void PostOfLot(CreditTransactionKind kind, Amount amount, Lot lot) => Append(new()
    {
        Kind = kind,
        Amount = amount,
        EffectiveAt = lot.ExpiresAt,
        Lot = lot.Number,
        Description = $"{Lot.IdOf(Tenant.Id, lot.Number)} expired at {lot.ExpiresAt}",
    });
}

/// <summary>Who posts, and when.</summary>
/// <param name="Actor">account@machine (I2).</param>
/// <param name="Now">The clock's reading.</param>
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
