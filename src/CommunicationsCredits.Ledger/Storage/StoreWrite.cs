using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>
/// A write in progress: the tables of which a posting changes a few rows are written here, the same for every store; what an import
/// makes millions of is each store's own.
/// </summary>
internal abstract class StoreWrite : IStoreWrite
{
    private static readonly string PutLot = Upsert(
        "lot", "tenant, lot", "tenant, " + LotTable.Columns, "remaining", "forfeited", "reversed");

    private static readonly string PutImport = Upsert("import", "tenant, import", "tenant, " + ImportTable.Columns);

    private static readonly string PutMonth = Upsert(
        "pool_month", "tenant, month, capability, country, user_name", "tenant, " + PoolTable.MonthColumns);

    private static readonly string PutBudget = Upsert("budget", "tenant, scope, subject_key", "tenant, scope, subject_key, subject, amount");

    private static readonly string PutBudgetMonth = Upsert(
        "budget_month", "tenant, month, scope, subject_key", "tenant, month, scope, subject_key, percent, runs_out, notified_day");

    private static readonly string PutGuard = Upsert("guard", "tenant", "tenant, enabled, sensitivity, hold_recharge, allowed_country");

    private static readonly string PutAlarm = Upsert(
        "alarm", "tenant, first_day", "tenant, first_day, last_day, raised_at, is_open, seen, who");

    private static readonly string PutRule = Upsert(
        "recharge_rule", "tenant", "tenant, enabled, minimum, amount, target, maximum_charge, maximum_day, maximum_month, method");

    private static readonly string PutRuleState = Upsert(
        "recharge_state", "tenant", "tenant, declines, retry_at, last_failure, paused, held_at, held");

    private static readonly string PutMethod = Upsert(
        "payment_method", "tenant, name_key", "tenant, name_key, " + RechargeTable.MethodColumns);

    private static readonly string PutAttempt = Upsert("attempt", "tenant, attempt", "tenant, " + RechargeTable.AttemptColumns);

    private static readonly string PutNotification = Upsert(
        "notification", "tenant, notification", "tenant, " + NotificationTable.Columns);

    private readonly StoreReaders _readers;
    private readonly HashSet<long> _written = [];

    protected StoreWrite(StoreReaders readers) => _readers = readers;

    /// <inheritdoc/>
    public virtual long RateVersion => _readers.Rates.Version();

    protected StoreConnection Connection => _readers.Connection;

    public abstract void Commit();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public virtual AccountState? HeadOf(long tenant)
    {
        using var select = Connection.Prepare($"SELECT {TenantTable.AccountColumns} FROM account a WHERE a.tenant = $1").Bind(1, tenant);
        return select.Step() ? TenantTable.ReadAccount(select, 0) : null;
    }

    public IReadOnlyList<Tenant> TenantsCalled(IReadOnlyCollection<string> texts) => _readers.Tenants.Called(texts);

    public virtual LedgerHead LockLedger() => _readers.States.LedgerHead();

    public void Write(TenantPosting posting)
    {
        var tenant = posting.Tenant.Number;
        if (posting.Before is null && _written.Add(tenant))
            Insert(posting.Tenant);
        else if (posting.IsTenantChanged)
            Update(posting.Tenant);
        WriteEntries(tenant, posting.Entries);
        if (posting.Calls is { } calls)
            WriteCalls(tenant, calls);
        WriteDraws(tenant, posting.Draws);
        WriteUsageChanges(tenant, posting);
        WriteFunds(tenant, posting);
        WritePools(tenant, posting);
        WriteUse(tenant, posting.DayUses, posting.UserMonths);
        WriteUsers(tenant, posting);
        WriteBudgets(tenant, posting);
        WriteGuard(tenant, posting);
        WriteRecharge(tenant, posting);
        WriteImports(tenant, posting);
        WriteNotifications(tenant, posting);

        // The heads last: what was written before is theirs.
        Put(tenant, posting.After);
    }

