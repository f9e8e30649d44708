using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CommunicationsCredits.Tests;

/// <summary>What <c>dotnet run --project samples/Quickstart</c> shows, and what it leaves behind.</summary>
public sealed partial class QuickstartTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("quickstart-");

    [Fact]
    public void It_does_the_main_job_and_leaves_only_the_folder_that_it_names()
    {
        var home = _root.CreateSubdirectory("home");
        var temp = _root.CreateSubdirectory("temp");
        var (exitCode, output, errors) = Run(home.FullName, temp.FullName);

        Assert.True(exitCode == 0, output + errors);
        Assert.Empty(errors);
        Assert.Matches(@"contoso\.example +1501 +1498 +1 +2 +1 +USD +187\.6890\n", output);
        Assert.Matches(@"fabrikam\.example +900 +899 +0 +1 +0 +USD +129\.2375\n", output);
        Assert.Matches(@"tailspin\.example +600 +599 +0 +1 +0 +EUR +135\.9342\n", output);
        Assert.Contains("contoso-pstn-calls.csv line 702, Start Time: ", output, StringComparison.Ordinal);
        Assert.Matches(@"contoso\.example +USD +12\.3110 +Low ", output);
        Assert.Matches(@"fabrikam\.example/A1 +Succeeded +100\.00 +USD ", output);
        Assert.Contains("Test-CreditLedger: True\n", output, StringComparison.Ordinal);

        var report = new FileInfo(ReportLine().Match(output).Groups[1].Value.Trim());
        Assert.Equal(Path.GetFileName(report.DirectoryName), Assert.Single(temp.GetFileSystemInfos()).Name);
        Assert.Contains("Fabrikam", File.ReadAllText(report.FullName), StringComparison.Ordinal);
        Assert.Equal(
            ["credits.db", "exports", "map.csv", "rates-eur.csv", "rates.csv", "report.html", "tenants.csv", "toll-free.csv"],
            report.Directory!.GetFileSystemInfos().Select(item => item.Name).Order(StringComparer.Ordinal));
        Assert.Empty(home.GetFileSystemInfos());
    }

    [Fact]
    public void Its_tables_are_whole_at_80_columns()
    {
        var (_, output, _) = Run(_root.FullName, _root.FullName);

        var tables = Tables(output.Split('\n')).ToList();
        Assert.Equal(5, tables.Count);
        foreach (var line in tables.SelectMany(table => table))
        {
            Assert.InRange(line.Length, 1, 80);
            Assert.DoesNotContain('…', line);
        }
    }

    public void Dispose() => _root.Delete(recursive: true);

    // A table is its headings, the line under them, and what follows until the next empty line.
    private static IEnumerable<IReadOnlyList<string>> Tables(string[] lines)
    {
        for (var i = 1; i < lines.Length; i++)
        {
            if (RuleLine().IsMatch(lines[i]))
                yield return [lines[i - 1], .. lines.Skip(i).TakeWhile(line => line.Trim().Length > 0)];
        }
    }

    // What another day or another folder changes.
    private static (int ExitCode, string Output, string Errors) Run(string home, string temp)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Checkout.Quickstart },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in new[] { "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA" })
            start.Environment[variable] = home;
        foreach (var variable in new[] { "TMPDIR", "TMP", "TEMP" })
            start.Environment[variable] = temp;
        start.Environment["COLUMNS"] = "80";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd().ReplaceLineEndings("\n");
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    [GeneratedRegex(@"^The report is (.+)$", RegexOptions.Multiline)]
    private static partial Regex ReportLine();

    [GeneratedRegex(@"^-{2,}( +-{2,})+ *$")]
    private static partial Regex RuleLine();
}
