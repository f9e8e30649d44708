using System.IO.Compression;
using System.Text;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>Opens a file of usage: recognises by its content what it is (U1), never by its name.</summary>
internal static class UsageSource
{
    /// <summary>What is read to recognise a file by: more than a header may be long.</summary>
    private const int HeadLength = CsvRecordSplitter.MaximumLength + 1024;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The format it must have; <c>Auto</c> takes any.</param>
    /// <returns>A reader that holds the file open until it is disposed.</returns>
    /// <exception cref="CreditException">
    /// <c>UnknownFormat</c>: there is no such file, it cannot be read, or it is not usage in a format that is read here.
    /// </exception>
    public static UsageReader Open(string path, UsageFormat format)
    {
        var file = OpenFile(path);
        try
        {
            return Recognise(path, format, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw CannotBeRead(path, error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw LedgerErrors.UnknownFormat(path, "it is a folder. Give the files in it.");

            // No buffer of its own: what is read goes straight into a batch.
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.SequentialScan,
                BufferSize = 0,
            });
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw LedgerErrors.UnknownFormat(path, "the file does not exist.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw CannotBeRead(path, error);
        }
    }

    private static CreditException CannotBeRead(string path, Exception error) => LedgerErrors.UnknownFormat(
        path, error is UnauthorizedAccessException
            ? "it cannot be read: access is denied."
            : $"it cannot be read: {error.Message.TrimEnd('.')}.");

    private static UsageReader Recognise(string path, UsageFormat format, FileStream file)
    {
        Func<long>? progress = file.CanSeek ? () => file.Position : null;
        var head = ReadHead(file);
        if (IsZip(head))
        {
            if (!file.CanSeek)
                throw LedgerErrors.UnknownFormat(path, "it is a zip in a pipe. Save it to a file first.");
            file.Position = 0;
            Demand(path, format, UsageFormat.TeamsPstnCsv, "a zip");
            return OpenZip(path, file, progress);
        }

        var text = Decode(path, file, head);
        if (text.IsJson)
        {
            Demand(path, format, UsageFormat.GraphPstnCalls, "JSON");
            return new GraphPstnCallsReader(path, new HeadedStream(text.Head, text.Rest), text.Position, progress);
        }

        // What neither format could be is better called by its own name than "not what was asked for".
        var opened = OpenCsv(path, text);
        Demand(path, format, UsageFormat.TeamsPstnCsv, "CSV");
        return new TeamsPstnCsvReader([new(null, () => opened)], progress);
    }

    private static void Demand(string path, UsageFormat asked, UsageFormat found, string shown)
    {
        if (asked != UsageFormat.Auto && asked != found)
        {
            throw LedgerErrors.UnknownFormat(
                path, $"it is {shown}, and {asked} was asked for. Leave -Format away to have it recognised.");
        }
    }

    private static (TeamsPstnHeader Header, Stream Records) OpenCsv(string source, TextStart text)
    {
        var header = TeamsPstnHeader.Read(source, text.Head);
        return (header, new HeadedStream(text.Head.AsMemory(header.Length), text.Rest));
    }

    private static TeamsPstnCsvReader OpenZip(string path, FileStream file, Func<long>? progress)
    {
        try
        {
            var zip = new ZipArchive(file, ZipArchiveMode.Read);
            var members = zip.Entries.Where(IsUsage).ToList();
            if (members.Count == 0)
                throw LedgerErrors.UnknownFormat(path, NoUsage(zip));
            return new TeamsPstnCsvReader(
                [.. members.Select(member => new TeamsPstnFile(member.FullName, () => OpenMember(path, member)))], progress, zip);
        }
        catch (InvalidDataException error)
        {
            throw Damaged(path, error);
        }
    }

    private static CreditException Damaged(string source, InvalidDataException error) => LedgerErrors.UnknownFormat(
        source, $"it is a zip that is damaged or not complete ({error.Message.TrimEnd('.')}). Get it again.");

    private static bool IsUsage(ZipArchiveEntry member)
    {
        const string before = "PSTN.calls.";
        const string after = ".csv";
        var name = member.FullName.AsSpan(member.FullName.AsSpan().LastIndexOfAny('/', '\\') + 1);
        return name.Length >= before.Length + after.Length
            && name.StartsWith(before, StringComparison.OrdinalIgnoreCase)
            && name.EndsWith(after, StringComparison.OrdinalIgnoreCase);
    }

    private static string NoUsage(ZipArchive zip)
    {
        const int most = 5;
        if (zip.Entries.Any(member => member.FullName == "[Content_Types].xml"))
            return "it is an Office document, not a usage export. Save a workbook as CSV (UTF-8), or export it again.";
        var names = zip.Entries.Take(most).Select(member => $"'{member.FullName}'");
        return zip.Entries.Count == 0
            ? "it is an empty zip. Export it again."
            : $"it is a zip with no member named PSTN.calls.*.csv; it has {string.Join(", ", names)}"
                + (zip.Entries.Count > most ? " …" : string.Empty) + ". Give the zip that the Teams admin centre exports.";
    }

    private static (TeamsPstnHeader Header, Stream Records) OpenMember(string path, ZipArchiveEntry member)
    {
        var source = $"{path} ({member.FullName})";
        if (member.IsEncrypted)
            throw LedgerErrors.UnknownFormat(source, "it is encrypted. Unpack it with its password, and give the CSV.");
        Stream? content = null;
        try
        {
            content = new ZipMemberStream(member.Open(), member.Length, member.Crc32);
            var text = Decode(source, content, ReadHead(content));
            return text.IsJson
                ? throw LedgerErrors.UnknownFormat(source, "it is JSON, not CSV. Unpack it, and give it as it is.")
                : OpenCsv(source, text);
        }
        catch (InvalidDataException error)
        {
            content?.Dispose();
            throw Damaged(source, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            content?.Dispose();
            throw CannotBeRead(source, error);
        }
        catch
        {
            content?.Dispose();
            throw;
        }
    }

    /// <summary>The start of a source: all of it, or more than any header is long.</summary>
    private static byte[] ReadHead(Stream source)
    {
        var head = new byte[HeadLength];
        var length = 0;
        for (int read; length < head.Length; length += read)
        {
            try
            {
                read = source.Read(head.AsSpan(length));
            }
            catch (InvalidDataException) when (length > 0)
            {
                // What could be read is kept; reading on finds the fault again, and tells it.
                break;
            }

            if (read == 0)
                break;
        }

        return head[..length];
    }

    /// <summary>Makes UTF-8 of it, and tells JSON from other text.</summary>
    private static TextStart Decode(string source, Stream rest, byte[] head)
    {
        if (head.Length == 0)
            throw LedgerErrors.UnknownFormat(source, "the file is empty. Export it again.");
        if (head.AsSpan().StartsWith(Encoding.UTF32.GetPreamble()))
            throw LedgerErrors.UnknownFormat(source, "it is in UTF-32. Save it in UTF-8.");

        var position = 0;
        ReadOnlySpan<byte> littleEndian = [0xFF, 0xFE], bigEndian = [0xFE, 0xFF];
        var utf16 = head.AsSpan().StartsWith(littleEndian) ? Encoding.Unicode
            : head.AsSpan().StartsWith(bigEndian) ? Encoding.BigEndianUnicode
            : null;
        if (utf16 is not null)
        {
            rest = Encoding.CreateTranscodingStream(
                new HeadedStream(head.AsMemory(2), rest), utf16, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            head = ReadHead(rest);
        }
        else if (head.AsSpan().StartsWith(Encoding.UTF8.Preamble))
        {
            position = Encoding.UTF8.Preamble.Length;
            head = head[position..];
        }

        var text = head.AsSpan().TrimStart(" \t\r\n"u8);
        if (NameOf(text) is { } name)
            throw LedgerErrors.UnknownFormat(source, $"it is {name}. Give the export itself: CSV, its zip, or JSON.");
        return new(head, rest, position, !text.IsEmpty && text[0] is (byte)'{' or (byte)'[');
    }

    /// <summary>What it is, where that is known and no usage.</summary>
    private static string? NameOf(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("SQLite format 3\0"u8))
            return "a SQLite database";
        if (text.StartsWith("%PDF"u8))
            return "a PDF document";
        if (text.StartsWith("<"u8))
            return "an HTML or XML page (of a sign-in, perhaps), not usage";
        if (text.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return "compressed with gzip";
        if (text.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            return "an old Office document";
        var line = text.IndexOfAny((byte)'\r', (byte)'\n');
        return (line < 0 ? text : text[..line]).Contains((byte)0) ? "no text, or in UTF-16 without a byte order mark" : null;
    }

    private static bool IsZip(ReadOnlySpan<byte> head) =>
        head.StartsWith("PK\x3\x4"u8) || head.StartsWith("PK\x5\x6"u8) || head.StartsWith("PK\x7\x8"u8);

    /// <summary>A source as UTF-8.</summary>
    /// <param name="Head">Its start.</param>
    /// <param name="Rest">What follows.</param>
    /// <param name="Position">The byte of the source that the start is.</param>
    /// <param name="IsJson">Whether it begins as JSON does.</param>
    private sealed record TextStart(byte[] Head, Stream Rest, long Position, bool IsJson);
}
