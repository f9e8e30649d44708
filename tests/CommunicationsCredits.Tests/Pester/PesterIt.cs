using System.Diagnostics;
using System.Text.Json;
using CommunicationsCredits.Tooling;

namespace CommunicationsCredits.Tests.Pester;

/// <summary>One <c>It</c> of a Pester suite, with one case of its data.</summary>
/// <param name="Suite">The name of the suite's file.</param>
/// <param name="Number">Which test of the suite it is, counted from 0; -1 says that the suite cannot be read.</param>
/// <param name="Line">The line of the file.</param>
/// <param name="Name">The names of its blocks and its own, with the values of its case.</param>
/// <param name="Problem">Why the suite cannot be read.</param>
public sealed record PesterIt(string Suite, int Number, int Line, string Name, string? Problem)
{
    // Discovery asks again when tests are run; the suites are the same.
    private static readonly Lazy<IReadOnlyList<PesterIt>> Found = new(FindAll);

    /// <summary>Every test of the suites.</summary>
    /// <exception cref="InvalidOperationException">PowerShell did not run, or found no tests.</exception>
    public static IReadOnlyList<PesterIt> All => Found.Value;

    private static IReadOnlyList<PesterIt> FindAll()
    {
        var folder = Directory.CreateTempSubdirectory("pester-");
        try
        {
            var result = Path.Combine(folder.FullName, "tests.json");
            var start = PowerShellProgram.Start(
                "-NoProfile", "-NonInteractive", "-File", Path.Combine(Checkout.PesterScripts, "Find-Test.ps1"),
                "-Pester", PowerShellProgram.PesterManifest, "-Suites", Checkout.PesterSuites, "-Result", result);
            start.Environment["COMMUNICATIONSCREDITS_MODULE"] = Checkout.Manifest;
            start.Environment["NO_COLOR"] = "1";
            start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var found = File.Exists(result) ? JsonSerializer.Deserialize<PesterIt[]>(File.ReadAllText(result)) : null;
            return process.ExitCode == 0 && found is { Length: > 0 }
                ? [.. found.GroupBy(it => (it.Suite, it.Name)).SelectMany(Numbered)]
                : throw new InvalidOperationException(
                    $"The Pester suites were not found (exit code {process.ExitCode}).\n{output}{errors.GetAwaiter().GetResult()}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Two cases of an It may have the same name.
    private static IEnumerable<PesterIt> Numbered(IEnumerable<PesterIt> same) =>
        same.Select((it, i) => i == 0 ? it : it with { Name = $"{it.Name} ({i + 1})" });
}
