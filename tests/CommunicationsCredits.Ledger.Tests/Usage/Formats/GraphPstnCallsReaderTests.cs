using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Formats;
using Xunit;
using static CommunicationsCredits.Ledger.Tests.Usage.Formats.ReadRecords;

namespace CommunicationsCredits.Ledger.Tests.Usage.Formats;

/// <summary>What Graph getPstnCalls answers (U1), and what is refused of it (U5).</summary>
public sealed class GraphPstnCallsReaderTests
{
    [Theory]
    [InlineData("{\"value\":[1,2]}")]
    [InlineData("{\"@odata.context\":\"x\",\"@odata.count\":2,\"value\":[\n1,\n2\n],\"@odata.nextLink\":null}")]
    [InlineData("[1,2]")]
    [InlineData(" [ 1 , 2 ] ")]
    [InlineData("1\n2\n")]
    [InlineData("1\r\n\r\n2")]
    [InlineData("12")]
    [InlineData("1,2")]
    [InlineData("{\"value\":[1]}\n{\"value\":[2]}")]
    [InlineData("[{\"VALUE\":[1]},{\"value\":[2]}]")]
    [InlineData("{\"value\":[1]}[2]")]
    [InlineData("\u001e1\n\u001e2\n")]
    [InlineData("1\uFEFF2")]
    public void Pages_arrays_and_records_are_read_one_after_another(string shape)
    {
        var records = Graph(Shaped(shape));

        Assert.Equal(["r1", "r2"], records.Select(record => record.RecordId));
        Assert.Equal([1, 2], records.Select(record => record.Duration));
        Assert.All(records, record => Assert.Null(record.Refusal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"@odata.context\":\"x\",\"value\":[]}")]
    public void There_may_be_no_records(string text) => Assert.Empty(Graph(text));

    [Fact]
    public void The_example_of_the_reference_is_read()
    {
        const string text = """
            {
              "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(microsoft.graph.pstnCallLogRow)",
              "value": [
                {
                  "id": "9c4984c7-6c3c-427d-a30c-bd0b2eacee90", "callId": "1835317186_112562680@61.221.3.176",
                  "userPrincipalName": "richard.malk@contoso.com", "startDateTime": "2019-11-01T00:00:08.2589935Z",
                  "duration": 219, "charge": 0.00, "callType": "user_in", "connectionCharge": 0.00,
                  "destinationName": "United States", "calleeNumber": "+1234567890"
                }
              ],
              "@odata.nextLink": "https://graph.microsoft.com/v1.0/communications/callRecords/getPstnCalls?$skip=1000"
            }
            """;
        using var reader = new GraphPstnCallsReader("page.json", new MemoryStream(Encoding.UTF8.GetBytes(text)));

        var record = Assert.Single(All(reader));

        Assert.True(reader.IsIncomplete);
        Assert.Equal((4L, (UInt128)0x9c4984c7_6c3c_427d << 64 | 0xa30c_bd0b2eacee90), (record.Line, record.Key));
        Assert.Equal(
            ("2019-11-01T00:00:08.2589935Z", 219, "user_in", "+1234567890", "richard.malk@contoso.com", 0m),
            (record.StartedAt, record.Duration, record.CallType, record.Callee, record.User, record.Charge));
        Assert.StartsWith("{", record.Raw, StringComparison.Ordinal);
        Assert.EndsWith("}", record.Raw, StringComparison.Ordinal);
    }

    // M1: a number is its decimal text.
    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("0.30000000000000004", "0.3")]
    [InlineData("1e-2", "0.01")]
    [InlineData("\"1.25\"", "1.25")]
    [InlineData("null", null)]
    [InlineData("\"null\"", null)]
    [InlineData("\"None\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("123456789.123456", "123456789.123456")]
    public void A_charge_is_read_as_its_text(string json, string? charge)
    {
        var record = Assert.Single(Graph(Json(1).Replace("0.50", json, StringComparison.Ordinal)));

        Assert.Equal(charge is null ? null : decimal.Parse(charge, CultureInfo.InvariantCulture), record.Charge);
    }

    [Fact]
    public void Property_names_are_read_in_any_case_and_escaped_and_by_the_names_of_the_Teams_export()
    {
        var records = Graph("""
            {"ID":"r1","CALLTYPE":"user_out","startdatetime":"2026-01-01","Duration":"1","\u0063harge":"0.5"}
            {"UsageId":"r2","Call Type":"user_out","Start Time":"2026-01-01","Duration Seconds":2,"UPN":"ann@contoso.com"}
            """);

        Assert.Equal(["r1", "r2"], records.Select(record => record.RecordId));
        Assert.Equal((0.5m, "ann@contoso.com"), (records[0].Charge, records[1].User));
    }

    [Fact]
    public void Escapes_are_resolved_and_objects_within_a_record_are_ignored()
    {
        var record = Assert.Single(Graph(Json(1)[..^1]
            + ""","userDisplayName":"Zo\u00eb \"Z\" \uD83D\uDE00","extra":{"id":"x","a":[{"b":{}}]},"calleeNumber":["+1"]}"""));

        Assert.Equal(("r1", "Zoë \"Z\" 😀", null), (record.RecordId, record.User, record.Callee));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_kept_as_it_stands()
    {
        var record = Assert.Single(Graph(Json(1)[..^1] + ""","userDisplayName":"a\ud800"}"""));

        Assert.Equal((null, "a\\ud800"), (record.Refusal, record.User));
    }

    [Theory]
    [InlineData("{\"value\":[],\"@odata.nextLink\":\"x\"}", true)]
    [InlineData("{\"@odata.nextLink\":\"x\",\"value\":[]}", true)]
    [InlineData("{\"@odata.nextLink\":\"x\",\"value\":[]}{\"value\":[]}", false)]
    [InlineData("{\"value\":[]}{\"@odata.nextLink\":\"x\",\"value\":[]}", true)]
    [InlineData("{\"value\":[],\"more\":{\"@odata.nextLink\":\"x\"}}", false)]
    [InlineData("{\"value\":[],\"@odata.nextLink\":null}", false)]
    [InlineData("{\"value\":[],\"@odata.nextLink\":\"\"}", false)]
    [InlineData("{\"value\":[],\"@odata.deltaLink\":\"x\"}", false)]
    public void A_page_with_a_next_link_is_incomplete(string text, bool expected)
    {
        using var reader = new GraphPstnCallsReader("page.json", new MemoryStream(Encoding.UTF8.GetBytes(text)));

        Assert.Empty(All(reader));

        Assert.Equal(expected, reader.IsIncomplete);
    }

    [Fact]
    public void What_is_no_object_is_refused()
    {
        var records = Graph($"[{Json(1)},3,\"x\",null,[4,[5]],true,{Json(2)}]");

        Assert.Equal(["r1", null, null, null, null, null, "r2"], records.Select(record => record.RecordId));
        Assert.Equal(["3", "\"x\"", "null", "[4,[5]]", "true"], records.Skip(1).Take(5).Select(record => record.Raw));
        Assert.Contains("not an object", records[1].Refusal, StringComparison.Ordinal);
        Assert.Contains($"byte {Json(1).Length + 2}.", records[1].Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Wherever_a_file_ends_early_what_came_before_is_kept_and_the_end_is_refused()
    {
        var whole = $"{{\"value\":[\n{Json(1)},\n{Json(2)}\n],\"@odata.nextLink\":null}}";
        for (var length = 1; length < whole.Length; length++)
        {
            var records = Graph(whole[..length]);

            var cut = Assert.Single(records, record => record.Refusal is not null);
            Assert.Same(cut, records[^1]);
            Assert.StartsWith("the file ends", cut.Refusal, StringComparison.Ordinal);
            Assert.EndsWith($"at byte {length}. Get it again.", cut.Refusal, StringComparison.Ordinal);
            Assert.Equal(whole[..length].Split("0.50}").Length - 1, records.Count - 1);
        }
    }

    [Fact]
    public void A_record_that_is_cut_says_where_it_starts()
    {
        var records = Graph($"{Json(1)}\n{Json(2)[..20]}");

        Assert.Equal((2L, Json(2)[..20], null), (records[1].Line, records[1].Raw, records[1].RefusedField));
        Assert.Contains("in the middle of a record, on line 2,", records[1].Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\":tru}")]
    [InlineData("{\"id\":\"x\",\"name\":\"open}")]
    [InlineData("{\"id\":\"a\"b\",\"charge\":1}")]
    [InlineData("{\"id\" \"x\"}")]
    [InlineData("{\"id\":\"x\"")]
    [InlineData("{\"id\":[1,{\"x\":2]}")]
    [InlineData("garbage")]
    [InlineData("\0\0")]
    public void What_is_no_JSON_is_refused_and_the_next_record_is_read(string garbage)
    {
        string[] shapes = ["1\nG\n2", "[1,G,2]", "{\"value\":[1,G,2]}", "{\"value\":[\n 1,\n G,\n 2\n]}", "[1,G,\n2]"];
        foreach (var shape in shapes)
        {
            var records = Graph(Shaped(shape).Replace("G", garbage, StringComparison.Ordinal));

            Assert.Equal(["r1", null, "r2"], records.Select(record => record.RecordId));
            Assert.Contains(", at byte ", records[1].Refusal, StringComparison.Ordinal);
            Assert.Equal(garbage, records[1].Raw);
        }
    }

    [Fact]
    public void Garbage_after_the_records_of_a_page_does_not_cost_the_next_page()
    {
        var records = Graph($"{{\"value\":[{Json(1)}],x}}\n{{\"value\":[{Json(2)}],\"y\":\u0001}}\n{Json(3)}");

        Assert.Equal(["r1", null, "r2", null, "r3"], records.Select(record => record.RecordId));
    }

    [Fact]
    public void A_position_of_damage_is_the_byte_in_the_file()
    {
        var text = $"{Json(1)}\n{{\"id\":\n  oops}}\n{Json(2)}";

        var refused = Graph(text)[1];

        Assert.Equal(2, refused.Line);
        Assert.Equal(
            $"it is not valid JSON, on line 3, at byte {text.IndexOf("oops", StringComparison.Ordinal)}.", refused.Refusal);
    }

    [Fact]
    public void A_record_longer_than_1_MB_is_refused()
    {
        var huge = Json(2)[..^1] + $",\"x\":\"{new string('x', 1_100_000)}\"}}";

        var records = Graph($"[{Json(1)},{huge},{Json(3)}]");

        Assert.Equal(["r1", null, "r3"], records.Select(record => record.RecordId));
        Assert.Contains("1,048,576 bytes", records[1].Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("{\"a\":")]
    [InlineData("[{\"a\":[")]
    [InlineData("{\"value\":[")]
    [InlineData("]")]
    [InlineData("}")]
    public void Nesting_of_any_depth_neither_crashes_nor_hangs(string opening)
    {
        var text = new StringBuilder(Json(1)).Append('\n').Insert(Json(1).Length, opening, 20_000).ToString();

        var records = Graph(text);

        Assert.Equal("r1", records[0].RecordId);
    }

    [Theory]
    [InlineData("{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}", "an error that Graph answered")]
    [InlineData("{\"name\":\"x\",\"version\":1}", "'name', 'version'")]
    [InlineData("{}", "its object is empty")]
    [InlineData("{\"value\":\"x\"}", "'value'")]
    public void Another_object_is_no_usage(string text, string reason)
    {
        var error = Assert.Throws<CreditException>(() => Graph(text));

        Assert.Equal(CreditErrorId.UnknownFormat, error.ErrorId);
        Assert.StartsWith("calls.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Rule", "U5")]
    [InlineData("{}")]
    [InlineData("{}\"id\":\"r0\"}")]
    public void A_first_record_that_lost_its_properties_is_refused_alone(string first)
    {
        for (var chunk = 1; chunk < 8; chunk++)
        {
            var records = Graph($"{first}\n{Json(1)}\n{Json(2)}", chunk);

            Assert.Equal("id", records[0].RefusedField);
            Assert.Equal(["r1", "r2"], records.Where(record => record.Refusal is null).Select(record => record.RecordId));
        }
    }

    [Fact]
    public void Another_object_that_is_larger_than_any_record_is_no_usage()
    {
        var text = "{\"data\":[" + string.Join(',', Enumerable.Repeat(Json(1), 12_000)) + "]}";

        Assert.Equal(CreditErrorId.UnknownFormat, Assert.Throws<CreditException>(() => Graph(text)).ErrorId);
    }

    [Fact]
    public void Another_object_among_records_is_refused()
    {
        var records = Graph($"{Json(1)}\n{{\"x\":1}}\n{Json(2)}");

        Assert.Equal(("id", "{\"x\":1}"), (records[1].RefusedField, records[1].Raw));
        Assert.Equal("r2", records[2].RecordId);
    }

    [Fact]
    public void Wherever_the_text_is_split_the_records_are_the_same()
    {
        var text = $"{{\"@odata.context\":\"x\",\"value\":[\r\n{Json(1)} ,{{\"id\":tru}},{Json(2)},\uFEFF5,\n"
            + $"{Json(3)[..^1]},\"userDisplayName\":\"a\\\"\\u00e4\"}}],\"@odata.nextLink\":\"x\",\"n\":[1,{{}}]}}\n"
            + $"{{\"id\":\"r9\" \"x\"}}\n[{Json(4)}]{Json(5)} {Json(6)[..30]}";
        var expected = Graph(text);
        Assert.Equal(5, expected.Count(record => record.Refusal is null));

        for (var chunk = 1; chunk < text.Length + 2; chunk++)
            Assert.Equal(expected, Graph(text, chunk));
    }

    [Fact]
    public void More_records_than_a_batch_holds_come_in_several()
    {
        const int count = (2 * UsageBatch.Capacity) + 100;

        var records = Graph("[" + string.Join(',', Enumerable.Range(1, count).Select(Json)) + "]");

        Assert.Equal(Enumerable.Range(1, count), records.Select(record => record.Duration));
    }

    [Fact]
    public void Damage_that_goes_on_for_long_costs_one_record()
    {
        var records = Graph($"{Json(1)}\n{{\"id\":!{new string('!', 500_000)}\n{Json(2)}");

        Assert.Equal(["r1", null, "r2"], records.Select(record => record.RecordId));
        Assert.Equal(3, records[2].Line);
    }

    [Fact]
    public void Reading_is_the_same_in_every_culture()
    {
        var text = $"{Json(1)}\n{{\"ID\":\"r2\",\"duration\":1.5}}\n3\n{{";
        var expected = Graph(text);
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in new[] { "de-DE", "tr-TR", "ar-SA", "fa-IR" })
            {
                CultureInfo.CurrentCulture = new(culture);
                Assert.Equal(expected, Graph(text));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Puts good records in the place of the digits.</summary>
    private static string Shaped(string shape) => shape
        .Replace("1", "\u0001", StringComparison.Ordinal)
        .Replace("2", Json(2), StringComparison.Ordinal)
        .Replace("\u0001", Json(1), StringComparison.Ordinal);
}
