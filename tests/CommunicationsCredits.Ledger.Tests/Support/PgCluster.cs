using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>A fact that needs PostgreSQL, and is skipped by name without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PgFactAttribute : FactAttribute
{
    public PgFactAttribute() => Skip = PgCluster.WhyMissing;
}

/// <summary>A theory that needs PostgreSQL, and is skipped by name without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PgTheoryAttribute : TheoryAttribute
{
    public PgTheoryAttribute() => Skip = PgCluster.WhyMissing;
}

/// <summary>
/// The PostgreSQL server of the tests. Each test has a database of its own, copied from one that holds an empty ledger. The variable
/// COMMUNICATIONSCREDITS_TEST_POSTGRES names a server that is there instead, by the connection string of a superuser; or the nodes of a
/// cluster, each by its own with a | between them, the one to connect to first: databases are made from each node's template1.
/// </summary>
internal static class PgCluster
{
    private const string Template = "ledger_template";

    /// <summary>How often it is tried to be alone in a database that a node's own worker looks into.</summary>
    private const int Tries = 50;

    private static readonly string[] Given = (Environment.GetEnvironmentVariable("COMMUNICATIONSCREDITS_TEST_POSTGRES") ?? "")
        .Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static readonly string Prefix = Given.Length == 0 ? "test" : $"test_{Guid.NewGuid():N}"[..13];

    private static readonly Lazy<Func<string, string>[]> Shared = new(Start);

    private static readonly Lock Copying = new();

    private static int _databases;

    public static string? WhyMissing { get; } =
        Given.Length == 0 && PgServer.Programs is null ? "PostgreSQL's server is not installed." : null;

    /// <summary>A database of the test's own.</summary>
    /// <param name="empty">Whether it has no ledger yet.</param>
    public static PgDatabase Create(bool empty = false)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}_{Interlocked.Increment(ref _databases)}");

        // A template may be copied by one at a time.
        lock (Copying)
            Copy(Shared.Value, name, empty ? "template1" : TemplateOf(Prefix));
        return new(name, Shared.Value[0](name), () => Drop(name));
    }

    /// <summary>Runs a statement in a database as its owner.</summary>
    public static void Execute(string sql, string database = "postgres") => PgServer.ExecuteOn(Shared.Value[0](database), sql);

    private static string TemplateOf(string prefix) => $"{prefix}_{Template}";

    /// <summary>Copies a database on every node.</summary>
    private static void Copy(Func<string, string>[] nodes, string name, string template)
    {
        foreach (var node in nodes)
        {
            Alone(() =>
            {
                if (Given.Length > 0)
                    PgServer.ExecuteOn(node("postgres"), $"SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = '{template}' AND pid <> pg_backend_pid()");
                PgServer.ExecuteOn(node("postgres"), $"CREATE DATABASE {name} TEMPLATE {template}");
            });
        }
    }

    private static void Drop(string name)
    {
        foreach (var node in Shared.Value)
            Alone(() => PgServer.ExecuteOn(node("postgres"), $"DROP DATABASE {name} WITH (FORCE)"));
    }

    /// <summary>Does what nobody else may be in the database for; a node's own worker looks in again and again.</summary>
    private static void Alone(Action what)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                what();
                return;
            }
            catch (PostgresException inUse) when (inUse.SqlState == PostgresErrorCodes.ObjectInUse && tries < Tries)
            {
                // Somebody looked in again.
            }
        }
    }

    private static Func<string, string>[] Start()
    {
        Func<string, string>[] nodes;
        if (Given.Length > 0)
        {
            nodes = [.. Given.Select(given => (Func<string, string>)(database => new NpgsqlConnectionStringBuilder(given) { Database = database, Pooling = false }.ConnectionString))];
        }
        else
        {
            var server = new PgServer();
            nodes = [server.ConnectionString];
        }

        var template = TemplateOf(Prefix);
        Copy(nodes, template, "template1");
        using (var ledger = LedgerSession.OpenDatabase(nodes[0](template), new() { Clock = new ManualClock(TestLedger.At("2025-01-01")) }))
            Assert.Equal("PostgreSql", ledger.Describe().Kind);
        if (Given.Length > 0)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            {
                foreach (var node in nodes)
                    PgServer.ExecuteOn(node("postgres"), $"DROP DATABASE IF EXISTS {template} WITH (FORCE)");
            };
        }

        return nodes;
    }
}

