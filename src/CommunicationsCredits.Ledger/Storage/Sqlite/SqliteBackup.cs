using CommunicationsCredits.Ledger.Storage.Queries;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>Copies a ledger while others read and write it, by SQLite's online backup.</summary>
internal static class SqliteBackup
{
    /// <summary>Copies one state of a ledger into an empty file, which then is whole by itself: no log lies beside it.</summary>
    /// <param name="source">A connection that nothing else uses meanwhile.</param>
    /// <param name="path">The empty file.</param>
    /// <param name="check">Whether its pages have to fit together.</param>
    /// <exception cref="CreditException"><c>LedgerFull</c>, <c>LedgerUnreadable</c>; <c>LedgerCorrupt</c>: its pages do not fit together.</exception>
    public static void Copy(SqliteStoreConnection source, string path, bool check = true)
    {
        using var copy = new SqliteStoreConnection(path, readOnly: false);
        try
        {
            // One step is one read: a writer would make a copy in several steps begin again, and again.
            ((SqliteConnection)source.Connection).BackupDatabase((SqliteConnection)copy.Connection);
            copy.Execute("PRAGMA journal_mode = DELETE");
            if (!check)
                return;
            if (Misfit(copy) is { } answer)
                throw LedgerErrors.LedgerCorrupt(Misfit(source) is null ? path : source.Path, answer);
        }
        catch (SqliteException failure)
        {
            throw copy.Translate(failure);
        }
    }

    /// <summary>Whether the pages of a ledger fit together, as far as they can be read.</summary>
    public static bool IsWhole(string path)
    {
        try
        {
            using var ledger = new SqliteStoreConnection(path, readOnly: true);
            return Misfit(ledger) is null;
        }
        catch (Exception problem) when (problem is CreditException or SqliteException)
        {
            return false;
        }
    }

    /// <summary>Fills an empty file with one state of a ledger of another kind; the file then is whole by itself.</summary>
    /// <exception cref="CreditException"><c>LedgerFull</c>, <c>LedgerUnreadable</c>, or an error of the other ledger.</exception>
    public static void Fill(string path, LedgerSnapshot from)
    {
        using (var store = SqliteStore.Open(path, readOnly: false))
            store.Replace(from, _ => { }, _ => { });
        using var copy = new SqliteStoreConnection(path, readOnly: false);
        copy.Execute("PRAGMA journal_mode = DELETE");
    }

    /// <summary>Copies a ledger that nobody has open into an empty file, with pages of the size that another ledger has.</summary>
    /// <param name="path">The ledger, which is not changed.</param>
    /// <param name="copy">The empty file.</param>
    /// <param name="ledger">The other ledger; null where the size does not matter.</param>
    /// <exception cref="CreditException"><c>LedgerUnreadable</c>, <c>LedgerTooNew</c>, <c>LedgerCorrupt</c>: it is no ledger, or none that can be used.</exception>
    public static void CopyOther(string path, string copy, SqliteStoreConnection? ledger)
    {
        using (var source = new SqliteStoreConnection(path, readOnly: true))
        {
            SqliteOpening.RequireLedger(source);
            Copy(source, copy);
        }

        if (ledger is null)
            return;
        using var target = new SqliteStoreConnection(copy, readOnly: false);
        if (ledger.Scalar("PRAGMA page_size") is { } size && target.Scalar("PRAGMA page_size") != size)
            target.Execute(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PRAGMA page_size = {size}; VACUUM"));
    }

    /// <summary>
    /// Replaces all that is in a ledger by what is in another, as one commit: whoever has it open sees the one or the other.
    /// </summary>
    /// <param name="path">The ledger.</param>
    /// <param name="by">The other, which nobody has open; its pages have the same size.</param>
    /// <param name="whileLocked">Is run once nobody else can write any more; what it throws leaves the ledger as it is.</param>
    /// <exception cref="CreditException"><c>LedgerBusy</c>, <c>LedgerFull</c>, <c>LedgerReadOnly</c>, <c>LedgerUnreadable</c>.</exception>
    public static void Replace(string path, string by, Action whileLocked)
    {
        using var target = new SqliteStoreConnection(path, readOnly: false);
        using var source = new SqliteStoreConnection(by, readOnly: false);

        // The provider copies in one step; a first one of no page takes the lock, and lets the rest wait for what has to come before.
        var backup = sqlite3_backup_init(target.Handle, "main", source.Handle, "main");
        if (backup is null || backup.IsInvalid)
        {
            target.Check(sqlite3_errcode(target.Handle));
            throw LedgerErrors.LedgerBusy(path);
        }

        try
        {
            target.Check(sqlite3_backup_step(backup, 0));
            whileLocked();
            target.Check(sqlite3_backup_step(backup, -1));
        }
        finally
        {
            _ = sqlite3_backup_finish(backup);
        }
    }

    /// <summary>What does not fit together first, or null.</summary>
    private static string? Misfit(SqliteStoreConnection ledger)
    {
        using var command = ledger.Connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        return command.ExecuteScalar() is string answer and not "ok" ? answer : null;
    }
}
