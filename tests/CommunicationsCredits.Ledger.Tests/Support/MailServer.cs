using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>A mail as the server wrote it down, decoded.</summary>
internal sealed record ReceivedMail(IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static ReceivedMail Parse(string text)
    {
        text = text.Replace("\r\n", "\n");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var headers = text[..end].Replace("\n ", " ").Split('\n').Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => Decode(parts[1]), StringComparer.OrdinalIgnoreCase);
        var body = text[(end + 2)..];
        return new(headers, headers["Content-Transfer-Encoding"] == "base64"
            ? Encoding.UTF8.GetString(Convert.FromBase64String(body)).Replace("\r\n", "\n")
            : body);
    }

    private static string Decode(string value) => string.Concat(value.Split(' ').Select(word =>
        word.StartsWith("=?utf-8?B?", StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(word[10..^2]))
            : word + " ")).Trim();
}

/// <summary>A real mail server on loopback: aiosmtpd in a process of its own.</summary>
internal sealed class MailServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _process;

    public MailServer(string mode = "accept", params string[] encryption)
    {
        var start = new ProcessStartInfo(
            Python!,
            [Path.Combine(AppContext.BaseDirectory, "Notifications", "smtp_server.py"), _folder.Path, mode, .. encryption])
        {
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        Port = int.Parse(_process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    /// <summary>The Python that has aiosmtpd, or null.</summary>
    public static string? Python { get; } = FindPython();

    public static string? WhyMissing { get; } =
        Python is null ? "There is no python3 with aiosmtpd (Debian: python3-aiosmtpd)." : null;

    public int Port { get; }

    public List<ReceivedMail> Mails =>
        [.. Directory.EnumerateFiles(_folder.Path).Order().Select(path => ReceivedMail.Parse(File.ReadAllText(path)))];

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private static string? FindPython()
    {
        // Debian's packages are its own Python's, which need not be the first one.
        foreach (var python in new[] { "python3", "/usr/bin/python3", "python" })
        {
            try
            {
                using var process = Process.Start(
                    new ProcessStartInfo(python, ["-c", "import aiosmtpd"]) { RedirectStandardError = true })!;
                process.StandardError.ReadToEnd();
                process.WaitForExit();
                if (process.ExitCode == 0)
                    return python;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // There is no such program.
            }
        }

        return null;
    }
}

/// <summary>A fact that needs a mail server, and is skipped by name without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MailFactAttribute : FactAttribute
{
    public MailFactAttribute() => Skip = MailServer.WhyMissing;
}

/// <summary>A theory that needs a mail server, and is skipped by name without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MailTheoryAttribute : TheoryAttribute
{
    public MailTheoryAttribute() => Skip = MailServer.WhyMissing;
}

/// <summary>A fact that also needs a process's own trust in certificates, which only Linux takes from its environment.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TrustedMailFactAttribute : FactAttribute
{
    public TrustedMailFactAttribute() => Skip = MailServer.WhyMissing
        ?? (OperatingSystem.IsLinux() ? null : "Which certificates a process trusts is set by SSL_CERT_FILE on Linux only.");
}
