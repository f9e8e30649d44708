using System.Globalization;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>
/// Loads what decisions need. Each kind of thing is one query, for one tenant or for five hundred: tenant by tenant, a store across a
/// network would spend all its time on the way.
/// </summary>
internal sealed class StateLoader(StoreConnection connection)
{
    private readonly UsageTable _usage = new(connection);
    private readonly UseTable _uses = new(connection);
    private readonly UserTable _users = new(connection);
    private readonly BudgetTable _budgets = new(connection);
    private readonly ReportTable _reports = new(connection);
    private readonly GuardTable _guards = new(connection);

    /// <summary>Loads states, in the order of the needs; null where there is no such tenant.</summary>
    public IReadOnlyList<TenantState?> Load(IReadOnlyList<Needs> needs)
    {
        var byKey = LoadTenants([.. needs.Select(need => Tenant.KeyOf(need.TenantId))]);
        var byNumber = byKey.Values.ToDictionary(state => state.Tenant.Number);
        if (byNumber.Count > 0)
        {
            Together(
                Lots(byNumber, "remaining > 0"), OpenAttempts(byNumber), LastAttempts(byNumber), PoolSettings(byNumber), Notified(byNumber),
                OpenImports(byNumber));
        }

        var states = new TenantState?[needs.Count];
        var more = new List<(TenantState, Needs)>();
        for (var i = 0; i < needs.Count; i++)
        {
            states[i] = byKey.GetValueOrDefault(Tenant.KeyOf(needs[i].TenantId));
            if (states[i] is { } state)
                more.Add((state, needs[i]));
        }

        LoadMore(more);
        return states;
    }

    /// <summary>Loads what states were not asked for before.</summary>
    public void LoadMore(IReadOnlyList<(TenantState State, Needs Needs)> more)
    {
        foreach (var (state, needs) in more)
        {
            if (needs.Keys.Count > 0)
                LoadKeys(state, needs.Keys);
            if (needs.Entries.Count > 0)
                LoadEntries(state, needs.Entries);
            if (needs.Attempts.Count > 0)
                LoadAttempts(state, needs);
            if (needs.Imports.Count > 0)
                LoadImports(state, needs.Imports);
            if (needs.Notifications.Count > 0)
                LoadNotifications(state, needs.Notifications);
            if (needs.UseWhereHeld is { } before && state.Rule?.HeldAt is not null)
                LoadUseDays(state, before);
            if (needs.PoolMonths is var (first, last))
                LoadPoolMonths(state, first, last);
            if (needs.Use is var (firstUse, lastUse))
                LoadUse(state, firstUse, lastUse);
            if (needs.Users.Count > 0)
                LoadUsers(state, needs.Users);
            if (needs.Use is not null || needs.Budgets)
                LoadBudgets(state);
            if (needs.Alarms || needs.GuardDays is not null)
                LoadAlarms(state);
            if (needs.GuardDays is var (firstDay, lastDay))
                LoadHistory(state, firstDay, lastDay);
            foreach (var day in needs.Details)
                LoadDetails(state, day);
        }

        LoadAttemptsSince(more);
        LoadMethods([.. more.Where(pair => pair.Needs.PaymentMethods && pair.State.PaymentMethods is null).Select(pair => pair.State)]);
        LoadDebts([.. more.Where(pair => pair.Needs.Debts > Amount.Zero)]);
        var all = more.Where(pair => pair.Needs.AllLots).ToDictionary(pair => pair.State.Tenant.Number, pair => pair.State);
        if (all.Count > 0)
            LoadLots(all, "remaining = 0");
    }

    /// <inheritdoc cref="ILedgerFacts.LoadDraws"/>
    public ILookup<long, DrawRow> LoadDraws(long tenant, IReadOnlyList<long> entries)
    {
        var draws = new List<DrawRow>();
        using var select = connection.Prepare(
            $"SELECT entry, part, lot, amount, posted FROM draw WHERE tenant = $1 AND entry {connection.Among(2)} ORDER BY entry, part")
            .Bind(1, tenant).BindAll(2, entries);
        while (select.Step())
            draws.Add(LotTable.ReadDraw(select));
        return draws.ToLookup(draw => draw.Entry);
    }

