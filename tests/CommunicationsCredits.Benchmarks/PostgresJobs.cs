using System.Diagnostics;
using System.Globalization;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Usage;
using Npgsql;

namespace CommunicationsCredits.Benchmarks;

/// <summary>
/// The main jobs on a PostgreSQL server, in this process, beside what they are compared to on the same server: psql's \copy of the same
/// file into one table with a key. The database has to be empty, and is left with what was measured.
/// </summary>
internal static class PostgresJobs
{
    private const int Tenants = 10_000;
    private const int OneByOne = 300;
    private const int Batch = 500;

    public static void Run(Workload workload, int runs, string connectionString)
    {
        using var ledger = LedgerSession.OpenDatabase(connectionString, new() { Actor = "bench@machine" });
        ledger.Execute(new AddRateSheet("Bench", RateListReader.ReadFile(Path.Combine(workload.Folder, "rates.csv"))) { EffectiveFrom = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        for (var run = 1; run <= runs; run++)
        {
            var tenant = string.Create(CultureInfo.InvariantCulture, $"bench-{run}");
            ledger.Execute(new AddTenant(tenant, new()));
            ledger.Execute(new AddFunds(tenant, 1_000_000m));
            var copy = Measure("psql \\copy", () => Copy(connectionString, workload.Usage(1)));
            var first = Measure("import", () => ledger.Usage.Import(tenant, workload.Usage(1), new(), new Silence(), CancellationToken.None));
            var again = Measure("again", () => ledger.Usage.Import(tenant, workload.Usage(1), new(), new Silence(), CancellationToken.None));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"import {copy / first:0.00} x psql, all duplicates {copy / again:0.00} x psql"));
        }

        var file = Path.Combine(workload.Folder, "tenants.db");
        using var sqlite = LedgerSession.Open(file, new() { Actor = "bench@machine" });
        double[] balances = [Fill("PostgreSQL", ledger, runs), Fill("SQLite", sqlite, runs)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"balances of {Tenants} tenants: {balances[0] / balances[1]:0.00} x SQLite's time"));
    }

    private static double Fill(string name, LedgerSession ledger, int runs)
    {
        var ids = Enumerable.Range(0, Tenants).Select(i => string.Create(CultureInfo.InvariantCulture, $"tenant{i}.example")).ToList();
        Measure($"{name}: {Tenants} tenants added", () => ids.Chunk(Batch).ToList().ForEach(some => ledger.Execute<CreditTenant>([.. some.Select(id => new AddTenant(id, new()))])));
        var one = Measure($"{name}: funds, {OneByOne} tenants, a commit each", () => ids.Take(OneByOne).ToList().ForEach(id => ledger.Execute(new AddFunds(id, 1m))));
        var all = Measure(
            $"{name}: funds, {Tenants} tenants, {Batch} a commit",
            () => ids.Chunk(Batch).ToList().ForEach(some => ledger.Execute<CreditFunds>([.. some.Select(id => new AddFunds(id, 1m))])));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: set-based {one / OneByOne / (all / Tenants):0.0} x one commit each"));
        return Enumerable.Range(0, Math.Max(3, runs)).Select(_ => Measure($"{name}: balances", () => Trace.Assert(ledger.Funds.GetBalances(TenantSelection.All).Count() >= Tenants))).Min();
    }

    /// <summary>Puts a file into a new table with one key, and all of its columns as text.</summary>
    private static void Copy(string connectionString, string file)
    {
        var columns = File.ReadLines(file).First().Split(',').Select(name => $"\"{name}\"").ToList();
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var create = $"DROP TABLE IF EXISTS copied; CREATE TABLE copied ({string.Join(", ", columns.Select(name => $"{name} text"))}, PRIMARY KEY ({columns[0]}))";
        using var psql = Process.Start(new ProcessStartInfo("psql")
        {
            ArgumentList =
            {
                "-h", settings.Host!, "-p", settings.Port.ToString(CultureInfo.InvariantCulture), "-U", settings.Username!, "-d", settings.Database!, "-q", "-X",
                "-c", create, "-c", $"\\copy copied FROM '{file}' (FORMAT csv, HEADER)",
            },
        })!;
        psql.WaitForExit();
        Trace.Assert(psql.ExitCode == 0);
    }

    private static double Measure(string name, Action job)
    {
        var watch = Stopwatch.StartNew();
        job();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {watch.Elapsed.TotalSeconds:0.000} s"));
        return watch.Elapsed.TotalSeconds;
    }

    private sealed class Silence : IUsageImportObserver
    {
        public void Refused(CreditException refusal)
        {
        }

        public void Warn(string message)
        {
        }

        public void Progress(long records, double? fraction)
        {
        }
    }
}