    public void Write(LedgerPosting posting)
    {
        foreach (var (sheet, rows) in posting.AddedSheets)
            Insert(sheet, rows);
        foreach (var sheet in posting.RemovedSheets)
        {
            Run("DELETE FROM rate WHERE sheet = $1", statement => statement.Bind(1, sheet));
            Run("DELETE FROM sheet WHERE sheet = $1", statement => statement.Bind(1, sheet));
        }

        foreach (var (sheet, digest) in posting.SheetDigests)
            Run("UPDATE sheet SET digest = $2 WHERE sheet = $1", statement => statement.Bind(1, sheet).BindBlob(2, digest));
        foreach (var entry in posting.Entries)
        {
            Run(
                "INSERT INTO ledger_entry (sequence, kind, at, actor, subject, description, digest, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                statement => statement.Bind(1, entry.Sequence).Bind(2, (long)entry.Kind).Bind(3, entry.At.Ticks).Bind(4, entry.Actor)
                    .Bind(5, entry.Subject).Bind(6, entry.Description).BindBlobOrNull(7, entry.Digest).BindBlob(8, entry.Hash));
        }

        var head = posting.After;
        Run(
            "UPDATE ledger SET sequence = $1, hash = $2, tenants = $3, sheets = $4, rate_version = $5",
            statement => statement.Bind(1, head.Sequence).BindBlob(2, head.Hash).Bind(3, head.Tenants).Bind(4, head.Sheets)
                .Bind(5, head.RateVersion));
    }

    /// <inheritdoc/>
    public virtual void AddKeys(long tenant)
    {
        // Whatever store does not say otherwise adds identities with their records.
    }

    public IReadOnlyList<TenantState?> Load(IReadOnlyList<Needs> needs) => _readers.States.Load(needs);

    public void LoadMore(IReadOnlyList<(TenantState State, Needs Needs)> more) => _readers.States.LoadMore(more);

    public void FindKeys(long tenant, ReadOnlySpan<UInt128> sortedKeys, Span<long> records) =>
        Connection.FindKeys(tenant, sortedKeys, records);

    public void LoadRecords(long tenant, IReadOnlyList<long> records, UsageBatch batch) => _readers.Usage.Load(tenant, records, batch);

    public void LoadBillingContents(long tenant, IReadOnlyList<long> records, UsageBatch batch) =>
        _readers.Usage.LoadBillingContents(tenant, records, batch);

    public void LoadPage(long tenant, RecordPage page, UsageBatch batch) => _readers.Usage.Load(tenant, page, batch);

    public IReadOnlyDictionary<long, long> LoadFormer(long tenant, IReadOnlyList<long> records, UsageBatch batch) =>
        _readers.Usage.LoadFormer(tenant, records, batch);

    public ILookup<long, DrawRow> LoadDraws(long tenant, IReadOnlyList<long> entries) => _readers.States.LoadDraws(tenant, entries);

    public virtual LedgerHead LedgerHead() => _readers.States.LedgerHead();

    public IReadOnlyList<RateSheet> LoadSheets() => _readers.Rates.Sheets();

    public IReadOnlyList<RatedPrefix> LoadPrefixes(RateSheet sheet) => _readers.Rates.Prefixes(sheet);

    public bool IsSheetUsed(long sheet) => _readers.Rates.IsUsed(sheet);

    public IReadOnlyList<ImportPeriod> ImportPeriods(long tenant, long except) => _readers.Imports.Periods(tenant, except);

    public IReadOnlyList<ForeignImport> FindSamples(long tenant, IReadOnlyList<UInt128> keys) => _readers.Imports.FindSamples(tenant, keys);

    /// <summary>Adds entries that are no call's own row.</summary>
    protected abstract void WriteEntries(long tenant, IReadOnlyList<StoredEntry> entries);

    /// <summary>Adds the calls of a batch that have a number, and the identities that are new.</summary>
    protected abstract void WriteCalls(long tenant, UsageBatch calls);

    protected abstract void WriteDebts(long tenant, IReadOnlyCollection<Debt> debts);

