using System.Collections.Concurrent;
using System.Diagnostics;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Storage.Sqlite;

namespace CommunicationsCredits.Ledger.Storage.PostgreSql;

/// <summary>
/// A ledger in a PostgreSQL database. One connection writes, and other sessions write to other tenants beside it; readers have
/// their own, so that a long read sees one state of the ledger and blocks nobody.
/// </summary>
internal sealed class PgStore : LedgerStore
{
    /// <summary>
    /// How long a server may be away: longer than its restart and the recovery after a crash, and than it takes to notice a dead line.
    /// </summary>
    private static readonly TimeSpan ReconnectTime = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<StoreReaders> _readers = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly StopSignal _stop = new();
    private readonly string _connectionString;
    private readonly string _writerString;
    private readonly Guid _session = Guid.NewGuid();
    private StoreReaders _writer;
    private long _commits;

    private PgStore(string connectionString, string location, bool readOnly, PgStoreConnection connection)
    {
        _connectionString = connectionString;
        _writerString = PgOpening.ForWriter(connectionString);
        Location = location;
        ReadOnly = readOnly;
        _writer = new(connection);
    }

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override string Kind => "PostgreSql";

    /// <inheritdoc/>
    public override bool ReadOnly { get; }

    /// <summary>Opens a ledger, and creates it in a database that has none.</summary>
    /// <param name="connectionString">The provider's connection string.</param>
    /// <param name="readOnly">Whether nothing will be written; then a missing ledger is an error.</param>
    /// <exception cref="CreditException">
    /// <c>LedgerNotFound</c>, <c>LedgerUnreadable</c>, <c>LedgerTooNew</c>, <c>LedgerBusy</c>, <c>LedgerCorrupt</c>.
    /// </exception>
    public static PgStore Open(string connectionString, bool readOnly)
    {
        var settings = PgOpening.Settings(connectionString);
        var location = PgOpening.LocationOf(settings);
        return new(settings.ConnectionString, location, readOnly, PgOpening.Open(PgOpening.ForWriter(settings.ConnectionString), location, readOnly));
    }

    /// <inheritdoc/>
    /// <exception cref="CreditException"><c>LedgerReadOnly</c>, <c>LedgerBusy</c>, <c>LedgerUnreadable</c>.</exception>
    public override IStoreWrite BeginWrite(IReadOnlyCollection<long> tenants)
    {
        if (ReadOnly)
            throw LedgerErrors.LedgerReadOnly(Location);
        _writing.Wait();
        try
        {
            if (((PgStoreConnection)_writer.Connection).IsBroken)
                Reconnect();
            return new PgWrite(_writer, new(_session, ++_commits), tenants, WasCommitted, () => _writing.Release());
        }
        catch
        {
            _writing.Release();
            throw;
        }
    }

    /// <summary>Does nothing: what was deleted goes from the server's files by its own VACUUM, and from its log when that is recycled.</summary>
    public override void LeaveNoTrace()
    {
    }

    /// <inheritdoc/>
    public override LedgerSnapshot BeginRead() => RunUnit(() =>
    {
        if (!_readers.TryTake(out var readers))
            readers = new(new PgStoreConnection(_connectionString, Location));
        return new LedgerSnapshot(readers, isUsable =>
        {
            if (isUsable && !((PgStoreConnection)readers.Connection).IsBroken)
                _readers.Add(readers);
            else
                readers.Dispose();
        });
    });

    /// <inheritdoc/>
    public override T RunUnit<T>(Func<T> unit)
    {
        long? failedAt = null;
        for (var pause = TimeSpan.FromMilliseconds(20); ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return unit();
            }
            catch (CreditException problem) when (PgErrors.IsInterruption(problem))
            {
                failedAt ??= Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(failedAt.Value) >= ReconnectTime || _stop.Wait(pause))
                    throw PgErrors.Lasting(problem);
            }
        }
    }

    /// <inheritdoc/>
    public override IDisposable? StopWaiting() => _stop.Set();

    /// <inheritdoc/>
    public override void CopyTo(string path, bool check = true)
    {
        using var snapshot = BeginRead();
        SqliteBackup.Fill(path, snapshot);
    }

    /// <inheritdoc/>
    public override void CopyOther(string path, string copy) => SqliteBackup.CopyOther(path, copy, null);

    /// <inheritdoc/>
    public override void Replace(string by, Action whileLocked)
    {
        using var store = SqliteStore.Open(by, readOnly: true);
        using var snapshot = store.BeginRead();
        Replace(snapshot, _ => whileLocked(), _ => { });
    }

    protected override void WithWriter(Action<StoreReaders> use)
    {
        _writing.Wait();
        try
        {
            if (((PgStoreConnection)_writer.Connection).IsBroken)
                Reconnect();
            use(_writer);
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
        ForgetTokens();
        _writer.Dispose();
        _writing.Dispose();
    }

    /// <summary>Takes the session's tokens away, and those of sessions that were killed: nobody asks for them any more.</summary>
    private void ForgetTokens()
    {
        if (_commits == 0 || ((PgStoreConnection)_writer.Connection).IsBroken)
            return;
        try
        {
            using var delete = _writer.Connection.Prepare("DELETE FROM commit_token WHERE session = CAST($1 AS uuid) OR at < now() - interval '1 day'")
                .Bind(1, _session.ToString());
            delete.Run();
        }
        catch (Exception problem) when (problem is CreditException or InvalidOperationException)
        {
            // They take a row each, and mean nothing to another session.
        }
    }

    private void Reconnect()
    {
        _writer.Dispose();
        _writer = new(new PgStoreConnection(_writerString, Location));
    }

    /// <summary>Whether a commit whose answer was lost has happened: its token says it, once the old session has let go of the lock.</summary>
    /// <exception cref="CreditException"><c>LedgerUnreachable</c>: the server did not come back, and nobody knows.</exception>
    private bool WasCommitted(CommitToken token, long tenant)
    {
        try
        {
            return RunUnit(() =>
            {
                using var connection = new PgStoreConnection(_writerString, Location);
                connection.Begin(writes: true);
                connection.Execute(PgWrite.LockOf(tenant));
                using var select = connection.Prepare("SELECT number FROM commit_token WHERE tenant = $1 AND session = CAST($2 AS uuid)")
                    .Bind(1, tenant).Bind(2, token.Session.ToString());
                return select.Step() && select.Int64(0) == token.Number;
            });
        }
        catch (CreditException problem)
        {
            // Whatever it was, it does not say that nothing was kept: nobody may run the unit again.
            throw LedgerErrors.CommitInDoubt(Location, problem.InnerException ?? problem);
        }
    }
}

/// <summary>What a commit leaves, to be known by.</summary>
/// <param name="Session">The session that commits.</param>
/// <param name="Number">How many commits it has tried.</param>
internal readonly record struct CommitToken(Guid Session, long Number);
