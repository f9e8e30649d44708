using System.Management.Automation;
using CommunicationsCredits.Errors;

namespace CommunicationsCredits.Sessions;

/// <summary>Turns paths as PowerShell has them (its location, <c>~</c>, its drives, wildcards) into full paths of the file system.</summary>
internal static class PowerShellPath
{
    private const string FileSystem = "FileSystem";

    /// <summary>The file a path names, whether it exists or not; nothing in it is a wildcard.</summary>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: it leads out of the file system.</exception>
    public static string Literal(string path, PathIntrinsics paths)
    {
        try
        {
            return Unresolved(path, paths, out var provider)
                ?? throw CreditErrors.NoSuchFile(path, $"it is a path of the provider {provider}. Give a file.");
        }
        catch (Exception problem) when (IsOfPath(problem))
        {
            throw CreditErrors.NoSuchFile(path, problem.Message, problem);
        }
    }

    /// <summary>The files a path with or without wildcards leads to.</summary>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: no file was found.</exception>
    public static IReadOnlyList<string> Matching(string path, PathIntrinsics paths)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
            return [Literal(WildcardPattern.Unescape(path), paths)];
        try
        {
            var files = paths.GetResolvedProviderPathFromPSPath(path, out var provider);
            if (provider.Name != FileSystem)
                throw CreditErrors.NoSuchFile(path, $"it is a path of the provider {provider.Name}. Give a file.");
            if (files.Count == 0)
                throw CreditErrors.NoSuchFile(path, "no file matches it. -LiteralPath takes a name literally.");
            return files;
        }
        catch (Exception problem) when (IsOfPath(problem))
        {
            throw CreditErrors.NoSuchFile(path, problem.Message, problem);
        }
    }

    /// <summary>The file of a ledger, whether it exists or not; nothing in the path is a wildcard.</summary>
    /// <exception cref="CreditException"><c>LedgerNotFound</c>.</exception>
    public static string OfLedger(string path, PathIntrinsics paths)
    {
        try
        {
            var full = Unresolved(path, paths, out var provider)
                ?? throw CreditErrors.NoSuchLedger(path, $"is a path of the provider {provider}. Give a file.");

            // The files beside a ledger lie beside the file itself, whatever link leads to it.
            return File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
        }
        catch (Exception problem) when (IsOfPath(problem))
        {
            throw CreditErrors.NoSuchLedger(path, $"is not a path: {problem.Message}", problem);
        }
    }

    /// <summary>The full path, or null where it is of another provider.</summary>
    private static string? Unresolved(string path, PathIntrinsics paths, out string provider)
    {
        try
        {
            var full = paths.GetUnresolvedProviderPathFromPSPath(path, out var info, out _);
            provider = info.Name;
            return provider == FileSystem ? full : null;
        }
        catch (Exception problem) when (problem is ProviderNotFoundException or System.Management.Automation.DriveNotFoundException
            && Path.IsPathFullyQualified(path))
        {
            // A session of Just Enough Administration has no file system of PowerShell's.
            provider = FileSystem;
            return Path.GetFullPath(path);
        }
    }

    private static bool IsOfPath(Exception problem) => problem is RuntimeException or ArgumentException or NotSupportedException
        or IOException or UnauthorizedAccessException;
}
