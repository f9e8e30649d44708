using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Text;
using CommunicationsCredits.Ledger.Usage.Formats;
using Xunit;
using static CommunicationsCredits.Ledger.Tests.Usage.Formats.ReadRecords;

namespace CommunicationsCredits.Ledger.Tests.Usage.Formats;

/// <summary>
/// Damaged files of every kind: no crash, no hang, and no record that is read twice, or both refused and read (U5). The number
/// of files can be raised with USAGE_FUZZ_COUNT; a failure names its seed.
/// </summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A seed repeats a failure.")]
public sealed class UsageReaderFuzzTests
{
    private const int Rows = 12;

    private static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("USAGE_FUZZ_COUNT"), out var count) ? count : 4000;

    [Fact]
    public void A_damaged_CSV_never_reads_a_record_twice()
    {
        var rows = Enumerable.Range(1, Rows).Select(id => Row(id, id % 3 == 0 ? "\"A, \"\"b\"\"\"" : "Ann"));
        var whole = Encoding.UTF8.GetBytes($"{Header}\r\n{string.Join("\r\n", rows)}");
        Fuzz(whole, Header.Length, (text, chunk) => Csv(text, chunk));
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    public void A_damaged_CSV_of_other_separators_never_reads_a_record_twice(char separator)
    {
        var text = $"{Header}\n{string.Join('\n', Enumerable.Range(1, Rows).Select(id => Row(id, id % 3 == 0 ? "Zo\u00EB" : "Ann")))}\n";
        var whole = Encoding.Latin1.GetBytes(text.Replace(',', separator));
        Fuzz(whole, Header.Length, (damaged, chunk) => Csv(damaged, chunk));
    }

    [Fact]
    public void A_damaged_batch_never_reads_a_record_twice()
    {
        var records = string.Join(",\n", Enumerable.Range(1, Rows).Select(id =>
            Json(id)[..^1] + ",\"administrativeUnitInfos\":[{\"id\":\"1\",\"displayName\":\"Sales\"},\"West\"]}"));
        var whole = Encoding.UTF8.GetBytes(
            $"{{\"responses\":[{{\"id\":\"1\",\"status\":200,\"body\":{{\"value\":[{records}]}}}},{{\"id\":\"2\",\"body\":{{\"error\":{{\"code\":\"x\"}}}}}}]}}");
        Fuzz(whole, 1, (text, chunk) => Graph(text, chunk));
    }

    [Fact]
    public void Damaged_JSON_never_reads_a_record_twice()
    {
        var records = string.Join(",\n", Enumerable.Range(1, Rows).Select(Json));
        var whole = Encoding.UTF8.GetBytes($"{{\"value\":[{records}],\"@odata.nextLink\":null}}");
        Fuzz(whole, 1, (text, chunk) => Graph(text, chunk));
    }

    [Fact]
    public void Damaged_JSON_lines_cost_no_more_than_the_lines_around_the_damage()
    {
        var whole = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(1, Rows).Select(Json)));
        for (var seed = 0; seed < Count / 4; seed++)
        {
            var random = new Random(seed);
            var text = (byte[])whole.Clone();
            text[random.Next(1, text.Length)] = (byte)random.Next(256);
            var read = Attempt(seed, () => Graph(text)).Count(record => record.Refusal is null);

            Assert.True(read >= Rows - 2, $"seed {seed}: {read} of {Rows} records were read.");
        }
    }

    [Fact]
    public void A_damaged_zip_never_crashes()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var member = zip.CreateEntry("PSTN.calls.1.csv").Open();
            var rows = Enumerable.Range(1, Rows).Select(id => Row(id));
            member.Write(Encoding.UTF8.GetBytes($"{Header}\n{string.Join('\n', rows)}"));
        }

        var whole = file.ToArray();
        var folder = Directory.CreateTempSubdirectory("usage-fuzz-");
        try
        {
            var path = Path.Combine(folder.FullName, "calls.zip");
            for (var seed = 0; seed < Count / 8; seed++)
            {
                File.WriteAllBytes(path, Mutate(new Random(seed), whole, 4));
                Attempt(seed, () =>
                {
                    using var reader = UsageSource.Open(path, CommunicationsCredits.UsageFormat.Auto);
                    return All(reader);
                });
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Fuzz(byte[] whole, int from, Func<byte[], int, List<ReadRecord>> read)
    {
        for (var seed = 0; seed < Count; seed++)
        {
            var random = new Random(seed);
            var text = Mutate(random, whole, from);

            var records = Attempt(seed, () => read(text, SourceWindow.DefaultChunk));

            Assert.True(records.Sum(record => record.Raw.Length) <= text.Length, $"seed {seed}: more was read than there is.");
            Assert.True(
                records.Zip(records.Skip(1)).All(pair => pair.First.Line <= pair.Second.Line), $"seed {seed}: lines go back.");
            if (seed % 8 == 0)
            {
                var chunk = random.Next(1, 400);
                var same = records.SequenceEqual(Attempt(seed, () => read(text, chunk)));
                Assert.True(same, $"seed {seed}: chunks of {chunk} change what is read.");
            }
        }
    }

    private static List<ReadRecord> Attempt(int seed, Func<List<ReadRecord>> read)
    {
        try
        {
            return read();
        }
        catch (CreditException error) when (error.ErrorId == CreditErrorId.UnknownFormat)
        {
            return [];
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"Seed {seed}.", error);
        }
    }

    private static byte[] Mutate(Random random, byte[] whole, int from)
    {
        ReadOnlySpan<byte> marks = ",\"\r\n\0{}[]:\\ \xFF0-"u8;
        var text = new List<byte>(whole);
        for (var damage = random.Next(1, 5); damage > 0 && text.Count > from + 1; damage--)
        {
            var at = random.Next(from, text.Count);
            var length = Math.Min(random.Next(1, 60), text.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    text[at] = (byte)random.Next(256);
                    break;
                case 1:
                    text[at] = marks[random.Next(marks.Length)];
                    break;
                case 2:
                    text.Insert(at, marks[random.Next(marks.Length)]);
                    break;
                case 3:
                    text.RemoveRange(at, length);
                    break;
                case 4:
                    text.InsertRange(at, text.GetRange(at, length));
                    break;
                case 5:
                    text.RemoveRange(at, text.Count - at);
                    break;
                default:
                    text.InsertRange(at, Enumerable.Repeat(marks[random.Next(marks.Length)], random.Next(1, 300)));
                    break;
            }
        }

        return [.. text];
    }
}
