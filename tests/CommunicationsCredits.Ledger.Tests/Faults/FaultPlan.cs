namespace CommunicationsCredits.Ledger.Tests.Faults;

/// <summary>What is done to a file that may go wrong.</summary>
internal enum FileOperation
{
    Open,
    Write,
    Sync,
    Truncate,
    Delete,
}

/// <summary>How it goes wrong.</summary>
public enum FileFault
{
    None,

    /// <summary>It fails, once.</summary>
    Fails,

    /// <summary>A write is cut in the middle, once; another operation fails.</summary>
    Partial,

    /// <summary>The disk is full, for this operation and the nine after it.</summary>
    Full,

    /// <summary>From this operation on nothing is done any more, until the program is started again.</summary>
    Ends,

    /// <summary>A write is reported as done, once, and nothing is written: a disk that lies.</summary>
    Lost,
}

/// <summary>That the n-th operation on the files of a folder goes wrong.</summary>
/// <param name="n">Which, from 1; 0 is none.</param>
/// <param name="fault">How.</param>
internal sealed class FaultPlan(int n, FileFault fault)
{
    private const int OperationsUntilRoom = 10;

    private int _count;
    private volatile bool _isOver;

    /// <summary>The operations so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether it has gone wrong.</summary>
    public bool Happened => n > 0 && Count >= n;

    /// <summary>From now on all is well.</summary>
    public void End() => _isOver = true;

    /// <summary>Counts an operation, and says what becomes of it.</summary>
    public FileFault Next(FileOperation operation)
    {
        if (_isOver)
            return FileFault.None;
        var count = Interlocked.Increment(ref _count);
        var isHit = n > 0 && fault switch
        {
            FileFault.Full => count >= n && count < n + OperationsUntilRoom && operation == FileOperation.Write,
            FileFault.Ends => count >= n,
            FileFault.Lost => count == n && operation == FileOperation.Write,
            _ => count == n,
        };
        return isHit ? fault : FileFault.None;
    }
}
