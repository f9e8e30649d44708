using CommunicationsCredits.Ledger.Budgets;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Guard;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Import;
using CommunicationsCredits.Ledger.Users;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>What a ledger in memory holds of one tenant: the last of everything that postings wrote.</summary>
internal sealed class MemoryTenant
{
    public required Tenant Tenant { get; set; }

    public required AccountState Account { get; set; }

    /// <summary>The entries that are no call's own row.</summary>
    public SortedDictionary<long, StoredEntry> Entries { get; private init; } = [];

    public SortedDictionary<long, Lot> Lots { get; private init; } = [];

    public List<DrawRow> Draws { get; private init; } = [];

    public Dictionary<long, Debt> Debts { get; private init; } = [];

    public SortedDictionary<long, MemoryRecord> Records { get; private init; } = [];

    public Dictionary<UInt128, long> UsageKeys { get; private init; } = [];

    public Dictionary<long, Attempt> Attempts { get; private init; } = [];

    public SortedDictionary<long, ImportTally> Imports { get; private init; } = [];

    public SortedDictionary<long, Notification> Notifications { get; private init; } = [];

    public HashSet<long> SheetsUsed { get; private init; } = [];

    /// <summary>The sample of each import that has ended.</summary>
    public Dictionary<long, IReadOnlyList<UInt128>> Samples { get; private init; } = [];

    public RechargeRule? Rule { get; private set; }

