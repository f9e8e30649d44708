using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>
/// Opens the file of a ledger: creates it, tells it from other files, and brings it up to date. Several processes may open a new
/// ledger at once: SQLite's own lock decides which of them fills it, and none ever deletes it.
/// </summary>
internal static class SqliteOpening
{
    /// <summary>Marks the file as a ledger of this module ("CCrd").</summary>
    private const int ApplicationId = 0x43437264;

    /// <summary>A shorter file is no database, but SQLite would take it for an empty one and write over it.</summary>
    private const int ShortestDatabase = 100;

    private const string MigrationFolder = ".Storage.Sqlite.Migrations.";

    private static readonly IReadOnlyList<string> Migrations = LoadMigrations();

    private static readonly Lazy<IReadOnlyList<SchemaPart>> Schema = new(NewestParts);

    /// <summary>The newest schema this module knows.</summary>
    public static int NewestSchema => Migrations.Count;

    /// <summary>Opens the connection that writes, or that only reads; creates the ledger where it is missing.</summary>
    /// <inheritdoc cref="SqliteStore.Open"/>
    public static SqliteStoreConnection Open(string path, bool readOnly)
    {
        Prepare(path, readOnly);
        var connection = new SqliteStoreConnection(path, readOnly);
        try
        {
            var schema = ReadSchemaVersion(connection);
            if (schema < NewestSchema && readOnly)
                throw LedgerErrors.LedgerUnreadable(
                    path, $"'{path}' has an older schema. Connect once without -ReadOnly to bring it up to date.");
            if (schema < NewestSchema)
                Migrate(connection);
            else
                RefuseMissingParts(connection);

            // Only once the file holds tables: while it is empty, whoever opens it takes a log beside it for a leftover, and deletes it.
            if (!readOnly)
                connection.SwitchToLog();
            Configure(connection, readOnly);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens another connection to a ledger that is open, which reads.</summary>
    public static SqliteStoreConnection OpenReader(string path)
    {
        var connection = new SqliteStoreConnection(path, readOnly: true);
        try
        {
            Configure(connection, readOnly: true);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a file that is no ledger, an empty one too; nothing is written.</summary>
    /// <exception cref="CreditException"><c>LedgerUnreadable</c>, <c>LedgerTooNew</c>, <c>LedgerCorrupt</c>.</exception>
    public static void RequireLedger(SqliteStoreConnection connection)
    {
        if (ReadSchemaVersion(connection) == 0)
            throw LedgerErrors.LedgerUnreadable(connection.Path, $"'{connection.Path}' is empty.");
    }

    /// <summary>Checks the path, and creates a missing file, empty and readable by its owner only.</summary>
    private static void Prepare(string path, bool readOnly)
    {
        if (Directory.Exists(path))
            throw LedgerErrors.LedgerUnreadable(path, $"'{path}' is a folder. Give the path of a file in it.");
        if (File.Exists(path))
        {
            if (new FileInfo(path).Length is > 0 and < ShortestDatabase)
                throw LedgerErrors.LedgerUnreadable(path, $"'{path}' is not a ledger. Connect-CreditLedger creates one where there is no file yet.");
            return;
        }

        if (readOnly)
            throw LedgerErrors.LedgerNotFound(path, $"There is no ledger '{path}'. Connect without -ReadOnly to create it.");
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw LedgerErrors.LedgerNotFound(path, $"There is no folder for '{path}'. Create the folder first, or correct the path.");

        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var created = new FileStream(path, options);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw LedgerErrors.LedgerUnreadable(path, $"'{path}' cannot be created: {problem.Message}", problem);
        }
    }

    private static int ReadSchemaVersion(SqliteStoreConnection connection)
    {
        // In one transaction, since another process may fill the file between two looks at it.
        connection.Begin(writes: false);
        try
        {
            return ReadSchemaVersionOf(connection);
        }
        finally
        {
            if (connection.InTransaction)
                connection.Commit();
        }
    }

    /// <summary>The file's schema; 0 where it is empty.</summary>
    private static int ReadSchemaVersionOf(SqliteStoreConnection connection)
    {
        var application = connection.Scalar("PRAGMA application_id");
        var schema = (int)(connection.Scalar("PRAGMA user_version") ?? 0);
        if (application == 0 && schema == 0 && connection.Scalar("SELECT count(*) FROM sqlite_schema") == 0)
            return 0;
        if (application != ApplicationId)
            throw LedgerErrors.LedgerUnreadable(
                connection.Path, $"'{connection.Path}' is another program's database, not a ledger. Nothing was changed.");
        if (schema > NewestSchema)
            throw LedgerErrors.LedgerTooNew(connection.Path, schema, NewestSchema);
        if (schema < 1)
            throw LedgerErrors.LedgerCorrupt(connection.Path, $"there is no schema {schema}");
        return schema;
    }

    private static void Migrate(SqliteStoreConnection connection)
    {
        // Stays with the file, and is without effect once that holds a table.
        connection.Execute("PRAGMA foreign_keys = OFF; PRAGMA page_size = 8192");
        connection.Begin(writes: true);
        try
        {
            // Another process may have done some of it meanwhile.
            for (var schema = ReadSchemaVersionOf(connection); schema < NewestSchema; schema++)
                connection.Execute(Migrations[schema]);
            connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {NewestSchema}");
            RefuseMissingParts(connection);
            connection.Commit();
        }
        catch
        {
            if (connection.InTransaction)
                connection.Rollback();
            throw;
        }
    }

    private static void Configure(SqliteStoreConnection connection, bool readOnly)
    {
        connection.Execute("PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY");

        // From the first record on: what moves within the file while it is filled leaves copies, too (C4).
        if (!readOnly)
            connection.Execute("PRAGMA secure_delete = ON");
        connection.Execute(readOnly
            ? "PRAGMA cache_size = -16384"
            : "PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 16000");
    }

    /// <summary>Refuses a ledger that lacks a table, a column or an index, before a command stumbles over it.</summary>
    private static void RefuseMissingParts(SqliteStoreConnection connection)
    {
        var there = ReadParts(connection.Connection, failure => connection.Translate(failure)).ToHashSet();
        foreach (var part in Schema.Value)
        {
            if (!there.Contains(part))
                throw LedgerErrors.LedgerCorrupt(connection.Path, $"it has no {part}");
        }
    }

    /// <summary>What a ledger of the newest schema has.</summary>
    private static List<SchemaPart> NewestParts()
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        using var create = connection.CreateCommand();
        create.CommandText = string.Join('\n', Migrations);
        create.ExecuteNonQuery();
        return ReadParts(connection, failure => failure);
    }

    private static List<SchemaPart> ReadParts(
        DbConnection connection, Func<DbException, Exception> translate)
    {
        var parts = new List<SchemaPart>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT s.type, s.name, c.name FROM sqlite_schema s LEFT JOIN pragma_table_info(s.name) c ON s.type = 'table' "
            + @"WHERE s.type IN ('table', 'index') AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\'";
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
                parts.Add(new(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
        }
        catch (DbException failure)
        {
            throw translate(failure);
        }

        return parts;
    }

    private static List<string> LoadMigrations()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.Contains(MigrationFolder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add(reader.ReadToEnd());
        }

        return scripts;
    }

    /// <summary>A column of a table, or an index.</summary>
    private readonly record struct SchemaPart(string Kind, string Name, string? Column)
    {
        public override string ToString() => Column is null ? $"{Kind} {Name}" : $"column {Column} of table {Name}";
    }
}
