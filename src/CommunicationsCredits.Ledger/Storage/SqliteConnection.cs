using SQLitePCL;
using static SQLitePCL.raw;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>
/// One connection to a ledger file, with its prepared statements. It is used by one thread at a time. SQLite's result codes
/// become the ledger's errors here, and nowhere else.
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    /// <summary>How long another program's lock is waited for.</summary>
    private const int BusyTimeoutMilliseconds = 60_000;

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly List<SqliteStatement> _uncached = [];
    private readonly sqlite3 _handle;
    private readonly string _path;

    static SqliteConnection()
    {
        Batteries_V2.Init();

        // Counting every allocation costs a lock each, and nobody asks for the count.
        _ = sqlite3_shutdown();
        _ = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        _ = sqlite3_initialize();
    }

    public SqliteConnection(string path, bool readOnly)
    {
        _path = path;
        var flags = (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
        var code = sqlite3_open_v2(path, out _handle, flags, null);
        if (code != SQLITE_OK)
        {
            var error = Translate(code);
            _handle.Dispose();
            throw error;
        }

        _ = sqlite3_extended_result_codes(_handle, 1);
        Check(sqlite3_busy_timeout(_handle, BusyTimeoutMilliseconds));
    }

    /// <summary>The rows changed by the last statement.</summary>
    public int Changes => sqlite3_changes(_handle);

    internal sqlite3 Handle => _handle;

    /// <summary>A prepared statement, ready to be bound; dispose it when done.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var cached) && !cached.IsInUse)
        {
            cached.IsInUse = true;
            return cached;
        }

        Check(sqlite3_prepare_v2(_handle, sql, out var handle));
        var statement = new SqliteStatement(this, handle) { IsInUse = true };

        // Two readers of one text, one within the other, each need a statement of their own.
        if (!_statements.TryAdd(sql, statement))
            _uncached.Add(statement);
        return statement;
    }

    /// <summary>Runs one or more statements that give no rows.</summary>
    public void Execute(string sql) => Check(sqlite3_exec(_handle, sql));

    /// <summary>The first column of the first row, or null.</summary>
    public long? Scalar(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64OrNull(0) : null;
    }

    /// <summary>As <see cref="Scalar"/>, but waits for nobody's lock.</summary>
    public long? ScalarAtOnce(string sql)
    {
        Check(sqlite3_busy_timeout(_handle, 0));
        try
        {
            return Scalar(sql);
        }
        finally
        {
            Check(sqlite3_busy_timeout(_handle, BusyTimeoutMilliseconds));
        }
    }

    /// <summary>Throws the ledger's error for a result code that is one.</summary>
    public void Check(int code)
    {
        if (code is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE))
            throw Translate(code);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values.Concat(_uncached))
            statement.Finish();
        _statements.Clear();
        _uncached.Clear();
        _ = sqlite3_close_v2(_handle);
        _handle.Dispose();
    }

    private Exception Translate(int code)
    {
        var detail = _handle.IsInvalid ? sqlite3_errstr(code).utf8_to_string() : sqlite3_errmsg(_handle).utf8_to_string();
        return (code & 0xFF) switch
        {
            SQLITE_BUSY or SQLITE_LOCKED => LedgerErrors.LedgerBusy(_path),
            SQLITE_FULL => LedgerErrors.LedgerFull(_path),
            SQLITE_READONLY or SQLITE_PERM => LedgerErrors.LedgerReadOnly(_path),
            SQLITE_CORRUPT => LedgerErrors.LedgerCorrupt(_path, detail),
            SQLITE_NOTADB => LedgerErrors.LedgerUnreadable(
                _path, $"'{_path}' is not a ledger. Connect-CreditLedger creates one where there is no file yet."),
            SQLITE_CANTOPEN or SQLITE_IOERR or SQLITE_AUTH => LedgerErrors.LedgerUnreadable(
                _path, $"'{_path}' cannot be read ({detail}). Check the path, its permissions and the disk."),
            _ => new InvalidOperationException($"SQLite answered {code} for '{_path}': {detail}"),
        };
    }
}
