using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Tests.Support;
using nietras.SeparatedValues;
using static CommunicationsCredits.Ledger.Tests.Usage.Formats.ReadRecords;

namespace CommunicationsCredits.Ledger.Tests.Usage.Formats;

/// <summary>
/// The reader of CSV exports against Sep: the same cells, whatever is quoted in them, and wherever the edge of a window falls. The number of files can
/// be raised with USAGE_FUZZ_COUNT; a failure names its seed.
/// </summary>
public sealed class CsvJudgeTests
{
    private static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("USAGE_FUZZ_COUNT"), out var count) ? count : 2000;

    private static readonly string[] Letters =
        ["a", "Z", "7", "é", "漢", "😀", "\"", "\"\"", ",", ";", "\n", "\r\n", " ", "'", "“", "”", "=", "#", "\\"];

    [Fact]
    public void A_file_is_read_as_Sep_reads_it_wherever_a_window_ends()
    {
        for (var seed = 0; seed < Count / 4; seed++)
        {
            var random = new SeededRandom(seed);
            var text = File(random);

            // From a window that is shorter than most lines to one that holds them all.
            var records = Csv(text, chunk: random.Next(1, 400));

            using var judge = Sep.Reader(options => options with { Sep = new(','), Unescape = true }).FromText(text);
            var judged = new List<(string Id, string User, string Destination)>();
            foreach (var row in judge)
                judged.Add((row["UsageId"].ToString(), row["UPN"].ToString(), row["Destination Dialed"].ToString()));
            Assert.True(records.Count == judged.Count, $"seed {seed}: {records.Count} records, not {judged.Count}.");
            for (var i = 0; i < records.Count; i++)
            {
                Assert.True(records[i].Refusal is null, $"seed {seed}: {records[i].RefusedField} {records[i].Refusal}");
                AssertSame(judged[i].Id, records[i].RecordId, seed);
                AssertSame(judged[i].User, records[i].User, seed);
                AssertSame(judged[i].Destination, records[i].Destination, seed);
            }
        }
    }

    private static void AssertSame(string judged, string? read, int seed)
    {
        // Control characters are kept visible.
        judged = judged.Trim().Replace('\r', '␍').Replace('\n', '␊');
        Assert.True(judged == (read ?? ""), $"seed {seed}: '{read}' was read, and Sep reads '{judged}'.");
    }

    private static string File(SeededRandom random)
    {
        var end = random.Chance(50) ? "\n" : "\r\n";
        var text = new StringBuilder(Header).Append(end);
        for (int i = 0, rows = random.Next(1, 20); i < rows; i++)
        {
            var id = i.ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"r{id},c,,US,o,{Cell(random, "u")},Ann,+14255550100,user_out,Subscriber,Domestic,{Cell(random)},")
                .Append(CultureInfo.InvariantCulture, $"+12065550100,2026-01-01T00:00:00Z,,{id},,0.50,USD,MCOPSTN1").Append(end);
        }

        return text.ToString();
    }

    private static string Cell(SeededRandom random, string begin = "")
    {
        var content = begin + string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => random.Pick(Letters)));
        return content.AsSpan().IndexOfAny("\",\r\n") >= 0 || random.Chance(20) ? $"\"{content.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : content;
    }
}