    private Dictionary<string, PaymentMethod> Methods { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    private Dictionary<(string Capability, string Country), IReadOnlyList<PoolSetting>> PoolSettings { get; init; } = [];

    private Dictionary<PoolMonthKey, PoolMonth> PoolMonths { get; init; } = [];

    public Dictionary<DayUseKey, DayUse> DayUses { get; private init; } = [];

    public Dictionary<UserMonthKey, Amount> UserMonths { get; private init; } = [];

    private Dictionary<string, IReadOnlyList<UserSetting>> Users { get; init; } = [];

    private GuardSetting? Guard { get; set; }

    private SortedDictionary<int, Alarm> Alarms { get; init; } = [];

    private Dictionary<BudgetKey, Budget> Budgets { get; init; } = [];

    private Dictionary<BudgetMonth, BudgetMark> BudgetMarks { get; init; } = [];

    private HashSet<NotifiedMark> Notified { get; init; } = [];

    private Dictionary<(string Operation, string Key), IdempotencyUse> Keys { get; init; } = [];

    /// <summary>A copy, to be written into.</summary>
    public MemoryTenant Copy() => new()
    {
        Tenant = Tenant,
        Account = Account,
        Entries = new(Entries),
        Lots = new(Lots),
        Draws = [.. Draws],
        Debts = new(Debts),
        Records = new(Records),
        UsageKeys = new(UsageKeys),
        Attempts = new(Attempts),
        Imports = new(Imports),
        Notifications = new(Notifications),
        SheetsUsed = [.. SheetsUsed],
        Samples = new(Samples),
        Rule = Rule,
        Methods = new(Methods, StringComparer.OrdinalIgnoreCase),
        PoolSettings = new(PoolSettings),
        PoolMonths = new(PoolMonths),
        DayUses = new(DayUses),
        UserMonths = new(UserMonths),
        Users = new(Users),
        Guard = Guard,
        Alarms = new(Alarms),
        Budgets = new(Budgets),
        BudgetMarks = new(BudgetMarks),
        Notified = [.. Notified],
        Keys = new(Keys),
    };

    /// <summary>The part of the state that every decision gets.</summary>
    public TenantState NewState()
    {
        var open = Attempts.Values.SingleOrDefault(attempt => attempt.IsOpen);
        var state = new TenantState
        {
            Tenant = Tenant,
            Account = Account with { },
            Lots = [.. Lots.Values.Where(lot => lot.Remaining > Amount.Zero).Select(lot => lot.Copy())],
            Rule = Rule,
            OpenAttempt = open,
            PoolSettings =
            [
                .. PoolSettings.OrderBy(pool => pool.Key.Capability, StringComparer.Ordinal)
                    .ThenBy(pool => pool.Key.Country, StringComparer.Ordinal).SelectMany(pool => pool.Value),
            ],
            Notified = [.. Notified],
            OpenImports = [.. Imports.Values.Where(import => import.Entry is null).Select(import => import with { })],
        };
        state.Lots.Sort(DrawDown.DrawOrder);
        if (open is not null)
            state.Attempts[open.Number] = open;
        if (Rule is not null)
        {
            foreach (var attempt in Attempts.Values.Where(attempt => attempt.State != AutoRechargeAttemptState.Refused))
                state.LastAttemptAt = attempt.StartedAt <= state.LastAttemptAt ? state.LastAttemptAt : attempt.StartedAt;
        }

        return state;
    }

    /// <summary>Loads what a state was not asked for before; what was decided since goes before what is stored.</summary>
    public void LoadMore(TenantState state, Needs needs)
    {
        foreach (var key in needs.Keys.Where(Keys.ContainsKey))
            state.Keys.TryAdd(key, Keys[key]);
        foreach (var sequence in needs.Entries)
            LoadEntry(state, sequence);
        foreach (var attempt in Attempts.Values.Where(attempt => needs.Attempts.Contains(attempt.Number) || attempt.StartedAt >= needs.AttemptsSince))
            state.Attempts.TryAdd(attempt.Number, attempt);
        foreach (var import in Imports.Values.Where(import => needs.Imports.Contains(import.Number)))
            state.Imports.TryAdd(import.Number, import with { });
        foreach (var notice in Notifications.Values.Where(notice => needs.Notifications.Contains(notice.Number)))
            state.Notifications.TryAdd(notice.Number, notice);
        if (needs.PaymentMethods)
            state.PaymentMethods ??= new(Methods, StringComparer.OrdinalIgnoreCase);
        if (needs.UseWhereHeld is { } before && state.Rule?.HeldAt is not null)
        {
            state.UseDays =
            [
                .. Records.Values.Select(record => record.Use).OfType<(Instant At, Amount Charge)>()
                    .Where(use => use.At >= before.Add(-RechargeSizing.HeldDaysWithin).Midnight && use.At < before)
                    .GroupBy(use => use.At.Midnight).OrderBy(day => day.Key.Ticks).TakeLast(RechargeSizing.HeldDays)
                    .Select(day => new Amount(day.Sum(use => use.Charge.Micros))),
            ];
        }

        if (needs.PoolMonths is var (first, last))
        {
            if (state.PoolMonthsLoaded is var (known, knownLast))
                (first, last) = (known < first ? known : first, knownLast > last ? knownLast : last);
            foreach (var month in PoolMonths.Values.Where(month => month.Month >= first && month.Month <= last))
                state.PoolMonths.TryAdd(month.Key, month);
            state.PoolMonthsLoaded = (first, last);
        }

        if (needs.Use is var (firstUse, lastUse))
        {
            if (state.UseLoaded is var (known, knownLast))
                (firstUse, lastUse) = (known < firstUse ? known : firstUse, knownLast > lastUse ? knownLast : lastUse);
            foreach (var (key, use) in DayUses.Where(pair => MonthOf(pair.Key) >= firstUse && MonthOf(pair.Key) <= lastUse))
                state.DayUses.TryAdd(key, use);
            foreach (var (key, charge) in UserMonths.Where(pair => pair.Key.Month >= firstUse && pair.Key.Month <= lastUse))
                state.UserMonths.TryAdd(key, charge);
            state.UseLoaded = (firstUse, lastUse);
        }

        if ((needs.Use is not null || needs.Budgets) && !state.HasBudgets)
        {
            state.HasBudgets = true;
            foreach (var (key, budget) in Budgets)
                state.Budgets.Add(key, budget);
            foreach (var (month, mark) in BudgetMarks)
                state.BudgetMarks.Add(month, mark);
            foreach (var (user, settings) in Users)
                state.Users.TryAdd(user, settings);
        }

        if (needs.Alarms || needs.GuardDays is not null)
        {
            state.Guard = Guard ?? state.Guard;
            state.Alarms ??= [.. Alarms.Values];
        }

        if (needs.GuardDays is not null)
        {
            state.GuardHistory = new();
            foreach (var (key, use) in DayUses)
                state.GuardHistory.Add(key, state.DayUses.TryGetValue(key, out var decided) ? decided : use);
        }

        foreach (var day in needs.Details)
        {
            var details = state.GuardDetails[day] = new();
            var batch = new UsageBatch();
            foreach (var record in Records.Keys)
                LoadRecord(record, batch);
            foreach (ref readonly var call in batch.Calls)
            {
                if (call.StartedAt.Ticks / TimeSpan.TicksPerDay == day)
                    details.Add(batch, call);
            }
        }

        state.SeenUsers.UnionWith(UserMonths.Keys.Select(key => key.User));
        foreach (var user in needs.Users)
            state.Users.TryAdd(user, Users.GetValueOrDefault(user) ?? []);
        if (needs.AllLots)
            LoadSpent(state, [.. Lots.Keys]);
        if (needs.Debts > Amount.Zero)
            state.TakeDebts([.. Debts.Values.Order(DebtOrder.Instance)], isAll: true);
    }

    /// <summary>What lots paid of entries, in order.</summary>
    public ILookup<long, DrawRow> DrawsOf(IReadOnlyCollection<long> entries) =>
        Draws.Where(draw => entries.Contains(draw.Entry)).OrderBy(draw => draw.Part).ToLookup(draw => draw.Entry);

    /// <summary>Reads a record to the end of a batch, as it stands.</summary>
    public void LoadRecord(long record, UsageBatch batch)
    {
        var kept = Records[record];
        kept.AppendTo(batch);
        ref var call = ref batch.Calls[^1];
        if (kept.Rated is { Entry: { } entry })
            call.Lot = Entries[entry].Entry.Lot;
    }

    /// <summary>Reads the next page of records to the end of a batch.</summary>
    public void LoadPage(RecordPage page, UsageBatch batch)
    {
        var origin = page is { WithReposted: true, Import: { } import } ? import : (long?)null;
        var records = (page.Descending ? Records.Reverse() : Records)
            .Where(pair => page.Descending ? pair.Key < page.After : pair.Key > page.After)
            .Where(pair => pair.Key <= page.Last)
            .Where(pair => page.Import is null || pair.Value.Import == page.Import || (origin is { } of && IsReposted(pair.Key, pair.Value, of)))
            .Where(pair => !page.Unrated || pair.Value.IsUnrated || (page.FreeInboundFrom is { } free && pair.Value.IsFreeInboundFrom(free)))
            .Where(pair => page.BySheet is not var (from, to) || pair.Value.IsChargedBySheet(from, to))
            .Where(pair => page.NotBlankedBefore is not { } before || pair.Value.MayBeBlankedBefore(before))
            .Take(UsageBatch.Capacity);
        foreach (var (record, _) in records)
            LoadRecord(record, batch);
    }

    /// <summary>Reads the records that identities stood for before others.</summary>
    public IReadOnlyDictionary<long, long> LoadFormer(IReadOnlyList<long> records, UsageBatch batch)
    {
        var former = new Dictionary<long, long>();
        foreach (var record in records)
        {
            var before = Records.Where(pair => pair.Key < record && pair.Value.Key == Records[record].Key).Select(pair => pair.Key).DefaultIfEmpty().Max();
            if (before != 0)
                former.Add(record, before);
        }

        foreach (var record in former.Values.Order())
            LoadRecord(record, batch);
        return former;
    }

    /// <summary>The import that has the most identities of a sample, or null.</summary>
    public ForeignImport? FindSample(IReadOnlyList<UInt128> keys)
    {
        var best = Samples.Where(sample => Imports[sample.Key].Status != UsageImportStatus.Reversed)
            .Select(sample => (Import: sample.Key, Records: sample.Value.Intersect(keys).Count()))
            .Where(sample => sample.Records > 0).OrderByDescending(sample => sample.Records).ThenBy(sample => sample.Import).FirstOrDefault();
        return best.Records == 0 ? null : new(Tenant.Id, Tenant.Name, best.Import, best.Records);
    }

    /// <summary>Writes a posting.</summary>
    public void Apply(TenantPosting posting)
    {
        Tenant = posting.Tenant;
        Account = posting.After with { };
        foreach (var stored in posting.Entries)
            Entries.Add(stored.Entry.Sequence, new(stored.Entry, [.. stored.Hash]));
        ApplyUsage(posting);
        Draws.AddRange(posting.Draws);
        foreach (var lot in posting.Lots.Values)
            Lots[lot.Number] = lot.Copy();
        foreach (var debt in posting.Debts.Values)
        {
            if (debt.Unpaid == Amount.Zero)
                Debts.Remove(debt.Entry);
            else
                Debts[debt.Entry] = debt;
        }

        foreach (var (operation, key, use) in posting.Keys)
            Keys.Add((operation, key), use);
        ApplyPools(posting);
        foreach (var (key, use) in posting.DayUses)
            DayUses[key] = use;
        foreach (var (key, charge) in posting.UserMonths)
        {
            UserMonths.Remove(key);
            if (charge != Amount.Zero)
                UserMonths.Add(key, charge);
        }

        foreach (var (user, settings) in posting.Users)
            Users[user] = settings;
        foreach (var (key, budget) in posting.Budgets)
        {
            if (budget is null)
                Budgets.Remove(key);
            else
                Budgets[key] = budget;
        }

        foreach (var (month, mark) in posting.BudgetMarks)
            BudgetMarks[month] = mark;
        Guard = posting.Guard ?? Guard;
        foreach (var alarm in posting.Alarms.Values)
            Alarms[alarm.FirstDay] = alarm;
        Rule = posting.Rule ?? Rule;
        foreach (var (name, method) in posting.PaymentMethods)
        {
            Methods.Remove(name);
            if (method is not null)
                Methods.Add(name, method);
        }

        foreach (var attempt in posting.Attempts.Values)
            Attempts[attempt.Number] = attempt;
        foreach (var import in posting.Imports.Values)
            Imports[import.Number] = import with { };
        if (posting.Sample is var (sampled, keys))
            Samples[sampled] = keys;
        foreach (var (import, entry) in posting.DigestedImports)
            Imports[import] = Imports[import] with { Entry = entry };
        foreach (var notice in posting.Notifications.Values)
            Notifications[notice.Number] = notice;
        foreach (var words in posting.Reworded)
        {
            foreach (var notice in Notifications.Values.Where(notice =>
                notice.Kind == words.Kind && notice.Subject.EndsWith(words.SubjectEnd, StringComparison.Ordinal)).ToList())
            {
                Notifications[notice.Number] = notice with
                {
                    Subject = notice.Subject.Replace(words.Before, words.After, StringComparison.Ordinal),
                    Body = notice.Body.Replace(words.Before, words.After, StringComparison.Ordinal),
                };
            }
        }

        foreach (var (mark, isNotified) in posting.Notified)
        {
            if (isNotified)
                Notified.Add(mark);
            else
                Notified.Remove(mark);
        }
    }

    /// <summary>Whether pricing again, or its undo, posted a call of an import anew.</summary>
    private bool IsReposted(long number, MemoryRecord record, long origin) =>
        !record.IsReversed && Imports[record.Import].Kind is ImportKind.Undo or ImportKind.Rerating
        && Records.Where(pair => pair.Key < number && pair.Value.Key == record.Key && Imports[pair.Value.Import].Kind == ImportKind.Usage)
            .Select(pair => pair.Value.Import).LastOrDefault() == origin;

    private void ApplyUsage(TenantPosting posting)
    {
        if (posting.Calls is { } calls)
        {
            foreach (ref readonly var call in calls.Calls)
            {
                if (call.Record == 0)
                    continue;
                Records.Add(call.Record, MemoryRecord.Of(calls, call));
                UsageKeys.TryAdd(call.Key, call.Record);
            }
        }

        foreach (var (key, record) in posting.MovedKeys)
            UsageKeys[key] = record;
        foreach (var rated in posting.Rated)
            Records[rated.Record] = Records[rated.Record] with { Rated = rated };
        foreach (var (record, _, _) in posting.Reversed)
            Records[record] = Records[record] with { IsReversed = true };
        foreach (var (record, digest) in posting.Blanked)
            Records[record] = Records[record] with { Blanked = digest };
        SheetsUsed.UnionWith(posting.SheetsUsed);
    }

    private void ApplyPools(TenantPosting posting)
    {
        foreach (var (pool, settings) in posting.PoolSettings)
            PoolSettings[pool] = [.. settings];
        foreach (var month in posting.PoolMonths.Values)
            PoolMonths[month.Key] = month;
        if (posting.ForgetUsersBefore is not { } before)
            return;
        foreach (var pool in PoolMonths.Values.Where(month => month.Month < before).GroupBy(month => month.Key with { User = string.Empty })
            .Where(pool => pool.Any(month => month.User.Length > 0)).ToList())
        {
            var all = new PoolMonth(pool.Key.Capability, pool.Key.Country, pool.Key.Month, string.Empty);
            foreach (var month in pool)
            {
                (all.Domestic.Used, all.Domestic.Unusable) = (all.Domestic.Used + month.Domestic.Used, all.Domestic.Unusable + month.Domestic.Unusable);
                all.International.Used += month.International.Used;
                all.International.Unusable += month.International.Unusable;
                PoolMonths.Remove(month.Key);
            }

            PoolMonths[pool.Key] = all;
        }
    }

    private static Month MonthOf(DayUseKey key) => Month.Of(new(key.Day * TimeSpan.TicksPerDay));

    private void LoadEntry(TenantState state, long sequence)
    {
        if (state.Entries.ContainsKey(sequence))
            return;
        LedgerEntry entry;
        if (Entries.TryGetValue(sequence, out var stored))
            entry = stored.Entry;
        else if (Records.Values.FirstOrDefault(record => record.Sequence == sequence) is { } call)
            entry = call.Entry;
        else
            return;
        UsageBatch? batch = null;
        if (entry is { Kind: CreditTransactionKind.Usage, Record: { } number })
            LoadRecord(number, batch = new());
        var draws = DrawsOf([sequence])[sequence].ToList();
        state.Entries[sequence] = new()
        {
            Entry = entry,
            IsReversed = Entries.Values.Any(other => other.Entry.Reverses == sequence),
            Draws = draws,
            Record = batch,
        };
        LoadSpent(state, [.. draws.Select(draw => draw.Lot), .. entry.Lot is { } lot ? [lot] : Array.Empty<long>()]);
    }

    private void LoadSpent(TenantState state, IReadOnlyCollection<long> numbers)
    {
        foreach (var number in numbers)
        {
            if (Lots[number].Remaining == Amount.Zero && !state.Lots.Exists(other => other.Number == number))
                state.SpentLots.TryAdd(number, Lots[number].Copy());
        }
    }
}
