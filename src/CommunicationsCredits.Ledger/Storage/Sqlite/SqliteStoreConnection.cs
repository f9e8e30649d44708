using System.Buffers.Binary;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>A connection to a ledger in an SQLite file.</summary>
internal sealed class SqliteStoreConnection : StoreConnection
{
    private const int BusyTimeoutSeconds = 60;

    /// <summary>SQLite's question whether the file still is where it was opened.</summary>
    private const int HasMoved = 20;

    /// <summary>How long a place in the queue is waited for before the lock is tried for without one: its holder may hang.</summary>
    private static readonly TimeSpan QueueTimeout = TimeSpan.FromSeconds(10);

    private readonly List<RawStatement> _raw = [];
    private KeyStatements? _keyStatements;
    private readonly WriterQueue _queue;
    private long _length;
    private bool _writes;

    static SqliteStoreConnection()
    {
        Batteries_V2.Init();

        // Counting every allocation costs a lock each, and nobody asks for the count; one thread at a time uses a connection, so
        // that its own lock would be for nothing.
        _ = sqlite3_shutdown();
        _ = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        _ = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        _ = sqlite3_initialize();
    }

    /// <summary>Opens a file that is there.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="readOnly">Whether nothing will be written.</param>
    public SqliteStoreConnection(string path, bool readOnly)
        : base(Open(path, readOnly))
    {
        Path = path;
        _queue = new(path);
        Handle = ((SqliteConnection)Connection).Handle!;
        Check(sqlite3_busy_timeout(Handle, BusyTimeoutSeconds * 1000));
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override string Location => Path;

    /// <summary>SQLite's own connection.</summary>
    public sqlite3 Handle { get; }

    /// <inheritdoc/>
    public override bool InTransaction => sqlite3_get_autocommit(Handle) == 0;

    /// <summary>What is in mind of identities; the connections of a store share it.</summary>
    public SqliteKeys Keys { get; set; } = new();

    /// <summary>What this connection asks and writes of identities.</summary>
    public KeyStatements KeyStatements => _keyStatements ??= new(this);

    /// <summary>How long another writer is waited for.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(BusyTimeoutSeconds);

    /// <inheritdoc/>
    public override string Among(int parameter) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"IN (SELECT value FROM json_each(${parameter}))");

