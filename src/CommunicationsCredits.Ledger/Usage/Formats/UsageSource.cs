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
    /// <param name="cancellation">Stops waiting for a pipe, or another slow source, now and while it is read.</param>
    /// <returns>A reader that holds the file open until it is disposed.</returns>
    /// <exception cref="CreditException">
    /// <c>UnknownFormat</c>: there is no such file, it cannot be read, or it is not usage in a format that is read here.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static UsageReader Open(string path, UsageFormat format, CancellationToken cancellation = default)
    {
        return Open(path, format, SourceFile.Open(path, cancellation));
    }

    /// <summary>Opens what is known to be a file, and no pipe that may have to be waited for; otherwise as <see cref="Open(string, UsageFormat, CancellationToken)"/>.</summary>
    public static UsageReader OpenFile(string path, UsageFormat format) => Open(path, format, SourceFile.OpenAtOnce(path));

    private static UsageReader Open(string path, UsageFormat format, SourceFile file)
    {
        try
        {
            return DetectFormat(path, format, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw SourceFile.CannotBeRead(path, error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens text that is at hand: CSV or JSON.</summary>
    /// <param name="source">What to call it in an error.</param>
    /// <param name="text">The text, in UTF-8; closed with the reader.</param>
    /// <param name="format">The format it must have; <c>Auto</c> takes any.</param>
    /// <exception cref="CreditException"><c>UnknownFormat</c>.</exception>
    public static UsageReader Open(string source, Stream text, UsageFormat format) => OpenText(source, format, text, ReadHead(text), null);

    private static UsageReader DetectFormat(string path, UsageFormat format, SourceFile file)
    {
        var head = ReadHead(file.Content);
        if (!IsZip(head))
            return OpenText(path, format, file.Content, head, file.Progress);
        if (file.Whole is not { } whole)
            throw LedgerErrors.UnknownFormat(path, "it is a zip in a pipe. Save it to a file first.");
        whole.Position = 0;
        return OpenZip(path, format, whole, file.Progress);
    }

    private static UsageReader OpenText(string source, UsageFormat format, Stream content, byte[] head, Func<long>? progress)
    {
        var text = Decode(source, content, head);
        if (text.IsJson)
        {
            RequireFormat(source, format, UsageFormat.GraphPstnCalls, "JSON");
            return new GraphPstnCallsReader(source, new PrependStream(text.Head, text.Rest), text.Position, progress);
        }

        // What neither format could be is better called by its own name than "not what was asked for".
        var header = UsageCsvHeader.Read(source, text.Head);
        RequireFormat(source, format, UsageFormat.TeamsPstnCsv, "CSV");
        return new UsageCsvReader(header, new PrependStream(text.Head.AsMemory(header.Length), text.Rest), progress);
    }

    private static void RequireFormat(string path, UsageFormat asked, UsageFormat found, string shown)
    {
        if (asked != UsageFormat.Auto && asked != found)
        {
            throw LedgerErrors.UnknownFormat(
                path, $"it is {shown}, and {asked} was asked for. Leave -Format away to have it recognised.");
        }
    }

    private static UsageFilesReader OpenZip(string path, UsageFormat format, Stream file, Func<long>? progress)
    {
        try
        {
            var zip = new ZipArchive(file, ZipArchiveMode.Read);
            if (zip.Entries.Any(member => member.FullName == "[Content_Types].xml"))
            {
                throw LedgerErrors.UnknownFormat(
                    path, "it is a workbook, or another Office document. Give the CSV, or its zip, as it was downloaded: a spreadsheet changes "
                    + "long numbers and dates.");
            }

            var usage = new List<UsageFile>();
            var others = new List<(string Name, string Reason)>();
            ExportPeriod? period = null;
            foreach (var member in zip.Entries)
            {
                var name = NameOf(member);
                if (name.Length == 0 || name.StartsWith("._", StringComparison.Ordinal))
                    continue;
                if (name.Equals("parameters.json", StringComparison.OrdinalIgnoreCase))
                    period ??= ReadPeriod(member);
                else if (WhyNoUsage(path, member) is { } reason)
                    others.Add((member.FullName, reason));
                else
                    usage.Add(new(member.FullName, () => OpenMember(path, format, member)));
            }

            return usage.Count > 0
                ? new UsageFilesReader(usage, others, period, progress, zip)
                : throw LedgerErrors.UnknownFormat(path, NoUsage(others));
        }
        catch (InvalidDataException error)
        {
            throw Damaged(path, error);
        }
    }

    private static CreditException Damaged(string source, InvalidDataException error) => LedgerErrors.UnknownFormat(
        source, $"it is a zip that is damaged or not complete ({error.Message.TrimEnd('.')}). Get it again.");

    private static string NameOf(ZipArchiveEntry member) =>
        member.FullName[(member.FullName.AsSpan().LastIndexOfAny('/', '\\') + 1)..];

    private static string NoUsage(List<(string Name, string Reason)> others)
    {
        const int most = 5;
        if (others.Count == 0)
            return "it is an empty zip. Export it again.";
        if (others.Count == 1)
            return $"it is a zip with '{others[0].Name}', and {others[0].Reason}";
        return $"it is a zip without usage: {string.Join("; ", others.Take(most).Select(other => $"of '{other.Name}', {other.Reason.TrimEnd('.')}"))}"
            + (others.Count > most ? " …" : string.Empty) + ". Give the zip that the Teams admin centre exports.";
    }

    private static ExportPeriod? ReadPeriod(ZipArchiveEntry member)
    {
        if (member.IsEncrypted || member.Length > HeadLength)
            return null;
        using var content = member.Open();
        var json = ReadHead(content);
        return ExportPeriod.FromParameters(json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? json.AsMemory(3) : json);
    }

    /// <summary>Why a member is passed over, or null where it is usage: its content decides, never its name.</summary>
    private static string? WhyNoUsage(string path, ZipArchiveEntry member)
    {
        if (member.IsEncrypted)
            return "it is encrypted. Unpack it with its password, and give what was in it.";
        try
        {
            using var content = member.Open();
            var head = ReadHead(content);
            if (IsZip(head))
                return "it is a zip itself. Unpack it first.";
            using var start = new MemoryStream(head);
            using var reader = OpenText(member.FullName, UsageFormat.Auto, start, ReadHead(start), null);
            var batch = new UsageBatch();
            if (reader is GraphPstnCallsReader)
                reader.Read(batch);
            return null;
        }
        catch (CreditException refused) when (refused.ErrorId == CreditErrorId.UnknownFormat)
        {
            return refused.Message[(member.FullName.Length + 2)..];
        }
        catch (InvalidDataException error)
        {
            throw Damaged($"{path} ({member.FullName})", error);
        }
    }

    private static UsageReader OpenMember(string path, UsageFormat format, ZipArchiveEntry member)
    {
        var source = $"{path} ({member.FullName})";
        Stream? content = null;
        try
        {
            content = new ZipMemberStream(member.Open(), member.Length, member.Crc32);
            return OpenText(source, format, content, ReadHead(content), null);
        }
        catch (InvalidDataException error)
        {
            content?.Dispose();
            throw Damaged(source, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            content?.Dispose();
            throw SourceFile.CannotBeRead(source, error);
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

        return length == head.Length ? head : head[..length];
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
            : Utf16WithoutMark(head);
        if (utf16 is not null)
        {
            rest = Encoding.CreateTranscodingStream(
                new PrependStream(head.AsMemory(head[0] >= 0xFE ? 2 : 0), rest), utf16, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
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

    /// <summary>UTF-16 that does not begin with its mark: every other byte of the first letters is 0.</summary>
    private static Encoding? Utf16WithoutMark(ReadOnlySpan<byte> head)
    {
        if (head.Length < 4)
            return null;
        return head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0 ? Encoding.Unicode
            : head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0 ? Encoding.BigEndianUnicode
            : null;
    }

    /// <summary>What it is, where that is known and no usage.</summary>
    private static string? NameOf(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("SQLite format 3\0"u8))
            return "a SQLite database";
        if (text.StartsWith("%PDF"u8))
            return "a PDF document";
        if (text.StartsWith("{\\rtf"u8))
            return "a rich text document";
        if (text.StartsWith("<"u8))
            return "an HTML or XML page (of a sign-in, perhaps), not usage";
        if (text.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return "compressed with gzip";
        if (text.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            return "an old workbook, or another Office document";
        var line = text.IndexOfAny((byte)'\r', (byte)'\n');
        return (line < 0 ? text : text[..line]).Contains((byte)0) ? "no text" : null;
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