    protected abstract void WriteDraws(long tenant, IReadOnlyList<DrawRow> draws);

    /// <summary>Writes what calls came to, by day and country, and by month and user.</summary>
    protected abstract void WriteUse(
        long tenant, IReadOnlyDictionary<DayUseKey, DayUse> days, IReadOnlyDictionary<UserMonthKey, Amount> months);

    protected abstract void Dispose(bool disposing);

    protected virtual void Run(string sql, Action<StoreStatement> bind)
    {
        using var statement = Connection.Prepare(sql);
        bind(statement);
        statement.Run();
    }

    /// <summary>An INSERT that changes the row of the same key where there is one: the columns given, else all but the key.</summary>
    protected static string Upsert(string table, string key, string columns, params string[] changed)
    {
        var all = columns.Split(", ");
        var updated = changed.Length > 0 ? changed : [.. all.Except(key.Split(", "))];
        return $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", all.Select((_, i) => $"${i + 1}"))}) "
            + $"ON CONFLICT ({key}) DO UPDATE SET {string.Join(", ", updated.Select(column => $"{column} = excluded.{column}"))}";
    }

    private void Insert(Tenant tenant)
    {
        Run(
            "INSERT INTO tenant (tenant, id, id_key, name, currency, country, notification_email, low_balance, account_from, status, created_at, removed_at) "
            + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            statement => Bind(statement, tenant));
        Run(
            "INSERT INTO account (tenant, sequence, hash, posted_at, balance, debt, money_entries, lots, records, imports, attempts, notifications, episodes) "
            + "VALUES ($1, 0, $2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
            statement => statement.Bind(1, tenant.Number).BindBlob(2, HashChain.Start));
    }

    private void Update(Tenant tenant) => Run(
        "UPDATE tenant SET id = $2, id_key = $3, name = $4, currency = $5, country = $6, notification_email = $7, low_balance = $8, "
        + "account_from = $9, status = $10, created_at = $11, removed_at = $12 WHERE tenant = $1",
        statement => Bind(statement, tenant));

    private static void Bind(StoreStatement statement, Tenant tenant) => statement
        .Bind(1, tenant.Number).Bind(2, tenant.Id).Bind(3, tenant.RemovedAt is null ? Tenant.KeyOf(tenant.Id) : null)
        .Bind(4, tenant.Name).Bind(5, tenant.Currency).Bind(6, tenant.Country).Bind(7, string.Join('\n', tenant.NotificationEmail))
        .Bind(8, tenant.LowBalance?.Micros).Bind(9, tenant.AccountFrom?.Ticks).Bind(10, (long)tenant.Status)
        .Bind(11, tenant.CreatedAt.Ticks).Bind(12, tenant.RemovedAt?.Ticks);

    private void Put(long tenant, AccountState account) => Run(
        "UPDATE account SET sequence = $2, hash = $3, posted_at = $4, balance = $5, debt = $6, money_entries = $7, lots = $8, records = $9, "
        + "imports = $10, attempts = $11, notifications = $12, episodes = $13 WHERE tenant = $1",
        statement => statement.Bind(1, tenant).Bind(2, account.Sequence).BindBlob(3, account.Hash).Bind(4, account.PostedAt.Ticks)
            .Bind(5, account.Balance.Micros).Bind(6, account.Debt.Micros).Bind(7, account.MoneyEntries).Bind(8, account.Lots)
            .Bind(9, account.Records).Bind(10, account.Imports).Bind(11, account.Attempts).Bind(12, account.Notifications)
            .Bind(13, account.Episodes));

