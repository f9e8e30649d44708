using static SQLitePCL.raw;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>The ledger's errors for SQLite's result codes.</summary>
internal static class SqliteErrors
{
    /// <summary>The ledger's error for a result code that is one.</summary>
    /// <param name="path">The ledger's path.</param>
    /// <param name="code">A result code, extended or not.</param>
    /// <param name="detail">SQLite's words for it.</param>
    /// <param name="cause">The exception that brought it, if any.</param>
    public static Exception Translate(string path, int code, string detail, Exception? cause = null) => (code & 0xFF) switch
    {
        SQLITE_BUSY or SQLITE_LOCKED => LedgerErrors.LedgerBusy(path),
        SQLITE_FULL => LedgerErrors.LedgerFull(path),
        SQLITE_READONLY or SQLITE_PERM => LedgerErrors.LedgerReadOnly(path),

        // The statements are the module's own: one that does not fit the tables found them changed.
        SQLITE_CORRUPT or SQLITE_ERROR or SQLITE_SCHEMA or SQLITE_CONSTRAINT or SQLITE_MISMATCH or SQLITE_FORMAT =>
            LedgerErrors.LedgerCorrupt(path, detail),
        SQLITE_NOTADB => LedgerErrors.LedgerUnreadable(
            path, $"'{path}' is not a ledger. Connect-CreditLedger creates one where there is no file yet.", cause),
        SQLITE_CANTOPEN or SQLITE_IOERR or SQLITE_AUTH => LedgerErrors.LedgerUnreadable(
            path, $"'{path}' cannot be read ({detail}). Check the path, its permissions and the disk.", cause),
        _ => new InvalidOperationException($"SQLite answered {code} for '{path}': {detail}", cause),
    };
}
