using System.Management.Automation;
using CommunicationsCredits.Errors;

namespace CommunicationsCredits.Sessions;

/// <summary>Finds the program that a payment gateway is, as PowerShell would find it.</summary>
internal static class GatewayProgram
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The full path of a program, and the arguments it needs to do what the command says.</summary>
    /// <param name="command">The name of a program on the PATH, or a path.</param>
    /// <param name="arguments">The arguments given.</param>
    /// <param name="session">The session whose PATH and location count.</param>
    /// <exception cref="CreditException"><c>GatewayInvalid</c>: there is no such program.</exception>
    public static (string Path, IReadOnlyList<string> Arguments) Find(string command, string[] arguments, SessionState session)
    {
        var path = IsPath(command) ? OfPath(command, session.Path) : OfName(command, session);
        return Path.GetExtension(path).Equals(".ps1", StringComparison.OrdinalIgnoreCase)
            ? (PowerShellProgram(session), ["-NoProfile", "-NonInteractive", "-File", path, .. arguments])
            : (path, arguments);
    }

    /// <summary>Whether it is a path; anything else is a name on the PATH, and no file that happens to lie at hand.</summary>
    private static bool IsPath(string command) =>
        command.AsSpan().IndexOfAny('/', Path.DirectorySeparatorChar, ':') >= 0 || command.StartsWith('~');

    private static string OfPath(string command, PathIntrinsics paths)
    {
        string path;
        try
        {
            path = PowerShellPath.Literal(command, paths);
        }
        catch (CreditException problem)
        {
            throw CreditErrors.NoSuchProgram(command, problem.Message);
        }

        if (!File.Exists(path))
            throw CreditErrors.NoSuchProgram(command, $"there is no file '{path}'");
        var isScript = Path.GetExtension(path).Equals(".ps1", StringComparison.OrdinalIgnoreCase);
        if (!isScript && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Executable) == UnixFileMode.None)
            throw CreditErrors.NoSuchProgram(command, "it cannot be run; 'chmod +x' makes it a program");
        return path;
    }

    private static string OfName(string command, SessionState session) =>
        session.InvokeCommand.GetCommand(command, CommandTypes.Application | CommandTypes.ExternalScript) switch
        {
            ApplicationInfo program => program.Path,
            ExternalScriptInfo script => script.Path,
            _ => throw CreditErrors.NoSuchProgram(
                command, $"no program of that name is on the PATH; write a file in this folder as ./{command}"),
        };

    /// <summary>The pwsh on the PATH, which an update leaves where it is; else the one that is running.</summary>
    private static string PowerShellProgram(SessionState session)
    {
        if (session.InvokeCommand.GetCommand("pwsh", CommandTypes.Application) is ApplicationInfo program)
            return program.Path;
        var running = Path.Combine(
            Path.GetDirectoryName(typeof(PSObject).Assembly.Location)!, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        return File.Exists(running)
            ? running
            : throw CreditErrors.NoSuchProgram("pwsh", "a PowerShell script needs it on the PATH");
    }
}