    private void WriteUsageChanges(long tenant, TenantPosting posting)
    {
        foreach (var (key, record) in posting.MovedKeys)
        {
            Run(
                "UPDATE usage_key SET record = $3 WHERE tenant = $1 AND key = $2",
                statement => statement.Bind(1, tenant).BindKey(2, key).Bind(3, record));
        }

        foreach (var rated in posting.Rated)
        {
            Run(
                "INSERT INTO usage_rated (tenant, record, import, entry, service, billed_seconds, pooled_seconds, void_seconds, charge, "
                + "rated_charge, sheet, prefix, status) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                statement => statement.Bind(1, tenant).Bind(2, rated.Record).Bind(3, rated.Import).Bind(4, rated.Entry)
                    .Bind(5, (long?)rated.Call.Service).Bind(6, rated.Call.BilledSeconds).Bind(7, rated.Call.PooledSeconds)
                    .Bind(8, rated.Call.UnusableSeconds).Bind(9, rated.Call.Charge.Micros)
                    .Bind(10, rated.Call.HasRatedCharge ? rated.Call.RatedCharge.Micros : null).Bind(11, rated.Call.Sheet)
                    .Bind(12, rated.Prefix).Bind(13, (long)rated.Call.Status));
        }

        foreach (var (record, entry, import) in posting.Reversed)
        {
            Run(
                "INSERT INTO usage_reversed (tenant, record, entry, import) VALUES ($1, $2, $3, $4)",
                statement => statement.Bind(1, tenant).Bind(2, record).Bind(3, entry).Bind(4, import));
        }

        foreach (var (record, digest) in posting.Blanked)
        {
            Run(
                "UPDATE usage SET caller = NULL, callee = NULL, user_name = NULL, salt = NULL, personal = $3 WHERE tenant = $1 AND record = $2",
                statement => statement.Bind(1, tenant).Bind(2, record).BindBlob(3, digest));
        }

        foreach (var sheet in posting.SheetsUsed)
        {
            Run(
                "INSERT INTO sheet_used (tenant, sheet) VALUES ($1, $2) ON CONFLICT (tenant, sheet) DO NOTHING",
                statement => statement.Bind(1, tenant).Bind(2, sheet));
        }
    }

    private void WriteFunds(long tenant, TenantPosting posting)
    {
        foreach (var lot in posting.Lots.Values)
        {
            Run(PutLot, statement => statement.Bind(1, tenant).Bind(2, lot.Number).Bind(3, lot.Amount.Micros).Bind(4, lot.Remaining.Micros)
                .Bind(5, lot.Forfeited.Micros).Bind(6, lot.PurchasedAt.Ticks).Bind(7, lot.ExpiresAt.Ticks).Bind(8, lot.Priority)
                .Bind(9, (long)lot.Source).Bind(10, lot.Reference).Bind(11, lot.Reversed ? 1 : 0).Bind(12, lot.Entry));
        }

        WriteDebts(tenant, posting.Debts.Values);
        foreach (var (operation, key, use) in posting.Keys)
        {
            Run(
                "INSERT INTO idempotency (tenant, operation, key, parameters, entry) VALUES ($1, $2, $3, $4, $5)",
                statement => statement.Bind(1, tenant).Bind(2, operation).Bind(3, key).Bind(4, use.Parameters).Bind(5, use.Entry));
        }
    }

