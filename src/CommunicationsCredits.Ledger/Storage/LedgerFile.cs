using System.Collections.Concurrent;
using CommunicationsCredits.Ledger.Storage.Sqlite;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>
/// A ledger in an SQLite file: created, recognised and brought up to date on opening. One connection writes; readers have their
/// own, so that a long read sees one state of the ledger and blocks nobody.
/// </summary>
internal sealed class LedgerFile : IDisposable
{
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
    public static int NewestSchema => SqliteOpening.NewestSchema;

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Whether it was opened for reading only.</summary>
    public bool ReadOnly { get; }

    /// <summary>Opens a ledger, and creates it where there is none.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="readOnly">Whether nothing will be written; then a missing file is an error.</param>
    /// <exception cref="CreditException">
    /// <c>LedgerNotFound</c>, <c>LedgerUnreadable</c>, <c>LedgerTooNew</c>, <c>LedgerReadOnly</c>, <c>LedgerBusy</c>,
    /// <c>LedgerCorrupt</c>.
    /// </exception>
    public static LedgerFile Open(string path, bool readOnly)
    {
        var connection = SqliteOpening.Open(path, readOnly);
        try
        {
            return new(path, readOnly, new(connection));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Begins a transaction that writes; it waits for other writers.</summary>
    /// <exception cref="CreditException">
    /// <c>LedgerReadOnly</c>, <c>LedgerBusy</c>; <c>LedgerNotFound</c> or <c>LedgerCorrupt</c> where the file was deleted or cut.
    /// </exception>
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
    /// <exception cref="CreditException"><c>LedgerNotFound</c> or <c>LedgerCorrupt</c> where the file was deleted or cut.</exception>
    public LedgerTransaction BeginRead()
    {
        if (!_readers.TryTake(out var tables))
            tables = OpenReader();

        try
        {
            return new(tables, writes: false, () => _readers.Add(tables));
        }
        catch
        {
            tables.Dispose();
            throw;
        }
    }

    private LedgerTables OpenReader()
    {
        // Another file may lie there by now, which the reader could not know. While somebody writes, that one will notice it.
        if (Monitor.TryEnter(_writing))
        {
            try
            {
                _writer.Connection.RefuseLostFile();
            }
            finally
            {
                Monitor.Exit(_writing);
            }
        }

        var connection = SqliteOpening.OpenReader(Path);
        try
        {
            return new(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        lock (_writing)
            _writer.Dispose();
    }
}
