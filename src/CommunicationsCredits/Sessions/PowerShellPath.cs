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
            var full = paths.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return provider.Name == FileSystem
                ? full
                : throw CreditErrors.NoSuchFile(path, $"it is a path of the provider {provider.Name}. Give a file.");
        }
        catch (Exception problem) when (IsOfPath(problem))
        {
            throw CreditErrors.NoSuchFile(path, problem.Message, problem);
        }
    }

    /// <summary>The files a path with or without wildcards leads to.</summary>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: there are none.</exception>
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
                throw CreditErrors.NoSuchFile(path, "no file matches it. -LiteralPath takes a name as it stands.");
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
            var full = paths.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (provider.Name != FileSystem)
                throw CreditErrors.NoSuchLedger(path, $"is a path of the provider {provider.Name}. Give a file.");

            // The files beside a ledger lie beside the file itself, whatever link leads to it.
            return File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
        }
        catch (Exception problem) when (IsOfPath(problem))
        {
            throw CreditErrors.NoSuchLedger(path, $"is not a path: {problem.Message}", problem);
        }
    }

    private static bool IsOfPath(Exception problem) => problem is RuntimeException or ArgumentException or NotSupportedException
        or IOException or UnauthorizedAccessException;
}