    private void WritePools(long tenant, TenantPosting posting)
    {
        foreach (var ((capability, country), settings) in posting.PoolSettings)
        {
            Run(
                "DELETE FROM pool_setting WHERE tenant = $1 AND capability = $2 AND country = $3",
                statement => statement.Bind(1, tenant).Bind(2, capability).Bind(3, country));
            foreach (var setting in settings)
            {
                Run(
                    $"INSERT INTO pool_setting (tenant, {PoolTable.SettingColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    statement => statement.Bind(1, tenant).Bind(2, capability).Bind(3, country).Bind(4, setting.From.Index)
                        .Bind(5, setting.Licenses).Bind(6, setting.DomesticMinutes).Bind(7, setting.InternationalMinutes));
            }
        }

        foreach (var month in posting.PoolMonths.Values)
        {
            Run(PutMonth, statement => statement.Bind(1, tenant).Bind(2, month.Month.Index).Bind(3, month.Capability)
                .Bind(4, month.Country).Bind(5, month.User).Bind(6, month.Domestic.Used).Bind(7, month.Domestic.Unusable)
                .Bind(8, month.International.Used).Bind(9, month.International.Unusable));
        }

        if (posting.ForgetUsersBefore is not { } before)
            return;

        // The users' shares become one, so that no name is kept and the sum stays.
        Run(
            $"INSERT INTO pool_month (tenant, {PoolTable.MonthColumns}) SELECT tenant, month, capability, country, '', sum(domestic_used), "
            + "sum(domestic_void), sum(international_used), sum(international_void) FROM pool_month "
            + "WHERE tenant = $1 AND month < $2 GROUP BY tenant, month, capability, country HAVING max(user_name) <> '' "
            + "ON CONFLICT (tenant, month, capability, country, user_name) DO UPDATE SET domestic_used = excluded.domestic_used, "
            + "domestic_void = excluded.domestic_void, international_used = excluded.international_used, international_void = excluded.international_void",
            statement => statement.Bind(1, tenant).Bind(2, before.Index));
        Run(
            "DELETE FROM pool_month WHERE tenant = $1 AND month < $2 AND user_name <> ''",
            statement => statement.Bind(1, tenant).Bind(2, before.Index));
    }

    private void WriteUsers(long tenant, TenantPosting posting)
    {
        foreach (var (user, settings) in posting.Users)
        {
            Run(
                "DELETE FROM credit_user WHERE tenant = $1 AND user_key = $2",
                statement => statement.Bind(1, tenant).Bind(2, user));
            foreach (var setting in settings)
            {
                Run(
                    $"INSERT INTO credit_user (tenant, user_key, {UserTable.Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    statement => statement.Bind(1, tenant).Bind(2, user).Bind(3, setting.From.Index).Bind(4, setting.User)
                        .Bind(5, setting.DisplayName).Bind(6, setting.Department).Bind(7, setting.CostCenter));
            }
        }
    }

    private void WriteBudgets(long tenant, TenantPosting posting)
    {
        foreach (var (key, budget) in posting.Budgets)
        {
            if (budget is null)
            {
                Run(
                    "DELETE FROM budget WHERE tenant = $1 AND scope = $2 AND subject_key = $3",
                    statement => statement.Bind(1, tenant).Bind(2, (long)key.Scope).Bind(3, key.Subject));
                continue;
            }

            Run(PutBudget, statement => statement.Bind(1, tenant).Bind(2, (long)key.Scope).Bind(3, key.Subject).Bind(4, budget.Subject)
                .Bind(5, budget.Amount.Micros));
        }

        foreach (var (month, mark) in posting.BudgetMarks)
        {
            if (mark == default)
            {
                Run(
                    "DELETE FROM budget_month WHERE tenant = $1 AND month = $2 AND scope = $3 AND subject_key = $4",
                    statement => statement.Bind(1, tenant).Bind(2, month.Month.Index).Bind(3, (long)month.Budget.Scope).Bind(4, month.Budget.Subject));
                continue;
            }

            Run(PutBudgetMonth, statement => statement.Bind(1, tenant).Bind(2, month.Month.Index).Bind(3, (long)month.Budget.Scope)
                .Bind(4, month.Budget.Subject).Bind(5, mark.Percent).Bind(6, mark.RunsOut).Bind(7, mark.Day));
        }
    }

    private void WriteGuard(long tenant, TenantPosting posting)
    {
        if (posting.Guard is { } guard)
        {
            Run(PutGuard, statement => statement.Bind(1, tenant).Bind(2, guard.Enabled ? 1 : 0).Bind(3, (long)guard.Sensitivity)
                .Bind(4, guard.HoldRecharge ? 1 : 0).Bind(5, guard.AllowedCountries));
        }

        foreach (var alarm in posting.Alarms.Values)
        {
            Run(PutAlarm, statement => statement.Bind(1, tenant).Bind(2, alarm.FirstDay).Bind(3, alarm.LastDay).Bind(4, alarm.RaisedAt.Ticks)
                .Bind(5, alarm.IsOpen ? 1 : 0).Bind(6, alarm.Seen).Bind(7, alarm.Who));
        }
    }

