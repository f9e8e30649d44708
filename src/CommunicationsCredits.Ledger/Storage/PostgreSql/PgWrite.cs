using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Usage;
using Npgsql;
using NpgsqlTypes;

namespace CommunicationsCredits.Ledger.Storage.PostgreSql;

/// <summary>
/// A write to a PostgreSQL ledger. It locks the tenants' accounts in ascending order, so that no two wait for each other, and then sees
/// whatever was committed before it had the locks.
/// </summary>
internal sealed class PgWrite : StoreWrite
{
    /// <summary>The tenant of a commit that is of the ledger as a whole.</summary>
    private const long NoTenant = 0;

    private const string EntryColumns =
        "entry (tenant, sequence, kind, amount, balance_after, effective_at, posted_at, recorded_at, actor, reference, description, lot, "
        + "record, reverses, digests, formula, hash)";

    private const string UsageColumns =
        "usage (tenant, record, import, key, record_id, started_at, duration, call_type, service, caller, callee, user_name, "
        + "capability, destination, usage_country, other_country, operator, administrative_units, number_type, domestic, billed_seconds, "
        + "pooled_seconds, void_seconds, charge, recorded_charge, rated_charge, record_currency, sheet, prefix, status, salt, sequence, "
        + "balance_after, posted_at, recorded_at, lot, formula, hash)";

    /// <summary>Up to so many rows, a statement each is sooner done than a COPY, for which the server is waited for on its own.</summary>
    private const int FewRows = 8;

    private static readonly string LockHead = $"SELECT {TenantTable.AccountColumns} FROM account a WHERE a.tenant = $1 FOR NO KEY UPDATE";

    private static readonly string InsertEntry = $"INSERT INTO {EntryColumns} VALUES ({Places(17)})";

    /// <summary>Where the chains have got to, as of when they were locked.</summary>
    private readonly Dictionary<long, AccountState?> _heads = [];

    private readonly PgStoreConnection _connection;
    private readonly CommitToken _token;
    private readonly Func<CommitToken, long, bool> _wasCommitted;
    private readonly Action _release;
    private readonly long _tenant;
    private bool _open = true;
    private bool _isReleased;
    private bool _isLedgerShared;

    /// <summary>Begins, and takes the locks.</summary>
    /// <param name="readers">What reads by the connection that writes.</param>
    /// <param name="token">What its commit leaves.</param>
    /// <param name="tenants">The tenants to lock.</param>
    /// <param name="wasCommitted">Answers whether a commit has happened whose answer was lost.</param>
    /// <param name="release">Hands the connection back.</param>
    public PgWrite(
        StoreReaders readers, CommitToken token, IReadOnlyCollection<long> tenants, Func<CommitToken, long, bool> wasCommitted, Action release)
        : base(readers)
    {
        _connection = (PgStoreConnection)readers.Connection;
        _token = token;
        _wasCommitted = wasCommitted;
        _release = release;
        _tenant = tenants.Count > 0 ? tenants.Min() : NoTenant;
        var statements = new List<StoreStatement>();
        try
        {
            foreach (var tenant in tenants.Distinct().Order())
                statements.Add(_connection.Prepare(LockHead).Bind(1, tenant));
            _connection.Begin(statements);
            foreach (var (tenant, statement) in tenants.Distinct().Order().Zip(statements))
                _heads[tenant] = statement.Step() ? TenantTable.ReadAccount(statement, 0) : null;
        }
        catch
        {
            if (_connection.InTransaction)
                _connection.Rollback();
            throw;
        }
        finally
        {
            foreach (var statement in statements)
                statement.Dispose();
        }
    }

    /// <inheritdoc/>
    public override long RateVersion
    {
        get
        {
            ShareLedger();
            return base.RateVersion;
        }
    }

    /// <inheritdoc/>
    public override AccountState? HeadOf(long tenant) => _heads.Remove(tenant, out var head) ? head : base.HeadOf(tenant);

    /// <summary>The statement that locks a tenant, or the ledger as a whole.</summary>
    public static string LockOf(long tenant) => tenant == NoTenant
        ? "SELECT 1 FROM ledger FOR NO KEY UPDATE"
        : string.Create(CultureInfo.InvariantCulture, $"SELECT 1 FROM account WHERE tenant = {tenant} FOR NO KEY UPDATE");

    /// <inheritdoc/>
    public override LedgerHead LockLedger()
    {
        _connection.Execute(LockOf(NoTenant));
        _isLedgerShared = true;
        return base.LockLedger();
    }

