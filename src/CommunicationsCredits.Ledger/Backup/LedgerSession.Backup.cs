using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger;

/// <content>Backup.</content>
public sealed partial class LedgerSession
{
    /// <summary>
    /// Writes a copy of the ledger as it is now to a file, while others go on to read and write it. The copy is verified before it gets
    /// its name: there is a backup that verifies, or no file.
    /// </summary>
    /// <param name="destination">The file, in a folder that exists.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <param name="cancellation">Stops it; then there is no file.</param>
    /// <exception cref="CreditException">
    /// <c>FileExists</c>: the file is there, or is a ledger that is open, this one too; <c>BackupNotValid</c>: the ledger does not verify;
    /// <c>LedgerFull</c>, <c>LedgerNotFound</c>, <c>LedgerCorrupt</c>, <c>LedgerUnreadable</c>.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void BackUp(string destination, bool force = false, CancellationToken cancellation = default)
    {
        var path = Path.GetFullPath(destination);
        if (string.Equals(path, Location, OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase))
            throw LedgerErrors.BackupOntoLedger(path);

        // SQLite would bring that log into whatever lies before it.
        if (File.Exists(path + "-wal"))
            throw LedgerErrors.BackupOntoOpenLedger(path);
        using var file = new NewFile(path, force);
        var draft = file.HandOver();
        Store.CopyTo(draft);
        using (var copy = SqliteStore.Open(draft, readOnly: true))
        {
            if (Verify(copy, TenantSelection.All, cancellation).FirstOrDefault() is { } finding)
                throw LedgerErrors.BackupNotValid(Location, finding);
        }

        cancellation.ThrowIfCancellationRequested();
        file.Complete();
    }
}