    private void WriteRecharge(long tenant, TenantPosting posting)
    {
        if (posting.Rule is { } rule)
        {
            if (posting.IsRuleSet)
            {
                Run(PutRule, statement => statement.Bind(1, tenant).Bind(2, rule.Enabled ? 1 : 0).Bind(3, rule.Minimum.Micros)
                    .Bind(4, rule.FixedAmount?.Micros).Bind(5, rule.Target?.Micros).Bind(6, rule.MaximumPerCharge?.Micros)
                    .Bind(7, rule.MaximumPerDay?.Micros).Bind(8, rule.MaximumPerMonth?.Micros).Bind(9, rule.Method));
            }

            Run(PutRuleState, statement => statement.Bind(1, tenant).Bind(2, rule.Declines).Bind(3, rule.RetryAt?.Ticks)
                .Bind(4, rule.LastFailure).Bind(5, rule.PausedBecause).Bind(6, rule.HeldAt?.Ticks).Bind(7, rule.HeldBecause));
        }

        foreach (var (name, method) in posting.PaymentMethods)
        {
            if (method is null)
            {
                Run(
                    "DELETE FROM payment_method WHERE tenant = $1 AND name_key = $2",
                    statement => statement.Bind(1, tenant).Bind(2, name.ToUpperInvariant()));
                continue;
            }

            Run(PutMethod, statement => statement.Bind(1, tenant).Bind(2, method.Name.ToUpperInvariant()).Bind(3, method.Name)
                .Bind(4, method.Gateway).BindBlobOrNull(5, method.ProtectedToken).Bind(6, method.TokenEnd).Bind(7, method.ExpiryMonth)
                .Bind(8, method.PurchaseOrder));
        }

        // Settled ones first: only one may be open at any time (R5).
        foreach (var attempt in posting.Attempts.Values.OrderBy(attempt => attempt.IsOpen))
        {
            Run(PutAttempt, statement => statement.Bind(1, tenant).Bind(2, attempt.Number).Bind(3, attempt.Amount.Micros)
                .Bind(4, (long)attempt.State).Bind(5, attempt.Reason).Bind(6, attempt.StartedAt.Ticks).Bind(7, attempt.SettledAt?.Ticks)
                .Bind(8, attempt.AskedAt?.Ticks).Bind(9, attempt.Gateway).Bind(10, attempt.PaymentReference)
                .BindBlobOrNull(11, attempt.ProtectedRequest).Bind(12, attempt.IdempotencyKey).Bind(13, attempt.UnknownNotified ? 1 : 0)
                .Bind(14, attempt.Entry).Bind(15, attempt.Asks).Bind(16, attempt.Episode));
        }
    }

    private void WriteImports(long tenant, TenantPosting posting)
    {
        foreach (var tally in posting.Imports.Values)
        {
            Run(PutImport, statement => statement.Bind(1, tenant).Bind(2, tally.Number).Bind(3, (long)tally.Kind).Bind(4, tally.Source)
                .Bind(5, (long)tally.Format).Bind(6, tally.StartedAt.Ticks).Bind(7, tally.Actor).Bind(8, (long)tally.Status)
                .Bind(9, tally.Read).Bind(10, tally.Imported).Bind(11, tally.Duplicate).Bind(12, tally.Free).Bind(13, tally.Excluded)
                .Bind(14, tally.Unrated).Bind(15, tally.Rejected).Bind(16, tally.Charged.Micros).Bind(17, tally.Recharged.Micros)
                .Bind(18, tally.BalanceAfter.Micros).Bind(19, tally.Elapsed.Ticks).Bind(20, tally.PeriodFrom?.Ticks)
                .Bind(21, tally.PeriodTo?.Ticks).Bind(22, tally.ExportedFrom?.Ticks).Bind(23, tally.ExportedTo?.Ticks)
                .Bind(24, tally.Undoes).BindBlobOrNull(25, tally.Records).Bind(26, tally.Entry));
        }

        foreach (var key in posting.Sample?.Keys ?? [])
        {
            Run(
                "INSERT INTO import_sample (tenant, import, key) VALUES ($1, $2, $3)",
                statement => statement.Bind(1, tenant).Bind(2, posting.Sample!.Value.Import).BindKey(3, key));
        }

        foreach (var (import, entry) in posting.DigestedImports)
        {
            Run(
                "UPDATE import SET entry = $3 WHERE tenant = $1 AND import = $2",
                statement => statement.Bind(1, tenant).Bind(2, import).Bind(3, entry));
        }
    }

