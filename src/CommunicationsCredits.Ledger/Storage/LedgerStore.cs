using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>A ledger in a database: what decisions need is loaded in a snapshot of its own, and what they decided is written.</summary>
internal abstract class LedgerStore : ILedgerStore, ILedgerReader, IDisposable
{
    /// <summary>The newest schema this module knows.</summary>
    public const int NewestSchema = 9;

    private int _isDisposed;

    /// <summary>Where the ledger is, without any secret.</summary>
    public abstract string Location { get; }

    /// <summary>What kind of store it is, as the border shows it.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it was opened for reading only.</summary>
    public abstract bool ReadOnly { get; }

    /// <inheritdoc/>
    public abstract LedgerSnapshot BeginRead();

    /// <inheritdoc/>
    public abstract IStoreWrite BeginWrite(IReadOnlyCollection<long> tenants);

    /// <inheritdoc/>
    public virtual T RunUnit<T>(Func<T> unit) => unit();

    /// <summary>
    /// Nobody waits any more for a server that is away, until the answer is disposed: what was interrupted fails at once, as it would after
    /// the longest wait. Null where there is no server.
    /// </summary>
    public virtual IDisposable? StopWaiting() => null;

    /// <summary>Lets nothing be left in the store's files of what was deleted, as far as the store can (C4).</summary>
    public abstract void LeaveNoTrace();

    /// <summary>Copies one state of the ledger into an empty file, while others go on to read and write it.</summary>
    /// <param name="path">The empty file.</param>
    /// <param name="check">Whether the copy has to be sound.</param>
    /// <exception cref="CreditException">
    /// <c>LedgerNotFound</c> or <c>LedgerCorrupt</c> where a file was deleted, cut or damaged; <c>LedgerFull</c>, <c>LedgerUnreadable</c>,
    /// <c>LedgerUnreachable</c>.
    /// </exception>
    public abstract void CopyTo(string path, bool check = true);

    /// <summary>Copies the file of a ledger that nobody has open into an empty file, to be put in this ledger's place.</summary>
    /// <param name="path">The file, which is not changed.</param>
    /// <param name="copy">The empty file.</param>
    /// <exception cref="CreditException"><c>LedgerUnreadable</c>, <c>LedgerTooNew</c>, <c>LedgerCorrupt</c>: it is no ledger, or none that can be used.</exception>
    public abstract void CopyOther(string path, string copy);

    /// <summary>Replaces all that is in the ledger by what is in a file, as one commit.</summary>
    /// <param name="by">The file, which nobody has open; <see cref="CopyOther"/> made it.</param>
    /// <param name="whileLocked">Is run once nobody else can write any more; what it throws leaves the ledger as it is.</param>
    /// <exception cref="CreditException"><c>LedgerBusy</c>, <c>LedgerFull</c>, <c>LedgerReadOnly</c>, <c>LedgerUnreadable</c>, <c>LedgerUnreachable</c>.</exception>
    public abstract void Replace(string by, Action whileLocked);

    /// <summary>Replaces all that is in the ledger by one state of another, of whatever kind, as one commit.</summary>
    /// <param name="by">That state.</param>
    /// <param name="whileLocked">Is run once nobody else can write any more, with what is replaced; what it throws leaves the ledger as it is.</param>
    /// <param name="whenFilled">Is run before the commit, with what it will be; what it throws leaves the ledger as it is.</param>
    /// <exception cref="CreditException"><c>LedgerBusy</c>, <c>LedgerFull</c>, <c>LedgerReadOnly</c>, <c>LedgerUnreadable</c>, <c>LedgerUnreachable</c>.</exception>
    public void Replace(LedgerSnapshot by, Action<LedgerSnapshot> whileLocked, Action<LedgerSnapshot> whenFilled)
    {
        if (ReadOnly)
            throw LedgerErrors.LedgerReadOnly(Location);
        WithWriter(writer =>
        {
            var connection = writer.Connection;
            connection.Begin(writes: true);
            try
            {
                connection.LockAll();
                using var state = new LedgerSnapshot(writer);
                whileLocked(state);
                LedgerCopy.Replace(by, connection);
                whenFilled(state);
                connection.Commit();
            }
            catch
            {
                if (connection.InTransaction)
                    connection.Rollback();
                throw;
            }
        });
    }

    /// <inheritdoc/>
    public ILedgerRead BeginFacts() => new StoredFacts(BeginRead());

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Uses the connection that writes, to replace all that is there; nobody else of this session uses it meanwhile.</summary>
    protected abstract void WithWriter(Action<StoreReaders> use);

    protected abstract void Dispose(bool disposing);
}