    /// <summary>Where the ledger's own chain has got to.</summary>
    public LedgerHead LedgerHead(string lockClause = "")
    {
        using var select = connection.Prepare($"SELECT sequence, hash, tenants, sheets, rate_version FROM ledger{lockClause}");
        select.Step();
        return new(select.Int64(0), select.Bytes(1).ToArray(), select.Int64(2), select.Int64(3), select.Int64(4));
    }

    private Dictionary<string, TenantState> LoadTenants(IReadOnlyList<string> keys)
    {
        var states = new Dictionary<string, TenantState>(keys.Count);
        using var select = connection.Prepare(
            $"SELECT {TenantTable.Columns}, {TenantTable.AccountColumns}, l.tenant, {RechargeTable.RuleColumns} FROM tenant t "
            + "JOIN account a ON a.tenant = t.tenant LEFT JOIN recharge_rule l ON l.tenant = a.tenant "
            + $"LEFT JOIN recharge_state s ON s.tenant = a.tenant WHERE t.id_key {connection.Among(1)}").BindAll(1, keys);
        while (select.Step())
        {
            var tenant = TenantTable.Read(select, 0);
            states[Tenant.KeyOf(tenant.Id)] = new()
            {
                Tenant = tenant,
                Account = TenantTable.ReadAccount(select, 11),
                Rule = select.IsNull(23) ? null : RechargeTable.ReadRule(select, 24),
                Lots = [],
            };
        }

        return states;
    }

    /// <summary>Runs loads whose questions do not depend on each other's answers: each gives its statement, then reads its rows.</summary>
    private void Together(params IEnumerable<StoreStatement>[] loads)
    {
        var begun = loads.Select(load => load.GetEnumerator()).ToList();
        try
        {
            connection.Ask([.. begun.Where(load => load.MoveNext()).Select(load => load.Current)]);
            foreach (var load in begun)
                load.MoveNext();
        }
        finally
        {
            begun.ForEach(load => load.Dispose());
        }
    }

    private void LoadLots(Dictionary<long, TenantState> states, string which) => Together(Lots(states, which));

    private IEnumerable<StoreStatement> Lots(Dictionary<long, TenantState> states, string which)
    {
        var changed = new HashSet<TenantState>();
        using var select = connection.Prepare(
            $"SELECT tenant, {LotTable.Columns} FROM lot WHERE tenant {connection.Among(1)} AND {which}").BindAll(1, [.. states.Keys]);
        yield return select;
        while (select.Step())
        {
            var state = states[select.Int64(0)];
            var lot = LotTable.Read(select, 1);
            if (lot.Remaining == Amount.Zero)
            {
                // What was decided since goes before what is stored.
                if (!state.Lots.Exists(other => other.Number == lot.Number))
                    state.SpentLots.TryAdd(lot.Number, lot);
                continue;
            }

            state.Lots.Add(lot);
            changed.Add(state);
        }

        foreach (var state in changed)
            state.Lots.Sort(DrawDown.DrawOrder);
    }

    private IEnumerable<StoreStatement> OpenAttempts(Dictionary<long, TenantState> states)
    {
        using var select = connection.Prepare(
            $"SELECT tenant, {RechargeTable.AttemptColumns} FROM attempt WHERE tenant {connection.Among(1)} AND {RechargeTable.IsOpen}")
            .BindAll(1, [.. states.Keys]);
        yield return select;
        while (select.Step())
        {
            var attempt = RechargeTable.ReadAttempt(select, 1);
            states[select.Int64(0)].OpenAttempt = attempt;
            states[select.Int64(0)].Attempts[attempt.Number] = attempt;
        }
    }

    private IEnumerable<StoreStatement> LastAttempts(Dictionary<long, TenantState> states)
    {
        // Only those that have a rule show when it last acted.
        var ruled = states.Values.Where(state => state.Rule is not null).Select(state => state.Tenant.Number).ToList();
        if (ruled.Count == 0)
            yield break;
        using var last = connection.Prepare(
            $"SELECT tenant, max(started_at) FROM attempt WHERE tenant {connection.Among(1)} AND state <> 4 GROUP BY tenant").BindAll(1, ruled);
        yield return last;
        while (last.Step())
            states[last.Int64(0)].LastAttemptAt = new(last.Int64(1));
    }