    /// <inheritdoc/>
    public override LedgerHead LedgerHead()
    {
        ShareLedger();
        return base.LedgerHead();
    }

    public override void Commit()
    {
        Run(
            "INSERT INTO commit_token (tenant, session, number, at) VALUES ($1, CAST($2 AS uuid), $3, now()) "
            + "ON CONFLICT (tenant, session) DO UPDATE SET number = excluded.number, at = excluded.at",
            statement => statement.Bind(1, _tenant).Bind(2, _token.Session.ToString()).Bind(3, _token.Number));
        try
        {
            _connection.Commit();
        }
        catch (CreditException) when (_connection.IsBroken)
        {
            if (!_wasCommitted(_token, _tenant))
                throw;
        }

        _open = false;
    }

    protected override void WriteEntries(long tenant, IReadOnlyList<StoredEntry> entries)
    {
        if (entries.Count <= FewRows)
        {
            foreach (var (entry, hash) in entries.Select(stored => (stored.Entry, stored.Hash)))
            {
                Run(InsertEntry, statement => statement.Bind(1, tenant).Bind(2, entry.Sequence).Bind(3, (long)entry.Kind)
                    .Bind(4, entry.Amount.Micros).Bind(5, entry.BalanceAfter.Micros).Bind(6, entry.EffectiveAt.Ticks).Bind(7, entry.PostedAt.Ticks)
                    .Bind(8, entry.RecordedAt == entry.PostedAt ? null : entry.RecordedAt.Ticks).Bind(9, entry.Actor).Bind(10, entry.Reference)
                    .Bind(11, entry.Description).Bind(12, entry.Lot).Bind(13, entry.Record).Bind(14, entry.Reverses).Bind(15, entry.Digests)
                    .Bind(16, (long)entry.Formula).BindBlob(17, hash));
            }

            return;
        }

        _connection.Copy(EntryColumns, rows =>
        {
            foreach (var (entry, hash) in entries.Select(stored => (stored.Entry, stored.Hash)))
            {
                rows.StartRow();
                Number(rows, tenant);
                Number(rows, entry.Sequence);
                Number(rows, (long)entry.Kind);
                Number(rows, entry.Amount.Micros);
                Number(rows, entry.BalanceAfter.Micros);
                Number(rows, entry.EffectiveAt.Ticks);
                Number(rows, entry.PostedAt.Ticks);
                Number(rows, entry.RecordedAt == entry.PostedAt ? null : entry.RecordedAt.Ticks);
                Text(rows, entry.Actor);
                Text(rows, entry.Reference);
                Text(rows, entry.Description);
                Number(rows, entry.Lot);
                Number(rows, entry.Record);
                Number(rows, entry.Reverses);
                Text(rows, entry.Digests);
                Number(rows, entry.Formula);
                Blob(rows, hash);
            }
        });
    }

    protected override void WriteDraws(long tenant, IReadOnlyList<DrawRow> draws)
    {
        if (draws.Count <= FewRows)
        {
            foreach (var draw in draws)
            {
                Run($"INSERT INTO draw (tenant, entry, part, lot, amount, posted) VALUES ({Places(6)})", statement => statement
                    .Bind(1, tenant).Bind(2, draw.Entry).Bind(3, (long)draw.Part).Bind(4, draw.Lot).Bind(5, draw.Amount.Micros).Bind(6, draw.Posted));
            }

            return;
        }

        _connection.Copy("draw (tenant, entry, part, lot, amount, posted)", rows =>
        {
            foreach (var draw in draws)
            {
                rows.StartRow();
                Number(rows, tenant);
                Number(rows, draw.Entry);
                Number(rows, draw.Part);
                Number(rows, draw.Lot);
                Number(rows, draw.Amount.Micros);
                Number(rows, draw.Posted);
            }
        });
    }

