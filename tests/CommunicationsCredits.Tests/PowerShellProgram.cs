using System.Diagnostics;

namespace CommunicationsCredits.Tests;

/// <summary>A real PowerShell, found through <c>PWSH</c>, then the path.</summary>
internal static class PowerShellProgram
{
    private static readonly Lazy<string?> WhyNot = new(Probe);

    /// <summary>Why the tests that need it are skipped, or null where it is there with Pester 5.</summary>
    public static string? Missing => WhyNot.Value;

    /// <summary>Runs a script, and answers with its exit code and all that it printed.</summary>
    public static (int ExitCode, string Output) Run(string script, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("PWSH") is { Length: > 0 } named ? named : "pwsh")
        {
            ArgumentList = { "-NoProfile", "-NonInteractive", "-Command", script },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    private static string? Probe()
    {
        try
        {
            var (exitCode, output) = Run(
                "if ($PSVersionTable.PSVersion -lt '7.4') { exit 3 }; "
                + "if (-not (Get-Module Pester -ListAvailable | Where-Object Version -ge '5.0')) { exit 4 }");
            return exitCode switch
            {
                0 => null,
                3 => "PowerShell here is older than 7.4.",
                4 => "PowerShell here has no Pester 5.",
                _ => $"PowerShell here does not run: {output}",
            };
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "There is no PowerShell here (PWSH, then the path).";
        }
    }
}
