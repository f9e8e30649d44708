using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CommunicationsCredits.Tooling;
using Microsoft.Data.Sqlite;

namespace CommunicationsCredits.Benchmarks;

/// <summary>Carries out jobs: those of PowerShell in one that stays, the others here or in a program of their own.</summary>
internal sealed class Jobs : IDisposable
{
    private readonly Workload _workload;
    private readonly Process _shell;

    public Jobs(Workload workload)
    {
        _workload = workload;
        var start = PowerShellProgram.Start(
            "-NoProfile", "-NonInteractive", "-File", Path.Combine(Workload.Repository, "tests/CommunicationsCredits.Benchmarks/jobs.ps1"),
            "-Module", workload.Module, "-Folder", workload.Folder, "-Records", Text(workload.Records), "-Tenants", Text(workload.Tenants));
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        _shell = Process.Start(start)!;
    }

    /// <summary>Runs a job by its name; null where the machine lacks what it needs.</summary>
    public Sample? Run(string job) => job switch
    {
        "sqlite-import" => ImportByShell(),
        "sqlite-inserts" => Insert(_workload.FewTenants),
        "module" => RunPowerShell($"Import-Module '{_workload.Module}'; Connect-CreditLedger '{Path.Combine(_workload.Folder, "module.db")}' -WarningAction Ignore | Out-Null; Get-CreditLedger | Out-Null"),
        "module-empty" => RunPowerShell("1 | Out-Null"),
        _ => Ask(job),
    };

    public void Dispose()
    {
        try
        {
            _shell.StandardInput.Close();
            _shell.WaitForExit(10_000);
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (!_shell.HasExited)
            _shell.Kill(entireProcessTree: true);
        _shell.Dispose();
    }

    private Sample Ask(string job)
    {
        _shell.StandardInput.WriteLine(job);
        return Sample.Parse(_shell.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The job '{job}' failed; see above."));
    }

    /// <summary>SQLite's own shell: the same file into one table of text with a unique id.</summary>
    private Sample? ImportByShell()
    {
        var database = Path.Combine(_workload.Folder, "shell.db");
        var columns = File.ReadLines(_workload.Usage(1)).First().Split(',')
            .Select((name, i) => $"\"{name}\" text{(i == 0 ? " primary key" : string.Empty)}");
        var start = new ProcessStartInfo("sqlite3") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[
            database, "pragma journal_mode = wal; pragma synchronous = full;", $"create table usage({string.Join(", ", columns)}) without rowid;",
            ".mode csv", $".import --skip 1 \"{_workload.Usage(1)}\" usage"])
            start.ArgumentList.Add(argument);
        try
        {
            return Run(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        finally
        {
            foreach (var file in Directory.GetFiles(_workload.Folder, "shell.db*"))
                File.Delete(file);
        }
    }

    private static Sample RunPowerShell(string command) => Run(PowerShellProgram.Start("-NoProfile", "-NonInteractive", "-Command", command));

    private static Sample Run(ProcessStartInfo start)
    {
        var cpu = ChildCpu();
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        if (start.RedirectStandardOutput)
            process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var wall = watch.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}.");
        return new(wall, OperatingSystem.IsWindows() ? process.TotalProcessorTime.TotalSeconds : ChildCpu() - cpu);
    }

    /// <summary>Inserts rows into a bare table, each durable before the next.</summary>
    private Sample Insert(int rows)
    {
        var database = Path.Combine(_workload.Folder, "bare.db");
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, a INTEGER, b TEXT)";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO bare (a, b) VALUES ($a, 'twenty-five dollars')";
        var value = command.Parameters.Add("$a", SqliteType.Integer);
        var watch = Stopwatch.StartNew();
        using var self = Process.GetCurrentProcess();
        var cpu = self.TotalProcessorTime;
        for (var row = 0; row < rows; row++)
        {
            value.Value = row;
            command.ExecuteNonQuery();
        }

        self.Refresh();
        return new(watch.Elapsed.TotalSeconds, (self.TotalProcessorTime - cpu).TotalSeconds);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The CPU of the programs that were run and have ended.</summary>
    private static double ChildCpu()
    {
        const int Children = -1;
        if (OperatingSystem.IsWindows())
            return 0;
        var usage = new long[18];
        _ = GetUsage(Children, usage);
        return usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    private static extern int GetUsage(int who, long[] usage);
}
