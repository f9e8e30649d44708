using System.Globalization;
using BenchmarkDotNet.Running;

namespace CommunicationsCredits.Benchmarks;

/// <summary>
/// Measures the main jobs side by side with what they are compared to, and writes the table of docs/performance.md.
/// <c>--quick</c> takes a hundredth of the calls and one run and writes nothing; <c>--only job,files</c> some sessions;
/// <c>--grow 10</c> fills one ledger with so many files; <c>--engine first,again,verify,read</c> runs the
/// engine alone in this process, for a profiler; <c>--postgres 'Host=…'</c> the jobs on an empty database of that server; <c>--parts</c> runs BenchmarkDotNet on the parts, with its own arguments.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["--parts", .. var rest])
        {
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest);
            return 0;
        }

        var quick = arguments.Contains("--quick");
        var runs = Number(arguments, "--runs", quick ? 1 : 5);
        var records = Number(arguments, "--records", quick ? 20_000 : 1_000_000);
        var tenants = Number(arguments, "--tenants", quick ? 400 : 10_000);
        var months = Number(arguments, "--grow", 0);
        var only = Value(arguments, "--only")?.Split(',');
        var sessions = Session.All.Where(session => only is null ? months == 0 : only.Contains(session.Name)).ToList();
        var page = Value(arguments, "--page") ?? (quick ? null : Path.Combine(Workload.Repository, "docs/performance.md"));
        using var workload = new Workload(records, tenants, Number(arguments, "--files", quick ? 20 : 1000), Math.Max(1, months), Value(arguments, "--folder"));
        workload.WriteFiles(small: sessions.Exists(session => session.Name == "files"));

        if (Value(arguments, "--engine") is { } jobs)
        {
            EngineImport.Run(workload, runs, jobs.Split(','));
            return 0;
        }

        if (Value(arguments, "--postgres") is { } database)
        {
            PostgresJobs.Run(workload, runs, database);
            return 0;
        }

        var results = new Dictionary<(string, string), List<Sample>>();
        foreach (var session in sessions)
            Run(workload, session, runs, results);
        if (sessions.Count > 0)
        {
            var table = PerformancePage.Machine(runs) + "\n\n" + PerformancePage.Table(workload, results);
            Console.WriteLine(table);
            if (page is not null && only is null)
                PerformancePage.Replace(page, "measured", table);
        }

        if (months > 0)
        {
            var table = PerformancePage.Machine(1) + "\n\n" + PerformancePage.Growth(records, Grow(workload));
            Console.WriteLine(table);
            if (page is not null)
                PerformancePage.Replace(page, "growth", table);
        }

        return 0;
    }

    private static void Run(Workload workload, Session session, int runs, Dictionary<(string, string), List<Sample>> results)
    {
        using var jobs = new Jobs(workload);
        foreach (var job in session.Begin)
            jobs.Run(job);
        for (var round = 0; round < runs; round++)
        {
            foreach (var job in session.Round)
            {
                if (jobs.Run(job) is not { } sample)
                    continue;
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{session.Name} {round + 1}/{runs} {job}: {sample.Wall:0.000} s, CPU {sample.Cpu:0.000} s, peak {sample.Peak / 1e6:0} MB, written {sample.Written / 1e6:0} MB"));
                if (!results.TryGetValue((session.Name, job), out var samples))
                    results.Add((session.Name, job), samples = []);
                samples.Add(sample);
            }
        }
    }

    private static List<Sample> Grow(Workload workload)
    {
        using var jobs = new Jobs(workload);
        jobs.Run("grow-begin");
        var files = new List<Sample>();
        for (var month = 1; month <= workload.Months; month++)
        {
            files.Add(jobs.Run("grow")!);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"file {month}: {files[^1].Wall:0.0} s, CPU {files[^1].Cpu:0.0} s"));
        }

        return files;
    }

    private static string? Value(string[] arguments, string name)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    private static int Number(string[] arguments, string name, int otherwise) =>
        Value(arguments, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