/// <summary>
/// A PostgreSQL server, made of the programs that are installed, on a free port of the loopback address, in a folder that goes with the
/// process at the latest.
/// </summary>
internal sealed class PgServer : IDisposable
{
    private const string User = "test";

    private readonly string _folder = Directory.CreateTempSubdirectory("credits-pg-").FullName;
    private readonly int _port = FreePort();
    private readonly string _settings;

    /// <summary>Starts it.</summary>
    /// <param name="settings">Settings of the server, as in <c>-c name=value</c>.</param>
    public PgServer(string settings = "")
    {
        _settings = settings;
        if (Environment.IsPrivilegedProcess)
            Run("chown", "postgres", _folder);
        RunServer("initdb", "-D", Data, "-U", User, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions");
        Control("start");

        // The test host does not wait for what runs at its end, so a process that outlives it stops the server and clears up.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => System.Diagnostics.Process.Start(
            "sh",
            ["-c", "\"$@\" >/dev/null 2>&1; rm -rf \"$0\"", _folder, .. ServerCommand("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop")]).Dispose();
    }

    /// <summary>Where the programs are, or null.</summary>
    public static string? Programs { get; } = FindPrograms();

    /// <summary>What the server has logged.</summary>
    public string Log => File.ReadAllText(Path.Combine(_folder, "log"));

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Leads to a database as the owner of all.</summary>
    public string ConnectionString(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username={User};Password=not-a-secret;Database={database};Pooling=false");

    /// <summary>Runs a statement in a database as the owner of all.</summary>
    public void Execute(string sql, string database = "postgres") => ExecuteOn(ConnectionString(database), sql);

    /// <summary>Runs a statement where a connection string leads to.</summary>
    public static void ExecuteOn(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>The numbers that a query answers with.</summary>
    public List<int> Numbers(string sql, string database = "postgres")
    {
        using var connection = new NpgsqlConnection(ConnectionString(database));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var numbers = new List<int>();
        while (reader.Read())
            numbers.Add(reader.GetInt32(0));
        return numbers;
    }

    /// <summary>Stops the server and starts it again.</summary>
    /// <param name="crashes">Whether it ends at once, and recovers.</param>
    public void Restart(bool crashes) => Control("restart", "-m", crashes ? "immediate" : "fast");

    /// <summary>Stops the server for a while.</summary>
    public void Stop() => Control("stop", "-m", "fast");

    /// <summary>Starts it again.</summary>
    public void Start() => Control("start");

    public void Dispose() => Control("stop", "-m", "immediate");

    private void Control(string what, params string[] more) => RunServer(
        "pg_ctl",
        [
            "-D", Data, "-w", "-s", "-l", Path.Combine(_folder, "log"), "-o",
            $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off -c shared_buffers=32MB {_settings}",
            .. more, what,
        ]);

    private static string? FindPrograms()
    {
        const string debian = "/usr/lib/postgresql";
        var folders = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        if (Tool.Find("initdb", "initdb.exe") is { } onPath)
            folders = folders.Append(Path.GetDirectoryName(onPath)!);
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a program of the server, which refuses to run as root.</summary>
    private static void RunServer(string program, params string[] arguments)
    {
        var command = ServerCommand(program, arguments);
        Run(command[0], command[1..]);
    }

    private static string[] ServerCommand(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "env", "HOME=/tmp", path, .. arguments]
            : [path, .. arguments];
    }

    private static void Run(string program, params string[] arguments)
    {
        // The server inherits its starter's output, and nobody would see the end of that.
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
        })!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {process.ExitCode}");
    }
}

/// <summary>A database of a test's own, which is dropped with it.</summary>
internal sealed class PgDatabase(string name, string connectionString, Action drop) : IDisposable
{
    public string Name => name;

    public string ConnectionString => connectionString;

    public void Dispose() => drop();
}
