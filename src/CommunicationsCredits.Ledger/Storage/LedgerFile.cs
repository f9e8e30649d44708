using System.Collections.Concurrent;
using System.Reflection;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>
/// A ledger in an SQLite file: created, recognised and brought up to date on opening. One connection writes; readers have their
/// own, so that a long read sees one state of the ledger and blocks nobody.
/// </summary>
internal sealed class LedgerFile : IDisposable
{
    /// <summary>Marks the file as a ledger of this module ("CCrd").</summary>
    private const int ApplicationId = 0x43437264;

    private static readonly IReadOnlyList<string> Migrations = LoadMigrations();

    private readonly ConcurrentBag<LedgerTables> _readers = [];
    private readonly LedgerTables _writer;
    private readonly object _writing = new();

    private LedgerFile(string path, bool readOnly, LedgerTables writer)
    {
        Path = path;
        ReadOnly = readOnly;
        _writer = writer;
    }

    /// <summary>The newest schema this module knows.</summary>
    public static int NewestSchema => Migrations.Count;

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Whether it was opened for reading only.</summary>
    public bool ReadOnly { get; }

    /// <summary>Opens a ledger, and creates it where there is none.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="readOnly">Whether nothing will be written; then a missing file is an error.</param>
    /// <exception cref="CreditException">
    /// <c>LedgerNotFound</c>, <c>LedgerUnreadable</c>, <c>LedgerTooNew</c>, <c>LedgerReadOnly</c>, <c>LedgerBusy</c>.
    /// </exception>
    public static LedgerFile Open(string path, bool readOnly)
    {
        var isNew = Prepare(path, readOnly);
        SqliteStoreConnection? connection = null;
        try
        {
            connection = new(path, readOnly);
            var schema = Recognise(path, connection);
            if (schema < NewestSchema)
            {
                if (readOnly)
                    throw LedgerErrors.LedgerUnreadable(
                        path, $"'{path}' has an older schema. Connect once without -ReadOnly to bring it up to date.");
                Migrate(path, connection);
            }

            Configure(connection, readOnly);
            return new(path, readOnly, new(connection));
        }
        catch
        {
            connection?.Dispose();
            if (isNew && new FileInfo(path).Length == 0)
                File.Delete(path);
            throw;
        }
    }

    /// <summary>Begins a transaction that writes; it waits for other writers.</summary>
    /// <exception cref="CreditException"><c>LedgerReadOnly</c>, <c>LedgerBusy</c>.</exception>
    public LedgerTransaction BeginWrite()
    {
        if (ReadOnly)
            throw LedgerErrors.LedgerReadOnly(Path);
        Monitor.Enter(_writing);
        try
        {
            return new(_writer, writes: true, () => Monitor.Exit(_writing));
        }
        catch
        {
            Monitor.Exit(_writing);
            throw;
        }
    }

    /// <summary>
    /// Brings the write-ahead log into the database and empties it, so that nothing is left of what was deleted. While somebody
    /// reads an older state that is not possible, and not waited for: the log then goes when the last session ends.
    /// </summary>
    public void EmptyLog()
    {
        lock (_writing)
            _writer.Connection.ScalarAtOnce("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Begins a transaction that reads one state of the ledger.</summary>
    public LedgerTransaction BeginRead()
    {
        if (!_readers.TryTake(out var tables))
        {
            var connection = new SqliteStoreConnection(Path, readOnly: true);
            Configure(connection, readOnly: true);
            tables = new(connection);
        }

        return new(tables, writes: false, () => _readers.Add(tables));
    }

    public void Dispose()
    {
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        lock (_writing)
            _writer.Dispose();
    }

    /// <summary>Checks the path, and makes an empty file that only its owner can read.</summary>
    private static bool Prepare(string path, bool readOnly)
    {
        if (Directory.Exists(path))
            throw LedgerErrors.LedgerUnreadable(path, $"'{path}' is a folder. Give the path of a file in it.");
        if (File.Exists(path))
        {
            RefuseStub(path);
            return false;
        }

        if (readOnly)
            throw LedgerErrors.LedgerNotFound(path, $"There is no ledger '{path}'. Connect without -ReadOnly to create it.");
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(path)))
            throw LedgerErrors.LedgerNotFound(path, $"There is no folder for '{path}'. Create the folder first, or correct the path.");

        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var created = new FileStream(path, options);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw LedgerErrors.LedgerUnreadable(path, $"'{path}' cannot be created: {problem.Message}", problem);
        }
    }

    /// <summary>Refuses a file too short to be a database, which SQLite would take for an empty one and write over.</summary>
    private static void RefuseStub(string path)
    {
        const int shortest = 100;
        if (new FileInfo(path).Length is > 0 and < shortest)
            throw LedgerErrors.LedgerUnreadable(path, $"'{path}' is not a ledger. Connect-CreditLedger creates one where there is no file yet.");
    }

    /// <summary>The file's schema; 0 where it is still empty.</summary>
    private static int Recognise(string path, SqliteStoreConnection connection)
    {
        var application = connection.Scalar("PRAGMA application_id");
        var schema = (int)(connection.Scalar("PRAGMA user_version") ?? 0);
        if (application == 0 && schema == 0 && connection.Scalar("SELECT count(*) FROM sqlite_schema") == 0)
            return 0;
        if (application != ApplicationId)
            throw LedgerErrors.LedgerUnreadable(path, $"'{path}' is another program's database, not a ledger. Nothing was changed.");
        if (schema > NewestSchema)
            throw LedgerErrors.LedgerTooNew(path, schema, NewestSchema);
        return schema;
    }

    private static void Migrate(string path, SqliteStoreConnection connection)
    {
        // Both are set before the first table, and stay with the file.
        connection.Execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL");
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            // Another process may have done some of it meanwhile.
            for (var schema = Recognise(path, connection); schema < NewestSchema; schema++)
                connection.Execute(Migrations[schema]);
            connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {NewestSchema}");
            connection.Execute("COMMIT");
        }
        catch
        {
            connection.Execute("ROLLBACK");
            throw;
        }
    }

    private static void Configure(SqliteStoreConnection connection, bool readOnly)
    {
        connection.Execute("PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY");

        // From the first record on: what moves within the file while it is filled leaves copies, too (C4).
        if (!readOnly)
            connection.Execute("PRAGMA secure_delete = ON");
        connection.Execute(readOnly
            ? "PRAGMA cache_size = -16384; PRAGMA query_only = ON"
            : "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16000");
    }

    private static List<string> LoadMigrations()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add(reader.ReadToEnd());
        }

        return scripts;
    }
}