    protected override void WriteDebts(long tenant, IReadOnlyCollection<Debt> debts)
    {
        if (debts.Count == 0)
            return;
        var paid = debts.Where(debt => debt.Unpaid == Amount.Zero).Select(debt => debt.Entry).ToList();
        if (paid.Count > 0)
            Run($"DELETE FROM debt WHERE tenant = $1 AND entry {Connection.Among(2)}", statement => statement.Bind(1, tenant).BindAll(2, paid));
        var unpaid = debts.Where(debt => debt.Unpaid != Amount.Zero).ToList();
        if (unpaid.Count == 0)
            return;
        Run(
            "INSERT INTO debt (tenant, effective_at, entry, unpaid, parts) "
            + "SELECT $1, d.effective_at, d.entry, d.unpaid, d.parts FROM unnest($2, $3, $4, $5) AS d (effective_at, entry, unpaid, parts) "
            + "ON CONFLICT (tenant, effective_at, entry) DO UPDATE SET unpaid = excluded.unpaid, parts = excluded.parts",
            statement => statement.Bind(1, tenant)
                .BindAll(2, [.. unpaid.Select(debt => debt.EffectiveAt.Ticks)])
                .BindAll(3, [.. unpaid.Select(debt => debt.Entry)])
                .BindAll(4, [.. unpaid.Select(debt => debt.Unpaid.Micros)])
                .BindAll(5, [.. unpaid.Select(debt => (long)debt.Parts)]));
    }

    protected override void WriteCalls(long tenant, UsageBatch calls)
    {
        var keys = new List<UInt128>();
        var records = new List<long>();
        foreach (ref readonly var call in calls.Calls)
        {
            if (call.Record == 0)
                continue;
            keys.Add(call.Key);
            records.Add(call.Record);
        }

        if (keys.Count == 0)
            return;
        _connection.Copy(UsageColumns, rows =>
        {
            foreach (ref readonly var call in calls.Calls)
            {
                if (call.Record != 0)
                    WriteCall(rows, tenant, calls, call);
            }
        });

        // In the order of the index: the server reads each of its pages once.
        var (sortedKeys, sortedRecords) = (keys.ToArray(), records.ToArray());
        sortedKeys.AsSpan().Sort(sortedRecords.AsSpan());
        Run(
            "INSERT INTO usage_key (tenant, key, record) SELECT $1, k.key, k.record FROM unnest($2, $3) AS k (key, record) "
            + "ON CONFLICT (tenant, key) DO NOTHING",
            statement => ((PgStoreStatement)statement.Bind(1, tenant).BindAll(3, sortedRecords)).BindKeys(2, sortedKeys));
    }

    protected override void WriteUse(
        long tenant, IReadOnlyDictionary<DayUseKey, DayUse> days, IReadOnlyDictionary<UserMonthKey, Amount> months)
    {
        if (days.Count > 0)
        {
            var (keys, uses) = (days.Keys.ToList(), days.Values.ToList());
            Run(
                "INSERT INTO usage_day (tenant, day, country, calls, charge, short_abroad, off_hours, forwarded_abroad) "
                + "SELECT $1, d.* FROM unnest($2, $3, $4, $5, $6, $7, $8) AS d "
                + "ON CONFLICT (tenant, day, country) DO UPDATE SET calls = excluded.calls, charge = excluded.charge, "
                + "short_abroad = excluded.short_abroad, off_hours = excluded.off_hours, forwarded_abroad = excluded.forwarded_abroad",
                statement => statement.Bind(1, tenant)
                    .BindAll(2, [.. keys.Select(key => (long)key.Day)]).BindAll(3, [.. keys.Select(key => key.Country)])
                    .BindAll(4, [.. uses.Select(use => use.Calls)]).BindAll(5, [.. uses.Select(use => use.Charge.Micros)])
                    .BindAll(6, [.. uses.Select(use => use.ShortAbroad)]).BindAll(7, [.. uses.Select(use => use.OffHours.Micros)])
                    .BindAll(8, [.. uses.Select(use => use.ForwardedAbroad.Micros)]));
        }

        // Of a user who has no calls any more, not even the name is left (C4).
        foreach (var (key, _) in months.Where(month => month.Value == Amount.Zero))
        {
            Run(
                "DELETE FROM usage_month WHERE tenant = $1 AND month = $2 AND user_key = $3",
                statement => statement.Bind(1, tenant).Bind(2, key.Month.Index).Bind(3, key.User));
        }

        months = months.Where(month => month.Value != Amount.Zero).ToDictionary();
        if (months.Count == 0)
            return;
        Run(
            "INSERT INTO usage_month (tenant, month, user_key, charge) SELECT $1, m.* FROM unnest($2, $3, $4) AS m "
            + "ON CONFLICT (tenant, month, user_key) DO UPDATE SET charge = excluded.charge",
            statement => statement.Bind(1, tenant).BindAll(2, [.. months.Keys.Select(key => (long)key.Month.Index)])
                .BindAll(3, [.. months.Keys.Select(key => key.User)]).BindAll(4, [.. months.Values.Select(charge => charge.Micros)]));
    }

