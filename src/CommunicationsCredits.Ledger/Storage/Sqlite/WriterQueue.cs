namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>
/// Where the writers of a ledger wait, whatever processes they belong to. SQLite's lock goes to whoever asks first once it is free,
/// which is nearly always the one that has just given it up: an import, for its next batch. So whoever finds it taken keeps a file
/// beside the ledger locked until it has had its turn, and whoever sees that file waits behind it. It is about order only: what
/// keeps writers apart is SQLite's lock.
/// </summary>
/// <param name="ledger">The ledger's path.</param>
internal sealed class WriterQueue(string ledger)
{
    private readonly string _file = ledger + "-queue";

    /// <summary>Whether somebody waits; also after one that waited was killed, until the next one has waited.</summary>
    public bool IsAwaited => File.Exists(_file);

    /// <summary>Takes the place at the head of the queue, or answers null where it is taken.</summary>
    /// <param name="unusable">Whether this process can never have it, since it may not write beside the ledger.</param>
    public IDisposable? TryEnter(out bool unusable)
    {
        unusable = false;
        try
        {
            return new FileStream(
                _file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (UnauthorizedAccessException)
        {
            unusable = true;
        }
        catch (IOException)
        {
            // Somebody else has it.
        }

        return null;
    }
}
