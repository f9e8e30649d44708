using System.Diagnostics;
using CommunicationsCredits.Ledger.TestHost;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>The test host, started as a process of its own.</summary>
internal static class HostProgram
{
    /// <summary>The command that runs .NET programs.</summary>
    public static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet");

    /// <summary>The arguments with which the host does something.</summary>
    public static string[] Arguments(params string[] arguments) =>
        ["exec", "--roll-forward", "Major", typeof(GatewayBook).Assembly.Location, .. arguments];

    public static Process Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(DotNet, Arguments(arguments))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>A gateway that is a program, with its own book.</summary>
    public static CreditGateway Gateway(string name, string bookFolder, TimeSpan timeout) => new()
    {
        Name = name,
        Command = DotNet,
        ArgumentList = Arguments("gateway", bookFolder),
        Uri = null,
        SecretName = null,
        Timeout = timeout,
    };
}
