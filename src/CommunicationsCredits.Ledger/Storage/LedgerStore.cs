using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>A ledger in a database: what decisions need is loaded in a snapshot of its own, and what they decided is written.</summary>
internal abstract class LedgerStore : ILedgerStore, ILedgerReader, IDisposable
{
    /// <summary>The newest schema this module knows.</summary>
    public const int NewestSchema = 8;

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

    /// <summary>Lets nothing be left in the store's files of what was deleted, as far as the store can (C4).</summary>
    public abstract void LeaveNoTrace();

    /// <summary>Copies one state of the ledger into an empty file, while others go on to read and write it.</summary>
    /// <param name="path">The empty file.</param>
    /// <exception cref="CreditException"><c>BackupNotValid</c>: a ledger of this kind is no file.</exception>
    public virtual void CopyTo(string path) => throw LedgerErrors.NoFileToBackUp(Kind);

    /// <inheritdoc/>
    public ILedgerRead BeginFacts() => new StoredFacts(BeginRead());

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