    private void WriteNotifications(long tenant, TenantPosting posting)
    {
        foreach (var notice in posting.Notifications.Values)
        {
            Run(PutNotification, statement => statement.Bind(1, tenant).Bind(2, notice.Number).Bind(3, (long)notice.Kind)
                .Bind(4, notice.Subject).Bind(5, notice.Body).Bind(6, notice.RaisedAt.Ticks).Bind(7, (long)notice.Status)
                .Bind(8, notice.Attempts).Bind(9, notice.NextAt?.Ticks).Bind(10, notice.LastError).Bind(11, notice.Episode));
        }

        foreach (var rewording in posting.Reworded)
        {
            Run(
                "UPDATE notification SET subject = replace(subject, $3, $4), body = replace(body, $3, $4) WHERE tenant = $1 AND kind = $2 "
                + $"AND {Connection.EndsWith("subject", 5)}",
                statement => statement.Bind(1, tenant).Bind(2, (long)rewording.Kind).Bind(3, rewording.Before).Bind(4, rewording.After)
                    .Bind(5, rewording.SubjectEnd));
        }

        foreach (var (mark, isNotified) in posting.Notified)
        {
            Run(
                isNotified
                    ? "INSERT INTO notified (tenant, kind, subject) VALUES ($1, $2, $3) ON CONFLICT (tenant, kind, subject) DO NOTHING"
                    : "DELETE FROM notified WHERE tenant = $1 AND kind = $2 AND subject = $3",
                statement => statement.Bind(1, tenant).Bind(2, (long)mark.Kind).Bind(3, mark.Subject));
        }
    }

    private void Insert(RateSheet sheet, IReadOnlyList<RateRow> rows)
    {
        Run(
            "INSERT INTO sheet (sheet, name, name_key, service, currency, effective_from, revision, initial_increment, increment, "
            + "connection_fee, decimals, rounding, rate_count, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            statement => statement.Bind(1, sheet.Number).Bind(2, sheet.Name).Bind(3, sheet.NameKey).Bind(4, (long)sheet.Service)
                .Bind(5, sheet.Currency).Bind(6, sheet.EffectiveFrom.Ticks).Bind(7, sheet.Revision).Bind(8, sheet.InitialIncrement)
                .Bind(9, sheet.Increment).Bind(10, sheet.ConnectionFee.Micros).Bind(11, sheet.Decimals).Bind(12, (long)sheet.Rounding)
                .Bind(13, sheet.RateCount).BindBlob(14, sheet.Digest));
        foreach (var row in rows.OrderBy(row => row.Prefix, StringComparer.Ordinal))
        {
            Run(
                "INSERT INTO rate (sheet, prefix, price, destination, country, destination_type, connection_fee, initial_increment, increment, "
                + "no_pool) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                statement => statement.Bind(1, sheet.Number).Bind(2, row.Prefix).Bind(3, row.PricePerMinute.Micros)
                    .Bind(4, row.Destination).Bind(5, row.Country).Bind(6, row.Terms.DestinationType)
                    .Bind(7, row.Terms.ConnectionFee?.Micros).Bind(8, row.Terms.InitialIncrement).Bind(9, row.Terms.Increment)
                    .Bind(10, row.Terms.NoPool ? 1 : 0));
        }
    }
}
