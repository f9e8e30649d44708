using Microsoft.Data.Sqlite;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>Copies a ledger while others read and write it, by SQLite's online backup.</summary>
internal static class SqliteBackup
{
    /// <summary>Copies one state of a ledger into an empty file, which then is whole by itself: no log lies beside it.</summary>
    /// <param name="source">A connection that nothing else uses meanwhile.</param>
    /// <param name="path">The empty file.</param>
    /// <exception cref="CreditException"><c>LedgerFull</c>, <c>LedgerUnreadable</c>; <c>LedgerCorrupt</c>: its pages do not fit together.</exception>
    public static void Copy(SqliteStoreConnection source, string path)
    {
        using var copy = new SqliteStoreConnection(path, readOnly: false);
        try
        {
            // One step is one read: a writer would make a copy in several steps begin again, and again.
            ((SqliteConnection)source.Connection).BackupDatabase((SqliteConnection)copy.Connection);
            copy.Execute("PRAGMA journal_mode = DELETE");
            using var check = copy.Connection.CreateCommand();
            check.CommandText = "PRAGMA integrity_check(1)";
            if (check.ExecuteScalar() is string answer and not "ok")
                throw LedgerErrors.LedgerCorrupt(source.Path, answer);
        }
        catch (SqliteException failure)
        {
            throw copy.Translate(failure);
        }
    }
}
