using System.Globalization;
using CommunicationsCredits.Tooling;

namespace CommunicationsCredits.Tests;

/// <summary>Each Pester suite as one test, run in a real PowerShell of its own.</summary>
public abstract class PesterTests
{
    private const int Parts = 2;

    /// <summary>The suites of a part: two parts run beside each other.</summary>
    internal static IEnumerable<object[]> Suites(int part) => Directory.GetFiles(Checkout.PesterSuites, "*.Tests.ps1")
        .Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal).Where((_, i) => i % Parts == part)
        .Select(name => new object[] { name });

    /// <summary>Runs a suite; it passes where at least one of its tests ran and none failed.</summary>
    protected static void Run(string suite)
    {
        var home = Directory.CreateTempSubdirectory("pester-");
        try
        {
            var start = PowerShellProgram.Start(
                "-NoProfile",
                "-NonInteractive",
                "-Command",
                $$"""
                Import-Module '{{PowerShellProgram.PesterManifest}}'
                $configuration = New-PesterConfiguration
                $configuration.Run.Path = '{{Path.Combine(Checkout.PesterSuites, suite)}}'
                $configuration.Run.PassThru = $true
                $configuration.Output.Verbosity = 'Normal'
                $result = Invoke-Pester -Configuration $configuration
                "pester: $($result.PassedCount) passed, $($result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount) failed, $($result.SkippedCount) skipped"
                """);
            start.Environment["NO_COLOR"] = "1";
            start.Environment["COMMUNICATIONSCREDITS_MODULE"] = Checkout.Manifest;
            start.Environment["COMMUNICATIONSCREDITS_LEDGER"] = Path.Combine(home.FullName, "ledger.db");
            start.Environment["XDG_CONFIG_HOME"] = home.FullName;
            start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
            using var process = System.Diagnostics.Process.Start(start)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            output += errors.GetAwaiter().GetResult();
            var line = output.Split('\n').LastOrDefault(line => line.StartsWith("pester: ", StringComparison.Ordinal));
            Assert.True(line is not null, output);
            var words = line!.Split(' ');
            Assert.True(int.Parse(words[3], CultureInfo.InvariantCulture) == 0, output);
            Assert.True(int.Parse(words[1], CultureInfo.InvariantCulture) > 0, output);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}

/// <summary>The first part of the Pester suites.</summary>
public sealed class FirstPesterTests : PesterTests
{
    /// <summary>The suites of this part.</summary>
    public static IEnumerable<object[]> Mine => Suites(0);

    [Theory]
    [MemberData(nameof(Mine))]
    public void A_suite_passes_in_a_real_PowerShell(string suite) => Run(suite);
}

/// <summary>The second part of the Pester suites.</summary>
public sealed class SecondPesterTests : PesterTests
{
    /// <summary>The suites of this part.</summary>
    public static IEnumerable<object[]> Mine => Suites(1);

    [Theory]
    [MemberData(nameof(Mine))]
    public void A_suite_passes_in_a_real_PowerShell(string suite) => Run(suite);
}