    private IEnumerable<StoreStatement> PoolSettings(Dictionary<long, TenantState> states)
    {
        var settings = new Dictionary<TenantState, List<Pools.PoolSetting>>();
        using var select = connection.Prepare(
            $"SELECT tenant, {PoolTable.SettingColumns} FROM pool_setting WHERE tenant {connection.Among(1)} "
            + "ORDER BY tenant, capability, country, month").BindAll(1, [.. states.Keys]);
        yield return select;
        while (select.Step())
        {
            var state = states[select.Int64(0)];
            if (!settings.TryGetValue(state, out var list))
                settings.Add(state, list = []);
            list.Add(PoolTable.ReadSetting(select, 1));
        }

        foreach (var (state, list) in settings)
            state.PoolSettings = list;
    }

    private IEnumerable<StoreStatement> Notified(Dictionary<long, TenantState> states)
    {
        using var select = connection.Prepare($"SELECT tenant, kind, subject FROM notified WHERE tenant {connection.Among(1)}")
            .BindAll(1, [.. states.Keys]);
        yield return select;
        while (select.Step())
            states[select.Int64(0)].Notified.Add(new((CreditNotificationKind)select.Int32(1), select.Text(2)));
    }

    private IEnumerable<StoreStatement> OpenImports(Dictionary<long, TenantState> states)
    {
        var open = new Dictionary<TenantState, List<ImportTally>>();
        using var select = connection.Prepare(
            $"SELECT tenant, {ImportTable.Columns} FROM import WHERE tenant {connection.Among(1)} AND entry IS NULL ORDER BY tenant, import")
            .BindAll(1, [.. states.Keys]);
        yield return select;
        while (select.Step())
        {
            var state = states[select.Int64(0)];
            if (!open.TryGetValue(state, out var list))
                open.Add(state, list = []);
            list.Add(ImportTable.Read(select, 1));
        }

        foreach (var (state, list) in open)
            state.OpenImports = list;
    }

    private void LoadKeys(TenantState state, IReadOnlyList<(string Operation, string Key)> keys)
    {
        foreach (var operation in keys.GroupBy(key => key.Operation))
        {
            using var select = connection.Prepare(
                $"SELECT key, parameters, entry FROM idempotency WHERE tenant = $1 AND operation = $2 AND key {connection.Among(3)}")
                .Bind(1, state.Tenant.Number).Bind(2, operation.Key).BindAll(3, [.. operation.Select(key => key.Key)]);
            while (select.Step())
                state.Keys.TryAdd((operation.Key, select.Text(0)), new(select.Text(1), select.Int64(2)));
        }
    }

    private void LoadEntries(TenantState state, IReadOnlyList<long> sequences)
    {
        var tenant = state.Tenant.Number;
        var entries = new EntryTable(connection);
        var found = new List<LedgerEntry>();
        foreach (var sequence in sequences.Distinct())
        {
            if (!state.Entries.ContainsKey(sequence) && entries.Find(tenant, sequence) is { } read)
                found.Add(read.Entry);
        }

        if (found.Count == 0)
            return;
        var draws = LoadDraws(tenant, [.. found.Select(entry => entry.Sequence)]);
        var lots = new HashSet<long>();
        foreach (var entry in found)
        {
            UsageBatch? record = null;
            if (entry is { Kind: CreditTransactionKind.Usage, Record: { } number })
                _usage.Load(tenant, [number], record = new());
            state.Entries[entry.Sequence] = new()
            {
                Entry = entry,
                IsReversed = entries.IsReversed(tenant, entry.Sequence),
                Draws = [.. draws[entry.Sequence]],
                Record = record,
            };
            lots.UnionWith(draws[entry.Sequence].Select(draw => draw.Lot));
            if (entry.Lot is { } lot)
                lots.Add(lot);
        }

        LoadLots(
            new() { [tenant] = state },
            $"remaining = 0 AND lot IN ({string.Join(", ", lots.Append(0).Select(lot => lot.ToString(CultureInfo.InvariantCulture)))})");
    }

    private void LoadAttempts(TenantState state, Needs needs)
    {
        using var select = connection.Prepare(
            $"SELECT {RechargeTable.AttemptColumns} FROM attempt WHERE tenant = $1 AND attempt {connection.Among(2)}")
            .Bind(1, state.Tenant.Number).BindAll(2, needs.Attempts);
        while (select.Step())
        {
            var attempt = RechargeTable.ReadAttempt(select, 0);
            state.Attempts.TryAdd(attempt.Number, attempt);
        }
    }

