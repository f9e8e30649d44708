using System.Globalization;
using System.Reflection;
using Npgsql;

namespace CommunicationsCredits.Ledger.Storage.PostgreSql;

/// <summary>Opens a ledger in a PostgreSQL database: in a schema of its own, which is created where it is missing.</summary>
internal static class PgOpening
{
    /// <summary>The schema of the database that the ledger has for itself.</summary>
    public const string Schema = "credits";

    /// <summary>Only makes those wait for each other who make the schema; any number does that others do not use.</summary>
    private const long MakingLock = 0x43437264;

    /// <summary>What the provider waits for where nothing else was said: too short for a report of a year.</summary>
    private const int UsualCommandTimeoutSeconds = 30;

    private const int LongCommandTimeoutSeconds = 600;

    private const int OldestServer = 15;

    private const int LockTimeoutMilliseconds = 60_000;

    /// <summary>Shorter than anybody waits for the lock that such a session holds, and far longer than anything is decided under a lock.</summary>
    private const int IdleTimeoutMilliseconds = 30_000;

    /// <summary>So that the server notices within half a minute that a client is gone.</summary>
    private const string ServerKeepAlive = "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    /// <summary>The settings of all connections of a ledger, out of those that were given.</summary>
    /// <exception cref="CreditException"><c>ConnectionInvalid</c>.</exception>
    public static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = Parse(connectionString);
        settings.SearchPath = Schema;
        settings.Pooling = false;
        settings.Enlist = false;
        settings.ApplicationName ??= "CommunicationsCredits";
        settings.MaxAutoPrepare = Math.Max(settings.MaxAutoPrepare, 200);
        settings.AutoPrepareMinUsages = 2;
        if (settings.CommandTimeout == UsualCommandTimeoutSeconds)
            settings.CommandTimeout = LongCommandTimeoutSeconds;
        settings.TcpKeepAlive = true;
        settings.Options = $"{settings.Options} -c lock_timeout={LockTimeoutMilliseconds} -c timezone=UTC {ServerKeepAlive}".TrimStart();
        return settings;
    }

    /// <summary>The connection string of the connection that writes: it holds locks, so the server ends it soon where its line is dead.</summary>
    public static string ForWriter(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Options = string.Create(
            CultureInfo.InvariantCulture, $"{settings.Options} -c idle_in_transaction_session_timeout={IdleTimeoutMilliseconds}");
        return settings.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new(connectionString);
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // The provider's words may quote a value, and that the password.
            throw LedgerErrors.ConnectionInvalid(
                "The connection string cannot be read. It is of the form 'Host=server;Database=name;Username=user'.");
        }

        if (string.IsNullOrEmpty(settings.Host))
            throw LedgerErrors.ConnectionInvalid(
                "The connection string names no server. It is of the form 'Host=server;Database=name;Username=user'.");
        return settings;
    }

    /// <summary>Whether a text is of the form of a connection string: its first setting is the server or another known one.</summary>
    public static bool IsConnectionString(string text)
    {
        var end = text.IndexOf('=', StringComparison.Ordinal);
        return end > 0 && new NpgsqlConnectionStringBuilder().ContainsKey(text[..end].Trim());
    }

    /// <summary>Refuses a connection string with a password in it.</summary>
    public static void RefusePassword(string connectionString)
    {
        var settings = Parse(connectionString);
        if (!string.IsNullOrEmpty(settings.Password) || !string.IsNullOrEmpty(settings.SslPassword))
            throw LedgerErrors.ConnectionInvalid(
                "The connection string has a password in it, which would stay in the history of commands. Leave it out, and give -Credential, the variable "
                + "PGPASSWORD, or a password file (Passfile=…, or ~/.pgpass).");
    }

    /// <summary>The settings with a user and a password in the place of those that they may say.</summary>
    public static string SignedIn(string connectionString, string user, string password)
    {
        var settings = Parse(connectionString);
        settings.Username = user;
        settings.Password = password;
        return settings.ConnectionString;
    }

    /// <summary>Where the ledger is, without any secret.</summary>
    public static string LocationOf(NpgsqlConnectionStringBuilder settings) =>
        string.Create(CultureInfo.InvariantCulture, $"postgresql://{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}");

    /// <summary>Opens the first connection, and creates the schema where it is missing.</summary>
    public static PgStoreConnection Open(string connectionString, string location, bool readOnly)
    {
        var connection = new PgStoreConnection(connectionString, location);
        try
        {
            RefuseOld(connection.Native.PostgreSqlVersion, location);
            if (!IsLedger(connection, location))
            {
                if (readOnly)
                    throw LedgerErrors.LedgerNotFound(
                        location, $"There is no ledger in '{location}'. Connect without -ReadOnly to create it.");
                Make(connection, location);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a server that is too old.</summary>
    /// <exception cref="CreditException"><c>LedgerUnreadable</c>.</exception>
    public static void RefuseOld(Version server, string location)
    {
        if (server.Major < OldestServer)
            throw LedgerErrors.LedgerUnreadable(
                location, $"'{location}' is PostgreSQL {server}, and a ledger needs {OldestServer} or later. Nothing was changed; use a newer server.");
    }

    private static void Make(PgStoreConnection connection, string location)
    {
        connection.Begin(writes: true);
        try
        {
            connection.Execute($"SELECT pg_advisory_xact_lock({MakingLock})");

            // Somebody else may have made it meanwhile.
            if (!IsLedger(connection, location))
            {
                connection.Execute($"CREATE SCHEMA {Schema}");
                connection.Execute(Read("postgresql-schema.sql"));
            }

            // Tables that are new lie where all of their tenant lies.
            if (connection.Scalar("SELECT count(*) FROM pg_catalog.pg_extension WHERE extname = 'citus'") > 0)
                connection.Execute(Read("postgresql-distribute.sql"));

            connection.Commit();
        }
        catch
        {
            if (connection.InTransaction)
                connection.Rollback();
            throw;
        }
    }

    /// <summary>Whether the database has the schema; one of another program or of a newer module is refused.</summary>
    private static bool IsLedger(PgStoreConnection connection, string location)
    {
        if (connection.Scalar($"SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = '{Schema}'") == 0)
            return false;
        if (connection.Scalar($"SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = '{Schema}' AND tablename = 'ledger'") == 0
            || connection.Scalar($"SELECT count(*) FROM {Schema}.ledger WHERE application = 'CommunicationsCredits'") != 1)
        {
            throw LedgerErrors.LedgerUnreadable(
                location, $"The schema '{Schema}' in '{location}' is another program's, not a ledger. Nothing was changed; use another database.");
        }

        var version = (int)connection.Scalar("SELECT schema_version FROM ledger")!.Value;
        if (version > LedgerStore.NewestSchema)
            throw LedgerErrors.LedgerTooNew(location, version, LedgerStore.NewestSchema);
        return version == LedgerStore.NewestSchema ? true : throw LedgerErrors.LedgerCorrupt(location, $"there is no schema {version}");
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
