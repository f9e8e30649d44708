using System.Security.Cryptography;
using System.Text;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>
/// A file that refused records are added to as they stood in their source, so that it can be imported again once they are
/// repaired: CSV lines under their header, or JSON objects one line each.
/// </summary>
/// <remarks>
/// Lines of another header, as members of a zip may have, go to a file of their own beside it. A line that is in the file since an earlier import is
/// not added again: an export that is imported every night may have it every night.
/// </remarks>
internal sealed class QuarantineFile : IDisposable
{
    private readonly string _path;
    private readonly List<(byte[]? Header, FileStream File, HashSet<string> Known)> _files = [];

    public QuarantineFile(string path) => _path = path;

    /// <summary>Refuses a quarantine file that is the source: each refused line would be read again, and refused again.</summary>
    /// <param name="path">The quarantine file's full path, or null.</param>
    /// <param name="source">The source's full path.</param>
    /// <exception cref="CreditException"><c>FileExists</c>.</exception>
    public static void RefuseSource(string? path, string source)
    {
        if (path is null || !File.Exists(path) || !File.Exists(source) || !IsSame(TargetOf(path), TargetOf(source)))
            return;
        throw new CreditException(
            CreditErrorId.FileExists,
            $"'{path}' is the file that is imported: refused lines would be added to what is being read. Give another -QuarantinePath, and "
            + "import the file of refused lines without one.",
            path);
    }

    /// <summary>Adds the refused records of a batch, and makes them durable.</summary>
    /// <exception cref="CreditException"><c>FileExists</c>: the file is there and holds records of another shape.</exception>
    public void Add(UsageBatch batch)
    {
        FileStream? file = null;
        HashSet<string> known = [];
        foreach (ref readonly var call in batch.Calls)
        {
            if (call.Refusal is null || call.Raw.IsEmpty)
                continue;
            if (file is null)
                (file, known) = FileOf(batch.Header);
            var line = batch.Bytes(call.Raw);
            if (known.Contains(DigestOf(line)))
                continue;
            file.Write(line);
            file.Write("\n"u8);
        }

        file?.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        foreach (var (_, file, _) in _files)
            file.Dispose();
    }

    private static bool IsSame(string left, string right) => string.Equals(
        left, right, OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>The path with every link in it followed, folders included.</summary>
    private static string TargetOf(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            if (Path.GetDirectoryName(full) is not { } folder)
                return full;
            var named = Path.Combine(TargetOf(folder), Path.GetFileName(full));
            FileSystemInfo entry = Directory.Exists(named) ? new DirectoryInfo(named) : new FileInfo(named);
            return entry.ResolveLinkTarget(returnFinalTarget: true) is { } target ? TargetOf(target.FullName) : named;
        }
        catch (Exception unresolved) when (unresolved is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    /// <summary>The file of a header, and the digests of the lines that it had before.</summary>
    private (FileStream File, HashSet<string> Known) FileOf(byte[]? header)
    {
        foreach (var (of, file, known) in _files)
        {
            if (of.AsSpan().SequenceEqual(header))
                return (file, known);
        }

        var path = _files.Count == 0
            ? _path
            : Path.Combine(
                Path.GetDirectoryName(_path) ?? string.Empty,
                $"{Path.GetFileNameWithoutExtension(_path)}-{_files.Count + 1}{Path.GetExtension(_path)}");
        var opened = Open(path, header);
        _files.Add((header, opened.File, opened.Known));
        return opened;
    }

    private static (FileStream File, HashSet<string> Known) Open(string path, byte[]? header)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var file = new FileStream(path, options);
            if (file.Length == 0)
            {
                if (header is not null)
                {
                    file.Write(header);
                    file.Write("\n"u8);
                }

                return (file, []);
            }

            if (!BeginsLike(file, header))
            {
                file.Dispose();
                throw new CreditException(
                    CreditErrorId.FileExists,
                    $"'{path}' holds something else than records of this format. Give another -QuarantinePath.",
                    path);
            }

            var known = LinesOf(file);
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n')
                file.Write("\n"u8);
            return (file, known);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CreditException(
                CreditErrorId.UnknownFormat, $"'{path}' cannot be written: {problem.Message}", path, problem);
        }
    }

    private static bool BeginsLike(FileStream file, byte[]? header)
    {
        var start = new byte[header?.Length + 1 ?? 1];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return header is null
            ? read == 1 && start[0] is (byte)'{' or (byte)'['
            : read == start.Length && start.AsSpan(0, header.Length).SequenceEqual(header) && start[^1] is (byte)'\n' or (byte)'\r';
    }

    /// <summary>The digests of a file's lines. A record with line breaks matches no single line, so it is added again.</summary>
    private static HashSet<string> LinesOf(FileStream file)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        file.Seek(0, SeekOrigin.Begin);

        // Each byte is a character, so that lines of any encoding are compared as they stand.
        using var reader = new StreamReader(file, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        while (reader.ReadLine() is { } line)
            known.Add(DigestOf(Encoding.Latin1.GetBytes(line)));
        return known;
    }

    private static string DigestOf(ReadOnlySpan<byte> line) =>
        Convert.ToHexString(SHA256.HashData(line is [.. var content, (byte)'\r'] ? content : line));
}