    private void LoadAttemptsSince(IReadOnlyList<(TenantState State, Needs Needs)> more)
    {
        var asked = more.Where(pair => pair.Needs.AttemptsSince is not null).ToList();
        if (asked.Count == 0)
            return;
        var states = asked.Select(pair => pair.State).Distinct().ToDictionary(state => state.Tenant.Number);
        using var select = connection.Prepare(
            $"SELECT tenant, {RechargeTable.AttemptColumns} FROM attempt WHERE tenant {connection.Among(1)} AND started_at >= $2")
            .BindAll(1, [.. states.Keys]).Bind(2, asked.Min(pair => pair.Needs.AttemptsSince!.Value.Ticks));
        while (select.Step())
        {
            var attempt = RechargeTable.ReadAttempt(select, 1);
            states[select.Int64(0)].Attempts.TryAdd(attempt.Number, attempt);
        }
    }

    private void LoadUseDays(TenantState state, Instant before) => state.UseDays =
    [
        .. _reports.UseByDay(state.Tenant.Number, before.Add(-RechargeSizing.HeldDaysWithin).Midnight, before)
            .TakeLast(RechargeSizing.HeldDays).Select(day => day.Sum),
    ];

    private void LoadMethods(IReadOnlyList<TenantState> asked)
    {
        if (asked.Count == 0)
            return;
        var states = asked.Distinct().ToDictionary(state => state.Tenant.Number);
        foreach (var state in states.Values)
            state.PaymentMethods = new(StringComparer.OrdinalIgnoreCase);
        using var select = connection.Prepare(
            $"SELECT tenant, {RechargeTable.MethodColumns} FROM payment_method WHERE tenant {connection.Among(1)}").BindAll(1, [.. states.Keys]);
        while (select.Step())
        {
            var method = RechargeTable.ReadMethod(select, 1);
            states[select.Int64(0)].PaymentMethods![method.Name] = method;
        }
    }

    private void LoadImports(TenantState state, IReadOnlyList<long> imports)
    {
        using var select = connection.Prepare(
            $"SELECT {ImportTable.Columns} FROM import WHERE tenant = $1 AND import {connection.Among(2)}")
            .Bind(1, state.Tenant.Number).BindAll(2, imports);
        while (select.Step())
        {
            var tally = ImportTable.Read(select, 0);
            state.Imports.TryAdd(tally.Number, tally);
        }
    }

    private void LoadNotifications(TenantState state, IReadOnlyList<long> numbers)
    {
        using var select = connection.Prepare(
            $"SELECT {NotificationTable.Columns} FROM notification WHERE tenant = $1 AND notification {connection.Among(2)}")
            .Bind(1, state.Tenant.Number).BindAll(2, numbers);
        while (select.Step())
        {
            var notice = NotificationTable.Read(select, 0);
            state.Notifications.TryAdd(notice.Number, notice);
        }
    }

    private void LoadPoolMonths(TenantState state, Time.Month first, Time.Month last)
    {
        if (state.PoolMonthsLoaded is var (known, knownLast))
        {
            first = known < first ? known : first;
            last = knownLast > last ? knownLast : last;
        }

        using var select = connection.Prepare(
            $"SELECT {PoolTable.MonthColumns} FROM pool_month WHERE tenant = $1 AND month >= $2 AND month <= $3")
            .Bind(1, state.Tenant.Number).Bind(2, first.Index).Bind(3, last.Index);
        while (select.Step())
        {
            var month = PoolTable.ReadMonth(select, 0);
            state.PoolMonths.TryAdd(month.Key, month);
        }

        state.PoolMonthsLoaded = (first, last);
    }

    private void LoadUse(TenantState state, Time.Month first, Time.Month last)
    {
        // What lies between is loaded too, so that what is known is one piece; what was decided since goes before what is stored.
        if (state.UseLoaded is var (known, knownLast))
        {
            (var from, var to) = first < known ? (first, last > knownLast ? last : known.Previous) : (knownLast.Next, last);
            if (from <= to)
                LoadSums(state, from, to);
            state.UseLoaded = (first < known ? first : known, last > knownLast ? last : knownLast);
            return;
        }

        LoadSums(state, first, last);
        state.UseLoaded = (first, last);
    }

