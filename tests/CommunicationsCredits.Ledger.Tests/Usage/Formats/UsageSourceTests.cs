using System.IO.Compression;
using System.Text;
using CommunicationsCredits.Ledger.Usage.Formats;
using Xunit;
using static CommunicationsCredits.Ledger.Tests.Usage.Formats.ReadRecords;

namespace CommunicationsCredits.Ledger.Tests.Usage.Formats;

/// <summary>Files are recognised by their content (U1).</summary>
public sealed class UsageSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usage-source-");

    public static TheoryData<string> Encodings => ["utf-8", "utf-8 with mark", "utf-16", "utf-16BE"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Encodings))]
    public void CSV_is_read_in_UTF_8_and_UTF_16(string encoding)
    {
        var path = Save("calls.bin", Encoded($"{Header}\r\n{Row(1, "Zoë")}\r\n{Row(2, "\"李\"\"雷\"")}\r\n", encoding));

        var (format, records) = Read(path);

        Assert.Equal(UsageFormat.TeamsPstnCsv, format);
        Assert.Equal(["Zoë", "李\"雷"], records.Select(record => record.User));
        Assert.Equal([2L, 3L], records.Select(record => record.Line));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void JSON_is_read_in_UTF_8_and_UTF_16(string encoding)
    {
        var path = Save("calls.csv", Encoded($" \n{{\"value\":[{Json(1)[..^1]},\"userDisplayName\":\"Zoë 李\"}}]}}", encoding));

        var (format, records) = Read(path);

        Assert.Equal(UsageFormat.GraphPstnCalls, format);
        Assert.Equal(("Zoë 李", 2L), (Assert.Single(records).User, records[0].Line));
    }

    [Theory]
    [InlineData(UsageFormat.GraphPstnCalls)]
    [InlineData(UsageFormat.TeamsPstnCsv)]
    public void The_format_asked_for_must_be_the_one_that_is_there(UsageFormat asked)
    {
        var csv = Save("calls.csv", Header);
        var json = Save("calls.json", Json(1));
        var (right, wrong, shown) = asked == UsageFormat.TeamsPstnCsv ? (csv, json, "it is JSON") : (json, csv, "it is CSV");

        UsageSource.Open(right, asked).Dispose();

        Assert.Contains(shown, Refused(wrong, asked), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData(" \r\n", "nothing but blank lines")]
    [InlineData("SQLite format 3\0", "a SQLite database")]
    [InlineData("%PDF-1.7", "a PDF document")]
    [InlineData("<!DOCTYPE html><html>", "HTML")]
    [InlineData("\x1F\x8B\x08", "gzip")]
    [InlineData("\xD0\xCF\x11\xE0", "old workbook")]
    [InlineData("U\0s\0a\0g\0e\0", "none of the columns")]
    [InlineData("{\\rtf1 x}", "rich text")]
    [InlineData("\xFF\xFE\0\0U\0\0\0", "UTF-32")]
    [InlineData("hello", "none of the columns")]
    [InlineData("PK\x03\x04garbage", "a zip that is damaged or not complete")]
    public void Anything_else_is_named(string content, string reason) =>
        Assert.Contains(reason, Refused(Save("calls.csv", Encoding.Latin1.GetBytes(content))), StringComparison.Ordinal);

    [Fact]
    public void A_folder_and_a_file_that_is_not_there_are_named()
    {
        Assert.Contains("is a folder", Refused(_folder.FullName), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refused(Path.Combine(_folder.FullName, "x")), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refused(Path.Combine(_folder.FullName, "x", "y")), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refused("a\0b"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_members_of_a_zip_that_are_usage_are_read_one_after_another()
    {
        var path = Zip(
            ("DR.calls.2026.csv", "x"), ("a/b/pstn.CALLS.2026-01.CSV", $"{Header}\n{Row(1)}"),
            ("__MACOSX/._PSTN.calls.1.csv", "x"),
            ("February.dat", $"Extra,{Header}\nx,{Row(2)}\nshort"), ("PSTN.calls.txt", "x"));

        var (format, records) = Read(path);

        Assert.Equal(UsageFormat.TeamsPstnCsv, format);
        Assert.Equal(["r1", "r2", null], records.Select(record => record.RecordId));
        Assert.Equal([2L, 2L, 3L], records.Select(record => record.Line));
        Assert.EndsWith("(In 'February.dat'.)", records[2].Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DR.calls.csv", "x", "it is a zip with 'DR.calls.csv', and its first line has none")]
    [InlineData("[Content_Types].xml", "x", "a workbook")]
    [InlineData("PSTN.calls.1.csv", "", "with 'PSTN.calls.1.csv', and the file is empty")]
    [InlineData("PSTN.calls.1.csv", "{\"a\":1}", "its object has 'a'")]
    public void A_zip_without_usage_says_what_it_has(string name, string content, string reason) =>
        Assert.Contains(reason, Refused(Zip((name, content))), StringComparison.Ordinal);

    [Fact]
    public void A_zip_without_members_is_named() =>
        Assert.Contains("an empty zip", Refused(Zip()), StringComparison.Ordinal);

    [Fact]
    public void A_zip_that_is_cut_is_refused_whole()
    {
        var path = Zip(("PSTN.calls.1.csv", $"{Header}\n{Row(1)}"));
        var whole = File.ReadAllBytes(path);
        for (var length = 4; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Refused(path);
        }
    }

    [Fact]
    public void A_zip_that_is_encrypted_is_named()
    {
        var path = Zip(("PSTN.calls.1.csv", $"{Header}\n{Row(1)}"));
        var bytes = File.ReadAllBytes(path);
        bytes[6] |= 1;
        bytes[bytes.AsSpan().IndexOf("PK\x1\x2"u8) + 8] |= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Contains("encrypted", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_member_that_breaks_off_keeps_what_came_before()
    {
        var text = Encoding.UTF8.GetBytes($"{Header}\n{Row(1)}\n{Row(2)}\n{Row(3)}\n");
        var header = UsageCsvHeader.Read("calls.csv", text);
        var content = new MemoryStream(text, header.Length, text.Length - header.Length - 10);
        using var reader = new UsageCsvReader(header, new ZipMemberStream(content, text.Length - header.Length, 0));

        var records = All(reader);

        Assert.Equal(["r1", "r2", null], records.Select(record => record.RecordId));
        Assert.Equal(Row(3)[..^9], records[2].Raw);
        Assert.Equal(
            $"the file breaks off after byte {text.Length - 10}: the zip's member ends before its length. Get it again.",
            records[2].Refusal);
    }

    [Fact]
    public void Damage_within_a_zip_member_is_told_and_the_next_member_is_read()
    {
        var text = new StringBuilder(Header);
        for (var id = 1; id <= 3000; id++)
            text.Append('\n').Append(Row(id));
        var path = Zip(("PSTN.calls.1.csv", text.ToString()), ("PSTN.calls.2.csv", $"{Header}\n{Row(1)}"));
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(bytes.Length / 2, 200).Fill(0xFF);
        File.WriteAllBytes(path, bytes);

        var (_, records) = Read(path);

        Assert.Contains(
            records, record => record.Refusal?.StartsWith("the file breaks off", StringComparison.Ordinal) == true);
        Assert.Equal("r1", records[^1].RecordId);
    }

    [Fact]
    public void A_zip_member_whose_checksum_is_wrong_is_told()
    {
        var path = Zip(CompressionLevel.NoCompression, ("PSTN.calls.1.csv", $"{Header}\n{Row(1)}\n"));
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf("2026-01-01T"u8) + 9] = (byte)'2';
        File.WriteAllBytes(path, bytes);

        var (_, records) = Read(path);

        Assert.NotNull(records[^1].Refusal);
        Assert.DoesNotContain(records, record => record is { Refusal: null, StartedAt: "2026-01-01T00:00:00Z" });
    }

    [Fact]
    public void A_large_zip_member_has_the_checksum_it_should_have()
    {
        var text = new StringBuilder(Header);
        for (var id = 1; id <= 5000; id++)
            text.Append('\n').Append(Row(id));

        var (_, records) = Read(Zip(("PSTN.calls.1.csv", text.ToString())));

        Assert.Equal(5000, records.Count);
        Assert.DoesNotContain(records, record => record.Refusal is not null);
    }

    [Fact]
    public void The_file_is_closed_with_the_reader()
    {
        foreach (var path in new[] { Save("a", Header), Save("b", "[]"), Zip(("PSTN.calls.1.csv", Header)) })
        {
            UsageSource.Open(path, UsageFormat.Auto).Dispose();
            using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
    }

    private static (UsageFormat Format, List<ReadRecord> Records) Read(string path)
    {
        using var reader = UsageSource.Open(path, UsageFormat.Auto);
        return (reader.Format, All(reader));
    }

    private static string Refused(string path, UsageFormat format = UsageFormat.Auto)
    {
        var error = Assert.Throws<CreditException>(() => UsageSource.Open(path, format));
        Assert.Equal(CreditErrorId.UnknownFormat, error.ErrorId);
        return error.Message;
    }

    private static byte[] Encoded(string text, string encoding)
    {
        Encoding chosen = encoding == "utf-8 with mark" ? new UTF8Encoding(true)
            : encoding == "utf-8" ? new UTF8Encoding(false)
            : Encoding.GetEncoding(encoding);
        return [.. chosen.GetPreamble(), .. chosen.GetBytes(text)];
    }

    private string Save(string name, string content) => Save(name, Encoding.UTF8.GetBytes(content));

    private string Save(string name, byte[] content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private string Zip(params (string Name, string Content)[] members) => Zip(CompressionLevel.Optimal, members);

    private string Zip(CompressionLevel level, params (string Name, string Content)[] members)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                using var member = zip.CreateEntry(name, level).Open();
                member.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return Save("calls.zip", file.ToArray());
    }
}
