using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>A connection to a ledger in an SQLite file.</summary>
internal sealed class SqliteStoreConnection : StoreConnection
{
    /// <summary>How long another program's lock is waited for.</summary>
    private const int BusyTimeoutSeconds = 60;

    private readonly List<RawStatement> _raw = [];

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
        Handle = ((SqliteConnection)Connection).Handle!;
        Check(sqlite3_busy_timeout(Handle, BusyTimeoutSeconds * 1000));
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>SQLite's own connection.</summary>
    public sqlite3 Handle { get; }

    /// <inheritdoc/>
    public override bool InTransaction => sqlite3_get_autocommit(Handle) == 0;

    /// <inheritdoc/>
    public override void Begin(bool writes) => Execute(writes ? "BEGIN IMMEDIATE" : "BEGIN");

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

    /// <summary>Throws the ledger's error for a result code that is one.</summary>
    public void Check(int code)
    {
        if (code is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE))
            throw SqliteErrors.Translate(Path, code, sqlite3_errmsg(Handle).utf8_to_string());
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