    /// <inheritdoc/>
    public override string EndsWith(string column, int parameter) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"substr({column}, -length(${parameter})) = ${parameter}");

    /// <inheritdoc/>
    public override void FindKeys(long tenant, ReadOnlySpan<UInt128> sortedKeys, Span<long> records) =>
        Keys.Find(KeyStatements, tenant, sortedKeys, records);

    /// <inheritdoc/>
    public override string OrNotKeyed(string isOne) => " UNION SELECT w.record FROM usage w WHERE w.tenant = $1 AND w.record > "
        + $"coalesce((SELECT d.record FROM usage_keyed d WHERE d.tenant = $1), 0) AND w.key {isOne}";

    /// <inheritdoc/>
    public override long LastKeyed(long tenant) => KeyStatements.LastKeyed(tenant);

    /// <inheritdoc/>
    public override IReadOnlyList<StoreTable> Tables()
    {
        using var select = Prepare(
            "SELECT s.name, c.name, c.pk FROM sqlite_schema s JOIN pragma_table_info(s.name) c "
            + @"WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND s.name <> 'usage_keyed'");
        var columns = new List<(string, string, long?)>();
        while (select.Step())
            columns.Add((select.Text(0), select.Text(1), select.Int64(2)));
        return StoreTable.Of(columns);
    }

    /// <inheritdoc/>
    public override string RowsOf(StoreTable table)
    {
        const string NotIndexed = "FROM account a LEFT JOIN usage_keyed d ON d.tenant = a.tenant JOIN usage u ON u.tenant = a.tenant AND u.record > coalesce(d.record, 0)";
        return table.Name != "usage_key" || Scalar($"SELECT 1 {NotIndexed} LIMIT 1") is null
            ? base.RowsOf(table)

            // The newest record of an identity is the one it stands for (U3).
            : "SELECT key, max(record), tenant FROM (SELECT tenant, key, record FROM usage_key "
                + $"UNION ALL SELECT u.tenant, u.key, u.record {NotIndexed}) GROUP BY tenant, key ORDER BY tenant, key";
    }

    /// <inheritdoc/>
    public override void Replaced() => Execute("DELETE FROM usage_keyed; INSERT INTO usage_keyed SELECT tenant, records FROM account");

    /// <inheritdoc/>
    public override void Insert(StoreTable table, StoreStatement rows)
    {
        var insert = PrepareRaw($"INSERT INTO {table.Name} ({string.Join(", ", table.Columns)}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"?{i + 1}"))})");
        while (rows.Step())
        {
            for (var column = 0; column < table.Columns.Count; column++)
            {
                _ = rows.Value(column) switch
                {
                    null => insert.BindNull(column + 1),
                    string text => insert.Bind(column + 1, text),
                    byte[] bytes => insert.BindBlob(column + 1, bytes),
                    var number => insert.Bind(column + 1, Convert.ToInt64(number, System.Globalization.CultureInfo.InvariantCulture)),
                };
            }

            insert.Run();
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Sorting a million rows by a text takes SQLite three times as long as reading them. Each is added to its group instead, in a table of the
    /// groups that lies in memory and ends with the transaction.
    /// </remarks>
    public override (string Groups, QueryValues Values) Group(
        long tenant, IReadOnlyList<string> keys, IReadOnlyList<(string Name, string Expression)> sums, string from, QueryValues values)
    {
        if (keys.Count == 0)
            return base.Group(tenant, keys, sums, from, values);

        // A key cannot be null in a table; an empty blob stands for it, which no column has.
        var name = string.Create(CultureInfo.InvariantCulture, $"grouped_{keys.Count}_{sums.Count}");
        var keyed = string.Concat(keys.Select((_, i) => $"k{i} ANY NOT NULL, "));
        var summed = string.Concat(sums.Select((_, i) => $"s{i} INTEGER NOT NULL, "));
        Execute(
            $"CREATE TEMP TABLE IF NOT EXISTS {name} ({keyed}calls INTEGER NOT NULL, {summed}"
            + $"PRIMARY KEY ({string.Join(", ", keys.Select((_, i) => $"k{i}"))})) STRICT, WITHOUT ROWID");
        using (var clear = Prepare($"DELETE FROM temp.{name}"))
            clear.Run();
        using (var fill = Prepare(
            $"INSERT INTO temp.{name} SELECT {string.Concat(keys.Select(key => $"coalesce({key}, x''), "))}1, {string.Join(", ", sums.Select(sum => sum.Expression))} {from} "
            + $"ON CONFLICT DO UPDATE SET calls = calls + 1, {string.Join(", ", sums.Select((_, i) => $"s{i} = s{i} + excluded.s{i}"))}"))
        {
            values.Bind(fill).Run();
        }

        // The query around it may ask for the tenant, or not; a parameter has to be named once at least.
        var ofGroups = new QueryValues();
        ofGroups.Add(tenant);
        return (
            $"(SELECT {string.Concat(keys.Select((_, i) => $"nullif(k{i}, x'') AS k{i}, "))}calls, "
            + $"{string.Join(", ", sums.Select((sum, i) => $"s{i} AS {sum.Name}"))} FROM temp.{name} WHERE $1 > 0)", ofGroups);
    }

    /// <inheritdoc/>
    public override void Begin(bool writes)
    {
        RefuseLostFile();
        _writes = writes;
        if (!writes)
            Execute("BEGIN");
        else if (_queue.IsAwaited || !TryAtOnce("BEGIN IMMEDIATE"))
            WaitToBegin();
    }

    /// <inheritdoc/>
    public override void Commit()
    {
        if (_writes)
            RefuseLostFile();
        base.Commit();
    }

    /// <summary>Lets writers write beside readers, by a write-ahead log; that stays with the file.</summary>
    public void SwitchToLog()
    {
        // SQLite waits for nobody here, and whoever else opens a new ledger may just be looking at it.
        var waiting = Stopwatch.StartNew();
        while (!TryAtOnce("PRAGMA journal_mode = WAL"))
        {
            if (waiting.Elapsed > BusyTimeout)
                throw LedgerErrors.LedgerBusy(Path);
            Pause();
        }
    }

    /// <summary>The rows that the last raw statement changed.</summary>
    public int Changes => sqlite3_changes(Handle);

    /// <summary>A statement for the bulk write, which binds without a copy; it lives as long as the connection.</summary>
    /// <param name="sql">One statement, with parameters <c>?1</c>, <c>?2</c> ….</param>
    public RawStatement PrepareRaw(string sql)
    {
        Check(sqlite3_prepare_v2(Handle, sql, out var statement));
        var raw = new RawStatement(this, statement);
        _raw.Add(raw);
        return raw;
    }

    /// <summary>As <see cref="StoreConnection.Scalar"/>, but waits for nobody's lock.</summary>
    public long? ScalarAtOnce(string sql)
    {
        Check(sqlite3_busy_timeout(Handle, 0));
        try
        {
            return Scalar(sql);
        }
        finally
        {
            Check(sqlite3_busy_timeout(Handle, BusyTimeoutSeconds * 1000));
        }
    }

    /// <summary>Refuses a file that was deleted, replaced or cut since it was opened: what is written to it would be lost.</summary>
    /// <exception cref="CreditException"><c>LedgerNotFound</c>, <c>LedgerCorrupt</c>.</exception>
    public unsafe void RefuseLostFile()
    {
        var moved = 0;
        if (NativeSqlite.FileControl(Handle.DangerousGetHandle(), null, HasMoved, &moved) == SQLITE_OK && moved != 0)
            throw LedgerErrors.LedgerNotFound(
                Path, $"'{Path}' was deleted or replaced while it was open. Nothing was written; connect to the ledger again.");

        // It only grows, unless another program compacts it; and what is not in it yet is in its log.
        var length = new FileInfo(Path) is { Exists: true } file ? file.Length : 0;
        if (length < _length && Scalar("PRAGMA page_count") * Scalar("PRAGMA page_size") > length)
            throw LedgerErrors.LedgerCorrupt(Path, "its file was cut while it was open");
        _length = length;
    }

    /// <summary>Throws the ledger's error for a result code that is one.</summary>
    public void Check(int code)
    {
        if (code is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE))
        {
            // A copy of pages leaves no message of its own behind.
            var message = (sqlite3_errcode(Handle) == SQLITE_OK ? sqlite3_errstr(code) : sqlite3_errmsg(Handle)).utf8_to_string();
            throw SqliteErrors.Translate(Path, code, message);
        }
    }

    /// <inheritdoc/>
    public override Exception Translate(DbException failure) => Translate(Path, failure);

    protected override StoreStatement Create(string sql, bool isKept) => new SqliteStoreStatement(this, sql, isKept);

    protected override void Dispose(bool disposing)
    {
        foreach (var statement in _raw)
            statement.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Waits in the queue, then for the lock.</summary>
    private void WaitToBegin()
    {
        var waiting = Stopwatch.StartNew();
        IDisposable? place = null;
        try
        {
            do
            {
                var unusable = false;
                place ??= _queue.TryEnter(out unusable);
                if ((place is not null || unusable || waiting.Elapsed > QueueTimeout) && TryAtOnce("BEGIN IMMEDIATE"))
                    return;
                Pause();
            }
            while (waiting.Elapsed < BusyTimeout);
        }
        finally
        {
            place?.Dispose();
        }

        throw LedgerErrors.LedgerBusy(Path);
    }

    /// <summary>Waits a moment, of another length each time, so that those who wait don't keep step.</summary>
    private static void Pause() => Thread.Sleep(Random.Shared.Next(1, 4));

    /// <summary>Runs a statement that needs a lock; false where somebody else has it.</summary>
    private bool TryAtOnce(string sql)
    {
        Check(sqlite3_busy_timeout(Handle, 0));
        try
        {
            var code = sqlite3_exec(Handle, sql);
            if ((code & 0xFF) is SQLITE_BUSY or SQLITE_LOCKED)
                return false;
            Check(code);
            return true;
        }
        finally
        {
            Check(sqlite3_busy_timeout(Handle, BusyTimeoutSeconds * 1000));
        }
    }

    private static SqliteConnection Open(string path, bool readOnly)
    {
        // A pooled connection would keep the file open after its session has ended.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            DefaultTimeout = BusyTimeoutSeconds,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch (DbException failure)
        {
            connection.Dispose();
            throw Translate(path, failure);
        }
    }

    private static Exception Translate(string path, DbException failure) => failure is SqliteException known
        ? SqliteErrors.Translate(path, known.SqliteExtendedErrorCode, Detail(known), known)
        : failure;

    /// <summary>SQLite's own words out of the provider's "SQLite Error 1: 'no such table: draw'.".</summary>
    private static string Detail(SqliteException failure)
    {
        var message = failure.Message;
        var first = message.IndexOf('\'', StringComparison.Ordinal);
        var last = message.LastIndexOf('\'');
        return last > first ? message[(first + 1)..last] : message;
    }
}
