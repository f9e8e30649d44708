using System.Diagnostics;
using System.Globalization;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Benchmarks;

/// <summary>
/// The main job in the engine alone, in this process: what a profiler is pointed at. Each import goes into a new ledger, and is done
/// again; the CPU of each thread is printed where the system counts it.
/// </summary>
internal static class EngineImport
{
    public static void Run(Workload workload, int runs, IReadOnlyCollection<string> jobs)
    {
        for (var run = 1; run <= runs; run++)
        {
            var path = Path.Combine(workload.Folder, "engine.db");
            using (var ledger = LedgerSession.Open(path, new() { Actor = "bench@machine" }))
            {
                ledger.Execute(new AddTenant("bench", new()));
                ledger.Execute(new AddFunds("bench", 1_000_000m));
                ledger.Execute(
                    new AddRateSheet("Bench", RateListReader.ReadFile(Path.Combine(workload.Folder, "rates.csv")))
                    {
                        EffectiveFrom = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
                    });
                for (var month = 1; month <= workload.Months; month++)
                    Import("first", ledger, workload.Usage(month));
                if (jobs.Contains("again"))
                    Import("again", ledger, workload.Usage(1));
                if (jobs.Contains("verify"))
                    Measure("verify", () => Count(ledger.Audit.Verify(TenantSelection.All)));
                if (jobs.Contains("read"))
                {
                    Measure("transactions", () => Count(ledger.Funds.GetTransactions(TenantSelection.All, new())));
                    Measure("records", () => Count(ledger.Usage.GetRecords(TenantSelection.All, new())));
                }
            }

            Console.WriteLine($"{new FileInfo(path).Length / 1e6:0} MB");
            foreach (var file in Directory.GetFiles(workload.Folder, "engine.db*"))
                File.Delete(file);
        }
    }

    private static void Import(string name, LedgerSession ledger, string file) => Measure(
        name, () => ledger.Usage.Import("bench", file, new(), new Silence(), CancellationToken.None));

    private static void Count<T>(IEnumerable<T> items)
    {
        var count = 0;
        foreach (var item in items)
            count += item is null ? 0 : 1;
        Console.Write($"{count} ");
    }

    private static void Measure(string name, Action job)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, watch, allocated) = (process.TotalProcessorTime, Stopwatch.StartNew(), GC.GetTotalAllocatedBytes());
        var written = Written();
        job();
        process.Refresh();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {watch.Elapsed.TotalSeconds:0.00} s, CPU {(process.TotalProcessorTime - cpu).TotalSeconds:0.00} s, allocated {(GC.GetTotalAllocatedBytes() - allocated) / 1e6:0} MB, peak {process.PeakWorkingSet64 / 1e6:0} MB, written {(Written() - written) / 1e6:0} MB"));
    }

    private static long Written() => File.Exists("/proc/self/io")
        ? long.Parse(File.ReadLines("/proc/self/io").First(line => line.StartsWith("write_bytes", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture)
        : 0;

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