    /// <summary>What is written goes to the server together, at the latest with the commit.</summary>
    protected override void Run(string sql, Action<StoreStatement> bind) => _connection.Queue(sql, bind);

    protected override void Dispose(bool disposing)
    {
        if (_isReleased)
            return;
        _isReleased = true;
        try
        {
            if (_open && _connection.InTransaction)
                _connection.Rollback();
        }
        finally
        {
            _release();
        }
    }

    private static void WriteCall(NpgsqlBinaryImporter rows, long tenant, UsageBatch batch, in UsageCall call)
    {
        var hasEntry = call.Sequence != 0;
        rows.StartRow();
        Number(rows, tenant);
        Number(rows, call.Record);
        Number(rows, call.Import);
        Blob(rows, BytesOf(call.Key));
        Text(rows, batch.Bytes(call.RecordId));
        Number(rows, call.StartedAt.Ticks);
        Number(rows, call.Duration);
        Text(rows, batch.Bytes(call.CallType));
        Number(rows, (long?)call.Service);
        Text(rows, batch.Bytes(call.Caller));
        Text(rows, batch.Bytes(call.Callee));
        Text(rows, batch.Bytes(call.User));
        Text(rows, batch.Bytes(call.Capability));
        Text(rows, batch.Bytes(call.Destination));
        Text(rows, batch.Bytes(call.UsageCountry));
        Text(rows, batch.Bytes(call.OtherCountry));
        Text(rows, batch.Bytes(call.Operator));
        Text(rows, batch.Bytes(call.AdministrativeUnits));
        Text(rows, batch.Bytes(call.NumberType));
        Number(rows, call.IsDomestic is { } domestic ? (domestic ? 1 : 0) : null);
        Number(rows, call.BilledSeconds);
        Number(rows, call.PooledSeconds);
        Number(rows, call.UnusableSeconds);
        Number(rows, call.Charge.Micros);
        Number(rows, call.RecordedChargeState == RecordedChargeState.Known ? call.RecordedCharge.Micros : null);
        Number(rows, call.HasRatedCharge ? call.RatedCharge.Micros : null);
        Text(rows, batch.Bytes(call.Currency));
        Number(rows, call.Sheet);
        Text(rows, string.IsNullOrEmpty(call.Rate?.Prefix) ? batch.String(call.Prefix) : call.Rate.Prefix);
        Number(rows, (long)call.Status);
        Blob(rows, BytesOf(call.Salt));
        Number(rows, hasEntry ? call.Sequence : null);
        Number(rows, hasEntry ? call.BalanceAfter.Micros : null);
        Number(rows, hasEntry ? call.PostedAt.Ticks : null);
        Number(rows, hasEntry && call.RecordedAt != call.PostedAt ? call.RecordedAt.Ticks : null);
        Number(rows, call.Lot);
        Number(rows, call.Formula);
        if (hasEntry)
            Blob(rows, batch.Bytes(call.Hash).ToArray());
        else
            rows.WriteNull();
    }

    private static string Places(int columns) => string.Join(", ", Enumerable.Range(1, columns).Select(number => $"${number}"));

    private static byte[] BytesOf(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes;
    }

    private static void Number(NpgsqlBinaryImporter rows, long? value)
    {
        if (value is { } known)
            rows.Write(known, NpgsqlDbType.Bigint);
        else
            rows.WriteNull();
    }

    private static void Text(NpgsqlBinaryImporter rows, string? value)
    {
        if (value is not null)
            rows.Write(PgStoreStatement.Whole(value), NpgsqlDbType.Text);
        else
            rows.WriteNull();
    }

    /// <summary>Writes text in UTF-8; an empty one as null.</summary>
    private static void Text(NpgsqlBinaryImporter rows, ReadOnlySpan<byte> utf8) =>
        Text(rows, utf8.IsEmpty ? null : Encoding.UTF8.GetString(utf8));

    private static void Blob(NpgsqlBinaryImporter rows, byte[] value) => rows.Write(value, NpgsqlDbType.Bytea);

    /// <summary>Keeps the rates as they are until the end: whoever changes them waits.</summary>
    private void ShareLedger()
    {
        if (_isLedgerShared)
            return;
        _connection.Execute("SELECT 1 FROM ledger FOR SHARE");
        _isLedgerShared = true;
    }
}
