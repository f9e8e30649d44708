using CommunicationsCredits.Ledger;

namespace CommunicationsCredits.Sessions;

/// <summary>
/// An open ledger that several commands of a pipeline may be using. It is closed when it has been released as often as it was
/// acquired, so that a command that disconnects in mid-pipeline takes it from nobody.
/// </summary>
internal sealed class SharedLedger
{
    private readonly object _gate = new();
    private int _users = 1;

    /// <summary>Opens a ledger; whoever does is its first user.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="readOnly">Whether nothing will be written.</param>
    public SharedLedger(string path, bool readOnly)
        : this(LedgerSession.Open(path, Options(readOnly)))
    {
    }

    private SharedLedger(LedgerSession session) => Session = session;

    /// <summary>Opens a ledger in a database; whoever does is its first user.</summary>
    /// <param name="connectionString">The database's connection string.</param>
    /// <param name="readOnly">Whether nothing will be written.</param>
    public static SharedLedger OpenDatabase(string connectionString, bool readOnly) =>
        new(LedgerSession.OpenDatabase(connectionString, Options(readOnly)));

    /// <summary>The open ledger.</summary>
    public LedgerSession Session { get; }

    /// <summary>Adds a user, unless the last one has gone already.</summary>
    public bool TryAcquire()
    {
        lock (_gate)
        {
            if (_users == 0)
                return false;
            _users++;
            return true;
        }
    }

    /// <summary>Takes a user away; the last one closes the ledger.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (--_users > 0)
                return;
        }

        Session.Dispose();
    }

    private static LedgerOptions Options(bool readOnly) => new()
    {
        ReadOnly = readOnly,
        ConfigurationFolder = UserConfiguration.Folder,
        Secrets = SessionSecrets.Read,
    };
}
