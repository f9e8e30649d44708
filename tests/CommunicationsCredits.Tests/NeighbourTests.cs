using System.Diagnostics;
using System.Runtime.InteropServices;
using CommunicationsCredits.Tooling;

namespace CommunicationsCredits.Tests;

/// <summary>
/// Another module has other versions of Newtonsoft.Json, Microsoft.Data.Sqlite and SQLite, in PowerShell's own load context. Whichever
/// is imported first, both work, each with its own.
/// </summary>
public sealed class NeighbourTests : IDisposable
{
    private static readonly string[] Files =
    [
        "newtonsoft.json/12.0.3/lib/netstandard2.0/Newtonsoft.Json.dll",
        "microsoft.data.sqlite.core/8.0.30/lib/net8.0/Microsoft.Data.Sqlite.dll",
        "sqlitepclraw.core/2.1.11/lib/netstandard2.0/SQLitePCLRaw.core.dll",
        "sqlitepclraw.provider.e_sqlite3/2.1.11/lib/net6.0/SQLitePCLRaw.provider.e_sqlite3.dll",
    ];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("neighbour-");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_modules_work_whichever_comes_first(bool neighbourFirst)
    {
        var neighbour = WriteNeighbour();
        const string Ours = """
            Connect-CreditLedger ./credits.db -WarningAction Ignore
            New-CreditTenant contoso.com
            Add-CreditFunds contoso.com 12.5 -Confirm:$false | Out-Null
            Export-CreditLedger ./credits.json | Out-Null
            "balance: $((Get-CreditBalance contoso.com).Balance)"
            "export: $((Get-Content ./credits.json -Raw | ConvertFrom-Json -AsHashtable).Count -gt 0)"
            "verified: $(Test-CreditLedger)"
            """;
        const string Theirs = "Get-Neighbour";
        string[] imports = [$"Import-Module '{Checkout.Manifest}'", $"Import-Module '{neighbour}'"];
        string[] uses = [Ours, Theirs];
        if (neighbourFirst)
        {
            Array.Reverse(imports);
            Array.Reverse(uses);
        }

        // Each is used again once the other has loaded what it needs.
        var output = Run(string.Join('\n', [
            "$ErrorActionPreference = 'Stop'", imports[0], uses[0], imports[1], uses[1], Theirs,
            "\"again: $((Get-CreditBalance contoso.com).Balance)\"",
            "[AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'Microsoft.Data.Sqlite' })"
            + ".ForEach({ \"$([Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name): $($_.GetName().Version.Major)\" }) | Sort-Object",
        ]));

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.True(lines.Contains("balance: 12.5") && lines.Contains("export: True") && lines.Contains("verified: True"), output);
        Assert.Contains("again: 12.5", lines);
        Assert.Equal(2, lines.Count(line => line == "neighbour: Newtonsoft.Json 12, Microsoft.Data.Sqlite 8, other SQLite than 3.53: True, 42"));
        Assert.Equal(["CommunicationsCredits: 10", "Default: 8"], lines[^2..]);
    }

    public void Dispose() => _root.Delete(recursive: true);

    /// <summary>Writes a module that loads its own versions, as modules without a load context do.</summary>
    private string WriteNeighbour()
    {
        var folder = _root.CreateSubdirectory("Neighbour").FullName;
        var native = Path.Combine(Checkout.Packages, "sqlitepclraw.lib.e_sqlite3/2.1.11/runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        foreach (var file in Files.Select(file => Path.Combine(Checkout.Packages, file)).Concat(Directory.GetFiles(native)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var module = Path.Combine(folder, "Neighbour.psm1");
        File.WriteAllText(module, """
            foreach ($name in 'SQLitePCLRaw.core', 'SQLitePCLRaw.provider.e_sqlite3', 'Microsoft.Data.Sqlite') {
                Add-Type -Path "$PSScriptRoot/$name.dll"
            }
            [SQLitePCL.raw]::SetProvider([SQLitePCL.SQLite3Provider_e_sqlite3]::new())
            # PowerShell has a Newtonsoft.Json of its own, so that another version is loaded as a file.
            $json = [Reflection.Assembly]::LoadFile("$PSScriptRoot/Newtonsoft.Json.dll")
            function Get-Neighbour {
                $connection = [Microsoft.Data.Sqlite.SqliteConnection]::new('Data Source=:memory:')
                try {
                    $connection.Open()
                    $command = $connection.CreateCommand()
                    $command.CommandText = 'SELECT sqlite_version()'
                    $other = -not ([string]$command.ExecuteScalar()).StartsWith('3.53.')
                    $object = $json.GetType('Newtonsoft.Json.Linq.JObject').GetMethod('Parse', [type[]]@([string])).Invoke($null, @('{"a":42}'))
                    $versions = $json.GetName().Version.Major, $connection.GetType().Assembly.GetName().Version.Major
                    "neighbour: Newtonsoft.Json $($versions[0]), Microsoft.Data.Sqlite $($versions[1]), other SQLite than 3.53: $other, $($object.ToString() -replace '\D')"
                }
                finally {
                    $connection.Dispose()
                }
            }
            """);
        return module;
    }

    private string Run(string script)
    {
        var start = PowerShellProgram.Start("-NoProfile", "-NonInteractive", "-Command", script);
        start.WorkingDirectory = _root.FullName;
        start.Environment["NO_COLOR"] = "1";
        start.Environment["XDG_CONFIG_HOME"] = _root.FullName;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + errors.GetAwaiter().GetResult());
        return output;
    }
}
