using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Tests.Support;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static CommunicationsCredits.Ledger.Tests.Usage.Formats.ReadRecords;

namespace CommunicationsCredits.Ledger.Tests.Usage.Formats;

/// <summary>
/// The reader of usage exports against Newtonsoft.Json, which reads all other documents: what the one takes for a record, the other takes
/// for the same values. The number of pages can be raised with USAGE_FUZZ_COUNT; a failure names its seed.
/// </summary>
public sealed class JsonJudgeTests
{
    private static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("USAGE_FUZZ_COUNT"), out var count) ? count : 2000;

    private static readonly string[] Letters = ["a", "Z", "é", "ß", "漢", "😀", "\"", "\\", "/", "<", "'", "{", "]", ",", ":", "7"];

    [Fact]
    public void A_page_is_read_as_Newtonsoft_reads_it()
    {
        for (var seed = 0; seed < Count / 4; seed++)
        {
            var page = Encoding.UTF8.GetBytes(Page(new(seed)));

            var records = Graph(page);

            var judged = (JArray)JsonDocuments.Read(page)["value"]!;
            Assert.True(records.Count == judged.Count, $"seed {seed}: {records.Count} records, not {judged.Count}.");
            for (var i = 0; i < records.Count; i++)
                AssertSame(records[i], (JObject)judged[i], $"seed {seed}, record {i}");
        }
    }

    [Fact]
    public void What_is_read_of_a_damaged_page_Newtonsoft_reads_the_same_way()
    {
        var read = 0;
        for (var seed = 0; seed < Count; seed++)
        {
            var random = new SeededRandom(seed);
            var page = Encoding.UTF8.GetBytes(Page(random));
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                page[random.Next(1, page.Length)] = random.Chance(50) ? page[random.Next(page.Length)] : (byte)random.Next(256);

            foreach (var record in Attempt(page).Where(record => record.Refusal is null))
            {
                read++;

                // Of a text that is not UTF-8 nobody knows what it was; what is charged is compared all the same.
                var raw = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(record.Raw));
                JObject judged;
                try
                {
                    judged = (JObject)JsonDocuments.Read(Encoding.UTF8.GetBytes(raw));
                }
                catch (JsonException problem) when (problem.Message.Contains("not a valid decimal", StringComparison.Ordinal))
                {
                    Assert.True(record.Charge is null, $"seed {seed}: {record.Charge} is no charge that a decimal can hold.");
                    continue;
                }
                catch (JsonException problem)
                {
                    throw new InvalidOperationException($"Seed {seed}: a record was read that is no JSON: {raw}", problem);
                }

                AssertSame(record, judged, $"seed {seed}");
            }
        }

        Assert.True(read > Count, $"Only {read} records were compared.");
    }

    private static List<ReadRecord> Attempt(byte[] page)
    {
        try
        {
            return Graph(page);
        }
        catch (CreditException error) when (error.ErrorId == CreditErrorId.UnknownFormat)
        {
            return [];
        }
    }

    private static void AssertSame(ReadRecord record, JObject judged, string where)
    {
        Assert.True(record.Refusal is null, $"{where}: refused, {record.Refusal}");
        var expected = (
            Text("id"), Number("duration"), Text("callType"), Text("calleeNumber"), Text("userPrincipalName"), Text("destinationName"), Number("charge"));
        if (judged.ToString().Contains('\uFFFD'))
        {
            Assert.True((Number("duration"), Number("charge")) == (record.Duration, record.Charge), $"{where}: {record} instead of {judged}");
            return;
        }

        var actual = (record.RecordId, (decimal?)record.Duration, record.CallType, record.Callee, record.User, record.Destination, record.Charge);
        Assert.True(expected.Equals(actual), $"{where}: {actual} instead of {expected}");

        // Blanks at the ends do not count, an empty text is as if it were not there, and control characters are shown as pictures.
        string? Text(string name) => Value(name)?.Trim() is { Length: > 0 } text
            ? string.Concat(text.Select(c => c is < ' ' and not '\0' ? (char)('\u2400' + c) : c == '\u007F' ? '\u2421' : c))
            : null;

        decimal? Number(string name) => Value(name) is { } text ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

        string? Value(string name) =>
            judged.GetValue(name, StringComparison.OrdinalIgnoreCase) is JValue { Type: not JTokenType.Null } value
                ? value.ToString(CultureInfo.InvariantCulture)
                : null;
    }

    private static string Page(SeededRandom random)
    {
        var records = Enumerable.Range(1, random.Next(1, 6)).Select(id => Record(random, id));
        return $"{{\"@odata.context\":{Quoted(random, Name(random))},\"value\":[{string.Join(random.Pick(Gaps) + ",", records)}],\"@odata.nextLink\":null}}";
    }

    private static readonly string[] Gaps = ["", " ", "\n", "\r\n", "\t"];

    private static string Record(SeededRandom random, int id)
    {
        List<string> properties =
        [
            $"\"id\":\"r{id}\"",
            "\"callType\":\"user_out\"",
            "\"startDateTime\":\"2026-01-01T00:00:00Z\"",
            $"\"duration\":{random.Next(100_000).ToString(CultureInfo.InvariantCulture)}",
            $"\"charge\":{Charge(random)}",
            $"\"userPrincipalName\":{Quoted(random, Name(random))}",
            $"\"destinationName\":{Quoted(random, Name(random))}",
        ];
        if (random.Chance(30))
            properties.Add($"\"unheardOf\":{{\"deep\":[1,{{\"value\":[{Quoted(random, Name(random))},null,true,-1.5e-3]}}]}}");
        random.Shuffle(properties);
        return $"{{{random.Pick(Gaps)}{string.Join($"{random.Pick(Gaps)},{random.Pick(Gaps)}", properties)}{random.Pick(Gaps)}}}";
    }

    private static string Charge(SeededRandom random) => random.Next(4) switch
    {
        0 => "null",
        1 => random.Next(1000).ToString(CultureInfo.InvariantCulture),
        2 => $"{random.Next(1000)}.{random.Next(10)}{random.Next(10)}0",
        _ => $"{random.Next(1000)}.{random.Next(1_000_000):D6}",
    };

    /// <summary>A text that begins and ends with a letter, since blanks at the ends of a field do not count.</summary>
    private static string Name(SeededRandom random) =>
        "x" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.Pick(Letters))) + "y";

    private static string Quoted(SeededRandom random, string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                json.Append('\\').Append(c);
            else if (c > '~' && random.Chance(50) && !char.IsSurrogate(c))
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                json.Append(c);
        }

        return json.Append('"').ToString();
    }
}
