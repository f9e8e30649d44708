using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using CommunicationsCredits.Tooling;

namespace CommunicationsCredits.Tests.Pester;

/// <summary>A PowerShell that runs one suite after another. It is asked through a pipe, since its console belongs to the suites.</summary>
internal sealed class PesterWorker : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("pester-");
    private readonly StringBuilder _output = new();
    private readonly NamedPipeServerStream _pipe;
    private readonly Process _process;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    /// <summary>Starts a PowerShell.</summary>
    /// <exception cref="TimeoutException">It did not call back.</exception>
    public PesterWorker()
    {
        var name = $"pester-{Guid.NewGuid():N}";
        _pipe = new(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        var start = PowerShellProgram.Start(
            "-NoProfile", "-NonInteractive", "-File", Path.Combine(Checkout.PesterScripts, "Invoke-Suite.ps1"),
            "-Pester", PowerShellProgram.PesterManifest, "-Suites", Checkout.PesterSuites, "-Pipe", name);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["COMMUNICATIONSCREDITS_MODULE"] = Checkout.Manifest;
        start.Environment["COMMUNICATIONSCREDITS_LEDGER"] = Path.Combine(_home.FullName, "ledger.db");
        start.Environment["XDG_CONFIG_HOME"] = _home.FullName;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            _pipe.WaitForConnectionAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            var said = Output;
            Dispose();
            throw new TimeoutException($"PowerShell was started and did not call back.\n{said}");
        }

        _reader = new(_pipe);
        _writer = new(_pipe) { AutoFlush = true };
    }

    /// <summary>The end of what the suites wrote to the console.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Runs a suite.</summary>
    /// <exception cref="InvalidOperationException">The PowerShell ended with it.</exception>
    public PesterAnswer Run(PesterRequest request)
    {
        _writer.WriteLine(JsonSerializer.Serialize(request));
        var line = _reader.ReadLine() ?? throw new InvalidOperationException($"PowerShell ended while it ran {request.Suite}.");
        return JsonSerializer.Deserialize<PesterAnswer>(line)!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pipe.Dispose();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _home.Delete(recursive: true);
    }

    private void Keep(object sender, DataReceivedEventArgs received)
    {
        lock (_output)
        {
            _output.AppendLine(received.Data);
            if (_output.Length > 20_000)
                _output.Remove(0, _output.Length - 10_000);
        }
    }
}
