using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>
/// A file that refused records are added to as they stood in their source, so that it can be imported again once they are
/// repaired: CSV lines under their header, or JSON objects a line each.
/// </summary>
internal sealed class QuarantineFile : IDisposable
{
    private readonly string _path;
    private FileStream? _file;

    public QuarantineFile(string path) => _path = path;

    /// <summary>Adds the refused records of a batch, and makes them durable.</summary>
    /// <exception cref="CreditException"><c>FileExists</c>: the file is there and holds records of another shape.</exception>
    public void Add(UsageBatch batch)
    {
        var written = false;
        foreach (ref readonly var call in batch.Calls)
        {
            if (call.Refusal is null || call.Raw.IsEmpty)
                continue;
            _file ??= Open(batch.Header);
            _file.Write(batch.Bytes(call.Raw));
            _file.Write("\n"u8);
            written = true;
        }

        if (written)
            _file!.Flush(flushToDisk: true);
    }

    public void Dispose() => _file?.Dispose();

    private FileStream Open(byte[]? header)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var file = new FileStream(_path, options);
            if (file.Length == 0)
            {
                if (header is not null)
                {
                    file.Write(header);
                    file.Write("\n"u8);
                }

                return file;
            }

            if (!BeginsLike(file, header))
            {
                file.Dispose();
                throw new CreditException(
                    CreditErrorId.FileExists,
                    $"'{_path}' holds something else than records of this format. Give another -QuarantinePath.",
                    _path);
            }

            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n')
                file.Write("\n"u8);
            return file;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CreditException(
                CreditErrorId.UnknownFormat, $"'{_path}' cannot be written: {problem.Message}", _path, problem);
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
}
