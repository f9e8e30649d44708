using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using CommunicationsCredits.Tooling;

namespace CommunicationsCredits.Tests.Pester;

/// <summary>What became of a test of a suite.</summary>
internal enum PesterOutcome
{
    Passed,
    Skipped,
    Failed,
}

/// <summary>The result of an <c>It</c>, or of what failed outside of one.</summary>
internal sealed record PesterResult(string Name, PesterOutcome Outcome, double Seconds, string Problem);

/// <summary>A PowerShell that runs suites one after another; xunit makes one for each class of suites. It ends when the pipe to it is closed.</summary>
public sealed class PesterWorker : IDisposable
{
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(30);
    private readonly StringBuilder _printed = new();
    private Process? _process;
    private NamedPipeServerStream? _pipe;
    private StreamReader? _reader;
    private StreamWriter? _writer;

    /// <summary>Runs a suite; starts the PowerShell where none runs.</summary>
    /// <param name="suite">Its name, which begins the name of each of its tests.</param>
    /// <param name="file">Its file in tests/Pester.</param>
    internal IReadOnlyList<PesterResult> Run(string suite, string file)
    {
        var home = Directory.CreateTempSubdirectory("pester-");
        try
        {
            if (_process is null && !Start())
                return [Ended("before it")];
            return Ask(Path.Combine(Checkout.PesterSuites, file), home.FullName) is { } answer ? Read(suite, answer) : [Ended("in it")];
        }
        finally
        {
            home.Delete(recursive: true);
        }

        PesterResult Ended(string when)
        {
            Dispose();
            lock (_printed)
                return new($"{suite}: the run", PesterOutcome.Failed, 0, $"The PowerShell of the suites ended {when}.\n{_printed}");
        }
    }

    /// <summary>Lets the PowerShell end by itself, so that a measurement of what it covered is written.</summary>
    public void Dispose()
    {
        _pipe?.Dispose();
        if (_process is { } process)
        {
            if (!process.WaitForExit(TimeToEnd))
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _process = null;
        _pipe = null;
    }

    private bool Start()
    {
        // A suite may start programs that read their input: it is empty, and what is asked for comes by a pipe that they do not have.
        var name = $"pester-{Guid.NewGuid():N}";
        _pipe = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        var script = Path.Combine(Checkout.PesterSuites, "Support", "Invoke-Suites.ps1");
        var start = PowerShellProgram.Start("-NoProfile", "-NonInteractive", "-File", script, "-PipeName", name, "-Pester", PowerShellProgram.PesterManifest);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["COMMUNICATIONSCREDITS_MODULE"] = Checkout.Manifest;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        var connected = _pipe.WaitForConnectionAsync();
        var ended = _process.WaitForExitAsync();
        if (Task.WhenAny(connected, ended).GetAwaiter().GetResult() == ended)
            return false;
        connected.GetAwaiter().GetResult();
        _reader = new StreamReader(_pipe);
        _writer = new StreamWriter(_pipe) { AutoFlush = true };
        return true;
    }

    private static List<PesterResult> Read(string suite, string answer)
    {
        var results = new List<PesterResult>();
        using var document = JsonDocument.Parse(answer);
        foreach (var test in document.RootElement.GetProperty("Tests").EnumerateArray())
        {
            var outcome = test.GetProperty("Result").GetString() switch
            {
                "Passed" => PesterOutcome.Passed,
                "Skipped" => PesterOutcome.Skipped,
                _ => PesterOutcome.Failed,
            };
            var problem = test.GetProperty("Problem").GetString() is { Length: > 0 } text ? text
                : outcome == PesterOutcome.Skipped ? "What it needs is not on this machine." : "It was not run.";
            results.Add(new(Name(test), outcome, test.GetProperty("Seconds").GetDouble(), problem));
        }

        foreach (var other in document.RootElement.GetProperty("Others").EnumerateArray())
            results.Add(new(Name(other), PesterOutcome.Failed, 0, other.GetProperty("Problem").GetString()!));
        if (!results.Exists(result => result.Outcome != PesterOutcome.Skipped))
            results.Add(new($"{suite}: the file", PesterOutcome.Failed, 0, "None of its tests ran."));
        return results;

        string Name(JsonElement item)
        {
            var path = item.GetProperty("Name").GetString()!;
            return path.StartsWith(suite, StringComparison.Ordinal) ? path : $"{suite}: {path}";
        }
    }

    private string? Ask(string suite, string home)
    {
        lock (_printed)
            _printed.Clear();
        try
        {
            _writer!.WriteLine(JsonSerializer.Serialize(new { Suite = suite, Home = home }));
            return _reader!.ReadLine();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void Keep(string? line)
    {
        lock (_printed)
            _printed.AppendLine(line);
    }
}
