using System.Collections.Concurrent;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>
/// A ledger in an SQLite file. One connection writes; readers have their own, so that a long read sees one state of the ledger and
/// blocks nobody.
/// </summary>
internal sealed class SqliteStore : LedgerStore
{
    private readonly ConcurrentBag<StoreReaders> _readers = [];
    private readonly StoreReaders _writer;
    private readonly SqliteBulk _bulk;
    private readonly SqliteKeys _keys = new();
    private readonly SemaphoreSlim _writing = new(1, 1);

    private SqliteStore(string path, bool readOnly, SqliteStoreConnection connection)
    {
        Path = path;
        ReadOnly = readOnly;
        connection.Keys = _keys;
        _writer = new(connection);
        _bulk = new(connection);
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override bool ReadOnly { get; }

    /// <inheritdoc/>
    public override string Location => Path;

    /// <inheritdoc/>
    public override string Kind => "Sqlite";

    private SqliteStoreConnection Writer => (SqliteStoreConnection)_writer.Connection;

    /// <summary>Opens a ledger, and creates it where it is missing.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="readOnly">Whether nothing will be written; then a missing file is an error.</param>
    /// <exception cref="CreditException">
    /// <c>LedgerNotFound</c>, <c>LedgerUnreadable</c>, <c>LedgerTooNew</c>, <c>LedgerReadOnly</c>, <c>LedgerBusy</c>,
    /// <c>LedgerCorrupt</c>.
    /// </exception>
    public static SqliteStore Open(string path, bool readOnly)
    {
        var connection = SqliteOpening.Open(path, readOnly);
        try
        {
            return new(path, readOnly, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CreditException">
    /// <c>LedgerReadOnly</c>, <c>LedgerBusy</c>; <c>LedgerNotFound</c> or <c>LedgerCorrupt</c> where the file was deleted or cut.
    /// </exception>
    public override IStoreWrite BeginWrite(IReadOnlyCollection<long> tenants)
    {
        if (ReadOnly)
            throw LedgerErrors.LedgerReadOnly(Path);
        _writing.Wait();
        try
        {
            Writer.Begin(writes: true);
            return new SqliteWrite(_writer, _bulk, () => _writing.Release());
        }
        catch
        {
            _writing.Release();
            throw;
        }
    }

    /// <summary>
    /// Brings the write-ahead log into the database and empties it, so that nothing is left of what was deleted. While somebody
    /// reads an older state that is not possible, and not waited for: the log then goes when the last session ends.
    /// </summary>
    public override void LeaveNoTrace()
    {
        _writing.Wait();
        try
        {
            Writer.ScalarAtOnce("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CreditException"><c>LedgerNotFound</c> or <c>LedgerCorrupt</c> where the file was deleted or cut.</exception>
    public override LedgerSnapshot BeginRead()
    {
        if (!_readers.TryTake(out var readers))
            readers = OpenReader();
        return new(readers, isUsable =>
        {
            if (isUsable)
                _readers.Add(readers);
            else
                readers.Dispose();
        });
    }

    /// <inheritdoc/>
    public override void CopyTo(string path, bool check = true)
    {
        if (check)
            RefuseLostFile();
        using var source = SqliteOpening.OpenReader(Path);
        SqliteBackup.Copy(source, path, check);
    }

    /// <inheritdoc/>
    public override void CopyOther(string path, string copy)
    {
        using var ledger = SqliteOpening.OpenReader(Path);
        SqliteBackup.CopyOther(path, copy, ledger);
    }

    /// <inheritdoc/>
    public override void Replace(string by, Action whileLocked)
    {
        if (ReadOnly)
            throw LedgerErrors.LedgerReadOnly(Path);
        _writing.Wait();
        try
        {
            Writer.RefuseLostFile();
            SqliteBackup.Replace(Path, by, whileLocked);
            _keys.Clear();
        }
        finally
        {
            _writing.Release();
        }
    }

    protected override void WithWriter(Action<StoreReaders> use)
    {
        _writing.Wait();
        try
        {
            use(_writer);
            _keys.Clear();
        }
        finally
        {
            _writing.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        _writing.Wait();
        _writer.Dispose();
        _writing.Dispose();
    }

    private StoreReaders OpenReader()
    {
        RefuseLostFile();
        var connection = SqliteOpening.OpenReader(Path);
        connection.Keys = _keys;
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

    private void RefuseLostFile()
    {
        // Another file may lie there by now, which the reader could not know. While somebody writes, that one will notice it.
        if (_writing.Wait(TimeSpan.Zero))
        {
            try
            {
                Writer.RefuseLostFile();
            }
            finally
            {
                _writing.Release();
            }
        }
    }
}
