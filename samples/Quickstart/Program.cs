// Makes a throw-away folder of samples/morning, its dates moved to last month so that the funds are live whenever this is run, and starts
// Quickstart.ps1 in the PowerShell that comes with the checkout, with the module that the build has staged. All else is the script's.
using System.Globalization;
using System.Reflection;
using CommunicationsCredits.Tooling;

const string BundledMonth = "2026-10";
var lastMonth = DateTime.UtcNow.AddMonths(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture);
var bundled = Path.Combine(AppContext.BaseDirectory, "morning");
var folder = Directory.CreateTempSubdirectory("CommunicationsCredits-").FullName;
foreach (var file in Directory.EnumerateFiles(bundled, "*", SearchOption.AllDirectories))
{
    var copy = Path.Combine(folder, Path.GetRelativePath(bundled, file));
    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
    File.WriteAllText(copy, File.ReadAllText(file).Replace($"{BundledMonth}-", $"{lastMonth}-", StringComparison.Ordinal));
}

var module = typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "ModuleStage").Value!;
var start = PowerShellProgram.Start(
    "-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, "Quickstart.ps1"),
    "-Folder", folder, "-Month", lastMonth, "-Module", Path.Combine(module, "CommunicationsCredits.psd1"));

// What PowerShell and the module would keep for their user is thrown away with the rest.
var own = Directory.CreateDirectory(Path.Combine(folder, "user")).FullName;
foreach (var variable in new[] { "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "COMMUNICATIONSCREDITS_CONFIGURATION" })
    start.Environment[variable] = own;
start.Environment["PSModuleAnalysisCachePath"] = Path.Combine(own, "modules");
if (Console.IsOutputRedirected)
    start.Environment["NO_COLOR"] = "1";
using var shell = System.Diagnostics.Process.Start(start)!;
shell.WaitForExit();
Directory.Delete(own, recursive: true);
return shell.ExitCode;
