using System.Diagnostics;
using System.Reflection;

namespace CommunicationsCredits.Tooling;

/// <summary>
/// The PowerShell that comes with the checkout as a package, or the one that the environment variable <c>PWSH</c> names (a program or a
/// <c>pwsh.dll</c>). <c>Directory.Build.targets</c> compiles this file into each project that sets <c>UsesPowerShell</c>.
/// </summary>
internal static class PowerShellProgram
{
    /// <summary>The manifest of the Pester that comes as a package: what <c>Import-Module</c> is given.</summary>
    public static string PesterManifest { get; } = Path.GetFullPath(Metadata("PesterManifest"));

    /// <summary>What starts a PowerShell with these arguments. In it, <c>pwsh</c> is the same PowerShell again.</summary>
    /// <param name="arguments">The arguments of PowerShell, such as <c>-NoProfile</c>.</param>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments)
    {
        var named = Environment.GetEnvironmentVariable("PWSH") is { Length: > 0 } name ? name : null;
        var program = named ?? Path.GetFullPath(Metadata("PowerShellProgram"));
        var isAssembly = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isAssembly ? Dotnet() : program);
        if (isAssembly)
            start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        // It neither asks for updates nor reports home, and runs on a newer .NET where its own is not there.
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_ROLL_FORWARD"] = "Major";
        var commands = isAssembly ? Path.GetFullPath(Metadata("PowerShellCommands")) : Path.GetDirectoryName(program);
        if (isAssembly)
        {
            start.Environment["DOTNET_HOST_PATH"] = Dotnet();
            start.Environment["POWERSHELL_OF_CHECKOUT"] = program;
        }

        if (Path.IsPathRooted(commands))
            start.Environment["PATH"] = commands + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        return start;
    }

    private static string Dotnet()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host)
            return host;
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
    }

    private static string Metadata(string key) => typeof(PowerShellProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(item => item.Key == key).Value!;
}
