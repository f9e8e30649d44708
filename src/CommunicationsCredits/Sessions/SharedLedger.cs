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
    public SharedLedger(string path, bool readOnly) => Session = LedgerSession.Open(path, new()
    {
        ReadOnly = readOnly,
        ConfigurationFolder = UserConfiguration.Folder,
        Secrets = SessionSecrets.Read,
    });

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
}
