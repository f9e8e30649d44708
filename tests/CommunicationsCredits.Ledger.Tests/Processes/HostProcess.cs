using System.Diagnostics;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Processes;

/// <summary>A process of its own on a ledger: the program in CommunicationsCredits.Ledger.TestHost.</summary>
internal sealed class HostProcess : IDisposable
{
    private const string Project = "CommunicationsCredits.Ledger.TestHost";

    private readonly Process _process;
    private readonly Task<string> _errors;

    public HostProcess(params string[] arguments)
    {
        // Beside this project, built in the same configuration.
        var output = AppContext.BaseDirectory.Replace("CommunicationsCredits.Ledger.Tests", Project, StringComparison.Ordinal);
        var start = new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(output, Project + ".dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        // A short start-up: these processes live a fraction of a second.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Waits until it has opened the ledger.</summary>
    public async Task WaitUntilReady() => Assert.True(await _process.StandardOutput.ReadLineAsync() == "ready", await Failure());

    /// <summary>Ends it there and then, as <c>kill -9</c> does.</summary>
    /// <returns>Whether it had not come to its end by itself.</returns>
    public async Task<bool> Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        return _process.ExitCode != 0;
    }

    /// <summary>Waits for its end, and gives its last line.</summary>
    public async Task<string> Finish()
    {
        var output = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        Assert.True(_process.ExitCode == 0, await _errors);
        Assert.Equal("", await _errors);
        return output.Trim().Split('\n')[^1];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task<string> Failure() => _process.HasExited ? await _errors : "The process did not say that it was ready.";
}