    private void LoadBudgets(TenantState state)
    {
        if (state.HasBudgets)
            return;
        state.HasBudgets = true;
        foreach (var budget in _budgets.All(state.Tenant.Number))
            state.Budgets.TryAdd(budget.Key, budget);
        foreach (var (month, mark) in _budgets.Marks(state.Tenant.Number))
            state.BudgetMarks.TryAdd(month, mark);

        // Whose a call is depends on where its user belongs.
        if (!state.Budgets.Values.Any(budget => budget.Scope is Budgets.BudgetScope.Department or Budgets.BudgetScope.CostCenter))
            return;
        foreach (var user in _users.Settings(state.Tenant.Number).GroupBy(stored => stored.Key, stored => stored.Setting))
            state.Users.TryAdd(user.Key, [.. user]);
    }

    private void LoadAlarms(TenantState state)
    {
        if (state.Alarms is not null)
            return;
        state.Guard = _guards.Find(state.Tenant.Number) ?? state.Guard;
        state.Alarms = [.. _guards.Alarms(state.Tenant.Number)];
    }

    /// <summary>Loads what the guard compares days with: eight weeks before the first, and when each country was called first.</summary>
    private void LoadHistory(TenantState state, int first, int last)
    {
        var history = new Guard.UseHistory();
        foreach (var (country, day) in _uses.FirstDays(state.Tenant.Number))
            history.NoteFirst(country, day);

        // What was decided since, and is not stored in a preview, goes before what is stored.
        var days = _uses.Days(state.Tenant.Number, first - Guard.GuardRules.Window, last + 1 + Guard.Alarm.QuietDays)
            .ToDictionary(pair => pair.Key, pair => pair.Use);
        foreach (var (key, use) in state.DayUses)
            days[key] = use;
        foreach (var (key, use) in days)
            history.Add(key, use);
        state.GuardHistory = history;
    }

    private void LoadDetails(TenantState state, int day)
    {
        var details = new Guard.DayDetails();
        var (from, to) = (new Time.Instant(day * TimeSpan.TicksPerDay), new Time.Instant((day + 1) * TimeSpan.TicksPerDay));
        foreach (var read in _usage.Query(state.Tenant.Number, new() { From = from, To = to }, new()))
            details.Add(read, read.Calls[0]);
        state.GuardDetails[day] = details;
    }

    private void LoadSums(TenantState state, Time.Month first, Time.Month last)
    {
        foreach (var (key, use) in _uses.Days(state.Tenant.Number, UseTable.DayOf(first.Start), last < Time.Month.Last ? UseTable.DayOf(last.Next.Start) - 1 : int.MaxValue))
            state.DayUses.TryAdd(key, use);
        foreach (var (key, charge) in _uses.Months(state.Tenant.Number, first, last))
            state.UserMonths.TryAdd(key, charge);
    }

    private void LoadUsers(TenantState state, IReadOnlyList<string> users)
    {
        foreach (var user in _users.Settings(state.Tenant.Number, users).GroupBy(setting => setting.Key))
            state.Users.TryAdd(user.Key, [.. user]);
        foreach (var user in users)
            state.Users.TryAdd(user, []);
        state.SeenUsers.UnionWith(_uses.Seen(state.Tenant.Number, users));
    }

    /// <summary>Of each tenant the oldest debts that make up what is asked for.</summary>
    private void LoadDebts(IReadOnlyList<(TenantState State, Needs Needs)> asked)
    {
        // Most have none, and no query tells more than their account.
        foreach (var (state, _) in asked.Where(pair => pair.State.Account.Debt == Amount.Zero))
            state.TakeDebts([], isAll: true);
        foreach (var (state, needs) in asked.Where(pair => pair.State.Account.Debt > Amount.Zero))
        {
            var debts = new List<Debt>();
            var sum = Amount.Zero;
            var isAll = true;
            using var select = connection.Prepare(
                "SELECT entry, effective_at, unpaid, parts FROM debt WHERE tenant = $1 ORDER BY effective_at, entry")
                .Bind(1, state.Tenant.Number);
            while (select.Step())
            {
                // One more than is repaid whole, so that nothing is left out by a part.
                if (sum > needs.Debts)
                {
                    isAll = false;
                    break;
                }

                var debt = new Debt(select.Int64(0), new(select.Int64(1)), new(select.Int64(2)), select.Int32(3));
                debts.Add(debt);
                if (!state.ChangedDebts.ContainsKey(debt.Entry))
                    sum += debt.Unpaid;
            }

            state.TakeDebts(debts, isAll);
        }
    }
}
