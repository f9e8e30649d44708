using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Formats;
using Xunit;
using static CommunicationsCredits.Ledger.Tests.Usage.Formats.ReadRecords;

namespace CommunicationsCredits.Ledger.Tests.Usage.Formats;

/// <summary>The Teams admin centre's export (U1), and what is refused of it (U5).</summary>
public sealed class UsageCsvReaderTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Records_are_read_in_order_with_any_line_end(string end)
    {
        var records = Csv(Header + end + Row(1) + end + Row(2) + end);

        Assert.Equal(["r1", "r2"], records.Select(record => record.RecordId));
        Assert.Equal([2L, 3L], records.Select(record => record.Line));
        Assert.All(records, record => Assert.Null(record.Refusal));
        var first = records[0];
        Assert.Equal(
            ("2026-01-01T00:00:00Z", 1, "user_out", "+12065550100", "Ann", "US", 0.5m),
            (first.StartedAt, first.Duration, first.CallType, first.Callee, first.User, first.Destination, first.Charge));
    }

    [Fact]
    public void Mixed_line_ends_and_a_last_line_without_one_are_read()
    {
        var records = Csv($"{Header}\r\n{Row(1)}\n{Row(2)}\r\n{Row(3)}");

        Assert.Equal(["r1", "r2", "r3"], records.Select(record => record.RecordId));
        Assert.Equal(Row(3), records[2].Raw);
    }

    [Fact]
    public void Blank_lines_are_passed_over_and_counted()
    {
        var records = Csv($"\n{Header}\n\n \t\n{Row(1)}\n\n");

        Assert.Equal(5, Assert.Single(records).Line);
    }

    [Fact]
    public void A_header_alone_is_an_export_of_no_calls() => Assert.Empty(Csv(Header));

    [Fact]
    public void Quoted_fields_hold_commas_quotes_and_lines_and_the_raw_record_stays_as_it_was()
    {
        var row = Row(1, "\"Ann \"\"A\"\", \r\nB\"");

        var records = Csv($"{Header}\n{row}\n{Row(2)}");

        Assert.Equal("Ann \"A\", ␍␊B", records[0].User);
        Assert.Equal(row, records[0].Raw);
        Assert.Equal(("r2", 4L), (records[1].RecordId, records[1].Line));
    }

    [Fact]
    public void Every_column_may_be_quoted()
    {
        static string Quoted(string line) => string.Join(',', line.Split(',').Select(column => $"\"{column}\""));

        var records = Csv($"{Quoted(Header)}\n{Quoted(Row(1))}\n");

        Assert.Equal("r1", Assert.Single(records).RecordId);
    }

    [Fact]
    public void A_quote_within_a_field_is_a_character()
    {
        Assert.Equal("5\" pipe", Assert.Single(Csv($"{Header}\n{Row(1, "5\" pipe")}")).User);
    }

    [Fact]
    public void A_quote_that_is_never_closed_costs_one_line()
    {
        var records = Csv($"{Header}\n{Row(1, "\"Ann")}\n{Row(2)}\n{Row(3)}");

        Assert.Equal([null, "r2", "r3"], records.Select(record => record.RecordId));
        Assert.Equal([2L, 3L, 4L], records.Select(record => record.Line));
        Assert.Equal(Row(1, "\"Ann"), records[0].Raw);
        Assert.Contains("quote", records[0].Refusal, StringComparison.Ordinal);
        Assert.Null(records[0].RefusedField);
    }

    [Fact]
    public void A_lost_quote_costs_one_line_where_another_quote_follows()
    {
        var records = Csv($"{Header}\n{Row(1, "\"Ann")}\n{Row(2, "\"Bob\"")}\n{Row(3)}");

        Assert.Equal([null, "r2", "r3"], records.Select(record => record.RecordId));
    }

    [Fact]
    public void Two_lost_quotes_in_one_column_never_make_one_record_of_two()
    {
        var records = Csv($"{Header}\n{Row(1, "\"Ann")}\n{Row(2, "Bob\"")}\n{Row(3)}");

        Assert.Equal([null, "r2", "r3"], records.Select(record => record.RecordId));
        Assert.Equal("Bob\"", records[1].User);
    }

    [Fact]
    public void A_lost_quote_costs_one_line_of_a_file_of_any_size()
    {
        var text = new StringBuilder($"{Header}\n{Row(0, "\"Ann")}\n");
        for (var id = 1; id <= 2000; id++)
            text.Append(Row(id)).Append('\n');

        var records = Csv(text.ToString());

        Assert.Equal(2001, records.Count);
        Assert.Single(records, record => record.Refusal is not null);
    }

    [Fact]
    public void A_line_longer_than_64_KB_is_refused_and_the_next_is_read()
    {
        var most = CsvRecordSplitter.MaximumLength - Row(1, string.Empty).Length;
        var records = Csv(
            $"{Header}\n{Row(1, new('x', most))}\n{Row(2, new('x', most + 1))}\n{Row(3)}\n{Row(4, new('x', 300_000))}\n{Row(5)}");

        Assert.Equal(["r1", null, "r3", null, "r5"], records.Select(record => record.RecordId));
        Assert.Equal([2L, 3L, 4L, 5L, 6L], records.Select(record => record.Line));
        Assert.Contains("65,536 bytes", records[1].Refusal, StringComparison.Ordinal);
        Assert.Equal(256, records[0].User!.Length);
    }

    [Fact]
    public void A_wrong_number_of_columns_is_refused_with_both_numbers()
    {
        var short17 = string.Join(',', Row(2).Split(',').Take(17));
        var records = Csv($"{Header}\n{Row(1)},x\n{short17}\nx\n{Row(3)}");

        Assert.Equal(
            [
                "it has 21 columns, and the header has 20. A text with a comma in it needs quotes, and amounts have a point.",
                "it has 17 columns, and the header has 20.", "it has 1 column, and the header has 20.", null,
            ],
            records.Select(record => record.Refusal));
    }

    [Fact]
    public void A_field_that_cannot_be_read_is_refused_by_its_name()
    {
        var row = Row(1).Replace("2026-01-01T00:00:00Z", "03/04/2026", StringComparison.Ordinal);

        var record = Assert.Single(Csv($"{Header}\n{row}"));

        Assert.Equal("Start Time", record.RefusedField);
        Assert.Contains("'03/04/2026'", record.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r1", "r\01", "UsageId")]
    [InlineData("user_out", "user\0out", "Call Type")]
    [InlineData("2026", "20\06", "Start Time")]
    public void A_NUL_in_a_field_that_matters_is_refused(string from, string to, string field)
    {
        var record = Assert.Single(Csv($"{Header}\n{Row(1).Replace(from, to, StringComparison.Ordinal)}"));

        Assert.Equal(field, record.RefusedField);
    }

    [Fact]
    public void A_file_that_goes_on_in_NULs_keeps_what_came_before()
    {
        var records = Csv($"{Header}\n{Row(1)}\n{new string('\0', 1_000_000)}");

        Assert.Equal("r1", records[0].RecordId);
        Assert.NotNull(Assert.Single(records.Skip(1)).Refusal);
    }

    [Fact]
    public void Text_that_is_no_UTF_8_and_too_long_is_cut()
    {
        var text = Encoding.Latin1.GetBytes($"{Header}\n{Row(1, new('\x80', 1000))}");

        Assert.Null(Assert.Single(Csv(text)).Refusal);
    }

    [Fact]
    public void A_charge_beyond_any_account_is_not_used()
    {
        var huge = new string('9', 28);

        var record = Assert.Single(Csv($"{Header}\n{Row(1).Replace(",,0.50", $",{huge},{huge}", StringComparison.Ordinal)}"));

        Assert.Null(record.Charge);
    }

    [Fact]
    public void Columns_may_be_in_any_order_and_case_and_more_of_them_are_ignored()
    {
        var names = Enumerable.Reverse(Header.Split(',')).Select(name => $" {name.ToUpperInvariant()} ")
            .Prepend("Extra").Append(string.Empty);
        var row = Enumerable.Reverse(Row(1).Split(',')).Prepend("\"ex\"\"tra\"").Append("x");

        var record = Assert.Single(Csv($"{string.Join(',', names)}\n{string.Join(',', row)}"));

        Assert.Equal(("r1", "Ann", 0.5m), (record.RecordId, record.User, record.Charge));
    }

    [Theory]
    [InlineData("Duration Seconds,", "", "'Duration Seconds' is missing.")]
    [InlineData("Duration Seconds", "How long", "'Duration Seconds' is missing, and 'How long' is not known.")]
    [InlineData("UsageId,Call ID,Conference ID,User Location,AAD ObjectId,UPN,User Display Name,Caller ID,Call Type", "Type",
        "'UsageId', 'Call Type' are missing, and 'Type' is not known")]
    [InlineData("Charge,", "Charge,charge,", "'charge' is there more than once.")]
    [InlineData("Charge,", "Charge,call_charge,", "'Charge' and 'call_charge' say the same thing")]
    [InlineData("Start Time", "Start Time,startDateTime", "'Start Time' and 'startDateTime' say the same thing")]
    [InlineData(",", "|", "separated by bars")]
    public void A_header_that_is_not_whole_is_named(string from, string to, string reason)
    {
        var error = Assert.Throws<CreditException>(() => Csv(Header.Replace(from, to, StringComparison.Ordinal)));

        Assert.Equal(CreditErrorId.UnknownFormat, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Destination Name,Destination Type,Country,Prefix,Price / min", "Import-CreditRate")]
    [InlineData("a,b,c", "none of the columns")]
    [InlineData("\"a", "quote")]
    public void Another_header_is_no_export(string header, string reason)
    {
        var error = Assert.Throws<CreditException>(() => Csv(header + "\n1,2,3"));

        Assert.Equal(CreditErrorId.UnknownFormat, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_header_goes_with_the_batch_for_the_quarantine_file()
    {
        var text = Encoding.UTF8.GetBytes($"{Header}\r\n{Row(1)}");
        var header = UsageCsvHeader.Read("calls.csv", text);
        using var reader = new UsageCsvReader(header, new MemoryStream(text[header.Length..]));
        var batch = new UsageBatch();

        Assert.True(reader.Read(batch));

        Assert.Equal(Header, Encoding.UTF8.GetString(batch.Header!));
        Assert.Equal(UsageFormat.TeamsPstnCsv, batch.Format);
        Assert.Equal(text.Length, batch.SourcePosition);
    }

    [Fact]
    public void More_records_than_a_batch_holds_come_in_several()
    {
        const int count = (2 * UsageBatch.Capacity) + 100;
        var text = new StringBuilder(Header);
        for (var id = 1; id <= count; id++)
            text.Append('\n').Append(Row(id));

        var records = Csv(text.ToString());

        Assert.Equal(Enumerable.Range(1, count), records.Select(record => record.Duration));
        Assert.Equal(count + 1, records[^1].Line);
    }

    [Fact]
    public void Wherever_the_text_is_split_the_records_are_the_same()
    {
        var text = $"{Header}\r\n{Row(1, "\"A \"\"x\"\"\r\n,B\"")}\r\n\r\n{Row(2)}\rx,y\n"
            + $"{Row(3, "\"open")}\n{Row(4, "\"a\"b")}\r\n"
            + $"{Row(5, "\"\"")}\n{Row(7)}\r\n{Row(8, "\"end\"")}\r";
        var expected = Csv(text);
        Assert.Equal(5, expected.Count(record => record.Refusal is null));

        for (var chunk = 1; chunk <= text.Length; chunk++)
            Assert.Equal(expected, Csv(text, chunk));
    }

    [Theory]
    [InlineData("z")]
    [InlineData("\"z")]
    [InlineData("\"\"\"z")]
    public void Wherever_a_line_that_is_too_long_is_split_the_records_are_the_same(string name)
    {
        var text = $"{Header}\n{Row(1)}\n{Row(2, name + new string('z', 140_000))}\r\n{Row(3)}\n{Row(4, "\"B\"")}";
        var expected = Csv(text);
        Assert.Equal(["r1", null, "r3", "r4"], expected.Select(record => record.RecordId));

        for (var chunk = 1000; chunk < 140_000; chunk += 6007)
            Assert.Equal(expected, Csv(text, chunk));
    }

    [Fact]
    public void Reading_is_the_same_in_every_culture()
    {
        var text = $"{Header}\n{Row(1)}\n{Row(2)},x\n{Row(3, "\"open")}";
        var expected = Csv(text);
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in new[] { "de-DE", "tr-TR", "ar-SA", "fa-IR" })
            {
                CultureInfo.CurrentCulture = new(culture);
                Assert.Equal(expected, Csv(text));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
