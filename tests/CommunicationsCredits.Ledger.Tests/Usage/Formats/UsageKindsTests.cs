using System.IO.Compression;
using System.Text;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Formats;
using CommunicationsCredits.Ledger.Usage.Import;
using static CommunicationsCredits.Ledger.Tests.Usage.Formats.ReadRecords;

namespace CommunicationsCredits.Ledger.Tests.Usage.Formats;

/// <summary>Exports as they come, from every tool and every version (U1): each kind is read, or named for what it is.</summary>
public sealed class UsageKindsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Spellings =>
    [
        "UsageId,Start Time,Duration Seconds,Call Type,Destination Number,Charge,Capability,Domestic/International",
        "id,startDateTime,duration,callType,calleeNumber,charge,licenseCapability,destinationContext",
        "Id,StartDateTime,Duration,CallType,CalleeNumber,Charge,LicenseCapability,DestinationContext",
        "id,start_date_time,duration,call_type,callee_number,charge,license_capability,destination_context",
        "Usage ID,Start Time (UTC),Duration (Seconds),Call type,Destination Number,Charge,Capability,DomesticInternational",
        "usage_id,START TIME,duration-seconds,call type,destination number,charge,capability,Domestic / International",
    ];

    [Theory, MemberData(nameof(Spellings))]
    public void The_names_of_every_tool_are_one_record(string header)
    {
        foreach (var separator in (string[])[",", ";", "\t"])
        {
            var text = $"{header}\nr1,2026-01-01T00:00:00Z,60,user_out,+442079460000,0.05,MCOPSTNPP,International\n".Replace(",", separator, StringComparison.Ordinal);

            var (records, warning) = Read(text);

            var record = Assert.Single(records);
            Assert.Equal((null, "r1", 60, "user_out", "+442079460000", 0.05m),
                (record.Refusal, record.RecordId, record.Duration, record.CallType, record.Callee, record.Charge));
            Assert.Null(warning);
        }
    }

    [Theory, MemberData(nameof(Spellings))]
    public void The_same_names_are_those_of_JSON_and_of_objects(string header)
    {
        string[] values = ["r1", "2026-01-01T00:00:00Z", "60", "user_out", "+442079460000", "0.05", "MCOPSTNPP", "International"];
        var properties = header.Split(',').Zip(values).ToList();
        var (records, warning) = Read("{" + string.Join(',', properties.Select(pair => $"\"{pair.First}\":\"{pair.Second}\"")) + "}");
        Assert.Equal(("r1", 60, "+442079460000", 0.05m), (records[0].RecordId, records[0].Duration, records[0].Callee, records[0].Charge));
        Assert.Null(warning);

        using var ledger = new TestLedger();
        var observer = new RecordingObserver();
        using var import = ledger.Session.Usage.ImportObjects(TestLedger.Contoso, new(), observer);
        import.Begin();
        foreach (var (name, value) in properties)
            import.Set(name, value);
        import.End();
        Assert.Equal((1, 0.05m), (import.Complete().Imported, ledger.Record("r1").Charge));
        Assert.Empty(observer.Warnings);
    }

    [Fact]
    public void Every_field_of_todays_export_reaches_the_record()
    {
        const string header = "UsageId,Call ID,Conference ID,User Location,Microsoft Entra ObjectId,UPN,User Display Name,Caller ID,Call Type,"
            + "Number Type,Domestic/International,Destination Dialed,Destination Number,Start Time,End Time,Duration Seconds,Connection Fee,Charge,"
            + "Currency,Capability,External Country,Operator,Administrative Units";
        const string row = "r1,c,,US,o,ann@x,Ann,+14255550100,user_out,Subscriber,International,United Kingdom,+442079460000,2026-01-01T00:00:00Z,,"
            + "60,,0.05,USD,MCOPSTNPP,GB,Microsoft,\"Sales; West\"";
        const string json = """
            {"id":"r1","callType":"user_out","startDateTime":"2026-01-01T00:00:00Z","duration":60,"usageCountryCode":"US","otherPartyCountryCode":"GB",
            "operator":"Microsoft","inventoryType":"Subscriber","administrativeUnitInfos":[{"id":"1","displayName":"Sales"},{"id":"West"}],
            "destinationName":"United Kingdom"}
            """;
        foreach (var text in (string[])[$"{header}\n{row}\n", json])
        {
            using var reader = UsageSource.Open(_folder.Write("calls", text), UsageFormat.Auto);
            var batch = new UsageBatch();
            Assert.True(reader.Read(batch));
            var call = batch.Calls[0];
            Assert.Equal(
                ("US", "GB", "Microsoft", "Subscriber", "Sales; West", "United Kingdom"),
                (batch.String(call.UsageCountry), batch.String(call.OtherCountry), batch.String(call.Operator), batch.String(call.NumberType),
                    batch.String(call.AdministrativeUnits), batch.String(call.Destination)));
        }
    }

    [Fact]
    public void What_tools_write_around_the_records_is_passed_over()
    {
        var (records, _) = Read(
            $"\uFEFFsep=,\n#TYPE System.Data.DataRow\n,,,\n{Header}\n{Row(1)}\n,,,,,,,,,,,,,,,,,,,\n\"\",\"\",\"\"\n{Header}\n#TYPE x\nsep=,\n{Row(2)}\n"
            + string.Join(',', Header.Split(',').Select(name => $"\"{name}\"")) + $"\n{Row(3)}\n");

        Assert.Equal(["r1", "r2", "r3"], records.Select(record => record.RecordId));
        Assert.All(records, record => Assert.Null(record.Refusal));
    }

    [Fact]
    public void A_header_in_another_order_within_the_file_refuses_what_follows()
    {
        var names = Header.Split(',');
        (names[16], names[17], names[13], names[14]) = (names[17], names[16], names[14], names[13]);

        var (records, _) = Read($"{Header}\n{Row(1)}\n{string.Join(',', names)}\n{Row(2)}\n");

        Assert.Equal([null, true, true], records.Select(record => record.Refusal?.Contains("another header", StringComparison.Ordinal)));
    }

    [Fact]
    public void Trailing_cells_may_be_missing_where_they_decide_nothing()
    {
        const string header = "UsageId,Start Time,Duration Seconds,Call Type,Destination Number,Charge,Connection Fee,Currency,Capability,UPN";
        const string whole = "r1,2026-01-01T00:00:00Z,60,user_out,+442079460000,0.05,0,USD,MCOPSTNPP,ann@x";
        var cells = whole.Split(',');
        for (var count = 1; count <= cells.Length; count++)
        {
            var line = string.Join(',', cells.Take(count));

            Assert.Equal(count >= 8, Assert.Single(Read($"{header}\n{line}\n").Records).Refusal is null);

            // Without a line end a short line is one that was cut off.
            Assert.Equal(count == cells.Length, Assert.Single(Read($"{header}\n{line}").Records).Refusal is null);
        }
    }

    [Fact]
    public void Windows_1252_is_read_field_by_field_and_counted()
    {
        var text = Encoding.Latin1.GetBytes($"{Header}\n{Row(1, "J\xF6rg")}\n{Row(2, "Ann")}\n").Concat(Encoding.UTF8.GetBytes(Row(3, "Zoë") + "\n")).ToArray();
        using var reader = UsageSource.Open(_folder.Write("calls.csv", text), UsageFormat.Auto);

        var records = All(reader);

        Assert.Equal(["Jörg", "Ann", "Zoë"], records.Select(record => record.User));
        Assert.Equal("calls.csv: 1 field(s) were not UTF-8 and were read as Windows-1252.", reader.Warning("calls.csv"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UTF_16_is_read_without_its_mark_too(bool isBigEndian)
    {
        var encoding = new UnicodeEncoding(isBigEndian, byteOrderMark: false);
        using var reader = UsageSource.Open(_folder.Write("calls.csv", encoding.GetBytes($"{Header}\n{Row(1, "Zoë")}\n")), UsageFormat.Auto);

        Assert.Equal("Zoë", Assert.Single(All(reader)).User);
    }

    [Theory]
    [InlineData("2026-03-10 09:00:00.0000000 +00:00", "2026-03-10T09:00:00Z")]
    [InlineData("2026-03-10 10:00:00 +01:00", "2026-03-10T09:00:00Z")]
    [InlineData("2026-03-10 09:00:00Z", "2026-03-10T09:00:00Z")]
    [InlineData("/Date(1773133200000)/", "2026-03-10T09:00:00Z")]
    [InlineData("/Date(1773133200000+0100)/", "2026-03-10T09:00:00Z")]
    [InlineData("3/10/2026 9:00:00 AM", null)]
    [InlineData("13/03/2026", null)]
    [InlineData("10.03.2026 09:00", null)]
    [InlineData("46091.375", null)]
    [InlineData("0001-01-01T00:00:00Z", null)]
    [InlineData("1970-01-01T00:00:00Z", null)]
    [InlineData("1999-12-31T23:59:59Z", null)]
    public void Dates_are_read_where_their_form_is_unambiguous(string text, string? expected)
    {
        var (records, _) = Read($"{Header}\n{Row(1).Replace("2026-01-01T00:00:00Z", text, StringComparison.Ordinal)}\n");

        var record = Assert.Single(records);
        if (expected is null)
            Assert.Equal("Start Time", record.RefusedField);
        else
            Assert.Equal((null, expected), (record.Refusal, record.StartedAt));
    }

    [Theory]
    [InlineData("0,05", "a decimal comma")]
    [InlineData("1.234,50", "a decimal comma")]
    [InlineData("1,234.50", "its thousands set apart")]
    [InlineData("-1", "negative")]
    [InlineData("x", "not an amount")]
    public void A_charge_that_cannot_be_used_says_why(string charge, string reason)
    {
        using var ledger = new TestLedger();

        var import = ledger.Import(Call.Header.Replace(',', ';') + "\n" + (new Call { Id = "a", Charge = charge }).ToCsv().Replace(charge, "§", StringComparison.Ordinal).Replace(',', ';').Replace("§", charge, StringComparison.Ordinal) + "\n");

        Assert.Contains(reason, Assert.Single(import.Rejections).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CorrelationId,AAD ObjectId,UPN,Display Name,User country,Invite time,Start time,Failure time,End time,Duration (seconds),Success,Caller Number,Callee Number,Call type", "the Direct Routing export")]
    [InlineData("Time stamp (UTC),Display name,Username,Phone number,Call type,Called to,To country or region,Called from,Charge,Currency,Duration", "a copy of the table")]
    [InlineData("Country,Capability,Total Minutes,Minutes Used,Minutes Available", "the report of minute pools")]
    [InlineData("userPrincipalName,totalCalls,totalCallSeconds,totalCallCharge,currency", "the report of conference dial-out")]
    [InlineData("id,smsId,sentDateTime,smsUnits,callCharge,currency", "an SMS log")]
    [InlineData("RecordId,TenantId,ImportId,StartedAt,Duration,CallType,BilledSeconds,PooledSeconds", "a list of this ledger's own calls")]
    [InlineData("Destination Name,Country,Prefix,Price / min", "a rate list")]
    public void Another_report_is_named(string header, string name)
    {
        foreach (var text in (string[])[$"{header}\n1,2,3\n", $"[{{{string.Join(',', header.Split(',').Select(column => $"\"{column}\":\"x\""))}}}]"])
        {
            var message = Refuses.With(CreditErrorId.UnknownFormat, () => Read(text)).Message;
            Assert.Contains(name, message, StringComparison.Ordinal);
        }

        Assert.Contains(name, UsageObjectImport.Describe(header.Split(',')), StringComparison.Ordinal);
    }

    [Fact]
    public void The_answer_of_a_batch_is_its_pages_and_what_failed_is_refused()
    {
        var (records, _) = Read(
            "{\"responses\":[{\"id\":\"1\",\"status\":200,\"headers\":{\"a\":\"b\"},\"body\":{\"value\":[" + Json(1) + "," + Json(2)
            + "],\"@odata.nextLink\":null}},{\"id\":\"2\",\"status\":429,\"body\":{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"x\"}}},"
            + "{\"body\":{\"value\":[" + Json(3) + "]},\"id\":\"3\",\"status\":200}]}");

        Assert.Equal(["r1", "r2", null, "r3"], records.Select(record => record.RecordId));
        Assert.Contains("(TooManyRequests): its calls are missing", records[2].Refusal, StringComparison.Ordinal);
        Assert.Equal(3, records.Count(record => record.Refusal is null));
    }

    [Fact]
    public void One_warning_says_what_is_missing_and_what_is_not_known()
    {
        const string expected = "x: it has no column 'Charge', 'Capability', 'Domestic/International', so what is billed may differ; the columns "
            + "'Report Period', 'Refreshed' are not known and were not read.";

        Assert.Equal(
            expected,
            Read("Report Period,UsageId,Start Time,Duration Seconds,Call Type,Destination Number,Refreshed\n28,r1,2026-01-01T00:00:00Z,1,user_in,1,x\n").Warning);
        Assert.Contains("the property 'extra' is not known", Read(Json(1)[..^1] + ",\"extra\":1,\"@odata.x\":1}").Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_descriptions_in_a_header_the_first_counts()
    {
        var (records, warning) = Read($"{Header},Username,Usage Country\n{Row(1)},bob,GB\n");

        Assert.Equal(("r1", "Ann"), (Assert.Single(records).RecordId, records[0].User));
        Assert.Contains("'Username', 'Usage Country' are not known", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_values_of_one_billed_field_are_no_record()
    {
        var (records, _) = Read($"[{Json(1)[..^1]},\"Charge\":0.60}},{Json(2)[..^1]},\"userDisplayName\":\"A\",\"User Display Name\":\"B\"}}]");

        Assert.Equal("charge", records[0].RefusedField);
        Assert.Null(records[1].Refusal);
    }

    [Theory]
    [InlineData("""{"from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00Z","capabilities":[]}""", true)]
    [InlineData("""{"StartTime":"2026-01-01","EndTime":"2026-02-01"}""", true)]
    [InlineData("""{"parameters":{"dateRange":{"startDateTime":"2026-01-01","endDateTime":"2026-02-01"}}}""", true)]
    [InlineData("""{"from":"2026-02-01","to":"2026-01-01"}""", false)]
    [InlineData("""{"from":"2026-01-01"}""", false)]
    [InlineData("not JSON", false)]
    public void The_zip_says_the_period_it_covers(string parameters, bool isKnown)
    {
        using var reader = UsageSource.Open(
            Zip(("parameters.json", parameters), ("Export.callingplans.1.csv", $"{Header}\n{Row(1)}\n"), ("page.json", $"{{\"value\":[{Json(2)}]}}"),
                ("DirectRouting.calls.csv", "CorrelationId,Invite Time,Call type\n"), ("other.csv", "a,b\n")),
            UsageFormat.Auto);

        Assert.Equal(["r1", "r2"], All(reader).Select(record => record.RecordId));
        Assert.Equal(isKnown ? "2026-01-01T00:00:00Z 2026-02-01T00:00:00Z" : null, reader.Period is { } period ? $"{period.From} {period.To}" : null);
        Assert.Contains("'other.csv' in it was not read", reader.Warning("x.zip"), StringComparison.Ordinal);
        Assert.DoesNotContain("DirectRouting", reader.Warning("x.zip"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_says_the_period_it_is_of()
    {
        using var reader = UsageSource.Open(
            _folder.Write("page.json", $"{{\"value\":[{Json(1)}],\"@odata.nextLink\":\"https://x/getPstnCalls(from=2026-01-01,to=2026-02-01)?$skip=1\"}}"), UsageFormat.Auto);
        All(reader);

        Assert.Equal("2026-02-01T00:00:00Z", reader.Period!.Value.To.ToString());
    }

    [Fact]
    public void Control_characters_become_pictures_and_text_is_never_turned_around()
    {
        var json = Json(1)[..^1] + ""","userDisplayName":"u\u001b[2J\u202e\u009bx","calleeNumber":"\u202a+12065550100"}""";

        var record = Assert.Single(Read(json).Records);

        Assert.Equal(("u␛[2J�x", "+12065550100"), (record.User, record.Callee));
        Assert.Equal("a␛[2Jb", Assert.Single(Read($"{Header}\n{Row(1, "a\e[2Jb")}\n").Records).User);
    }

    [Fact]
    public void Text_is_imported_as_its_file_is()
    {
        using var ledger = new TestLedger();
        var observer = new RecordingObserver();
        var text = new MemoryStream(Encoding.UTF8.GetBytes(Call.Csv([Call.Paid("a", "2026-03-01T00:00:00Z", 1m)])));

        var import = ledger.Session.Usage.ImportText(TestLedger.Contoso, "(text)", text, new(), observer, default);

        Assert.Equal(("(text)", 1, 1m), (import.Source, import.Imported, import.Charged));
    }

    [Theory]
    [InlineData("2026-03-16T11:59:59Z", true)]
    [InlineData("2026-03-16T12:00:01Z", false)]
    [InlineData("9999-12-31T23:59:59.9999999Z", false)]
    public void A_call_that_starts_more_than_a_day_from_now_is_refused(string start, bool isTaken)
    {
        using var ledger = new TestLedger("2026-03-15T12:00:00Z");

        var import = ledger.Import(Call.Paid("a", start, 1m));

        Assert.Equal(isTaken ? 1 : 0, import.Result.Imported);
        Assert.Equal(isTaken, import.Told.Refusals.Count == 0);
        Assert.Empty(ledger.Verify());
    }

    [Fact]
    public void A_file_is_never_its_own_quarantine_and_a_growing_file_has_an_end()
    {
        using var ledger = new TestLedger();
        var path = ledger.Folder.Write("in.csv", Call.Header + "\nbad\n");
        File.CreateSymbolicLink(ledger.Folder.File("link.csv"), path);

        foreach (var quarantine in (string[])[path, ledger.Folder.File("link.csv")])
            Refuses.With(CreditErrorId.FileExists, () => ledger.ImportFile(path, new() { QuarantinePath = quarantine }));

        using var source = SourceFile.Open(path, default);
        File.AppendAllText(path, "more\n");
        using var text = new StreamReader(source.Content);
        Assert.DoesNotContain("more", text.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Free_and_excluded_calls_with_charges_are_one_warning()
    {
        using var ledger = new TestLedger();

        var import = ledger.Import(Call.Json(
        [
            new Call { Id = "a", Charge = "2.00", Operator = "Contoso Telecom" }, new Call { Id = "b", Charge = "1.50", Type = "dr_out" },
            new Call { Id = "c", Charge = "0.00", Type = "dr_out" }, new Call { Id = "d", Charge = "1.00", Operator = "Microsoft Ireland" },
        ]));

        Assert.Equal((3L, 1m), (import.Result.Excluded, import.Result.Charged));
        Assert.Contains("2 record(s)", Assert.Single(import.Told.Warnings), StringComparison.Ordinal);
        Assert.Contains("3.50 USD in sum, which were not charged (operator: 'Contoso Telecom')", import.Told.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_warning_of_what_waits_says_what_helps()
    {
        using var ledger = new TestLedger();
        ledger.AddRates("Prefix,Price / min\n44,0.1\n", from: "2026-03-10");

        var import = ledger.Import(
            new Call { Id = "a", To = "+442079460000", Start = "2026-03-01T00:00:00Z" }, new Call { Id = "b", To = "+33123456789" },
            new Call { Id = "c", Type = "brand_new" });

        var warning = Assert.Single(import.Told.Warnings);
        Assert.Contains("3 record(s) of 'contoso.com' wait for a rate", warning, StringComparison.Ordinal);
        Assert.Contains("after Import-CreditRate", warning, StringComparison.Ordinal);
        Assert.Contains("from 2026-03-10 on, and the earliest call starts on 2026-03-01", warning, StringComparison.Ordinal);
        Assert.Contains("the call type is not known ('brand_new'): no rate helps", warning, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private (List<ReadRecord> Records, string? Warning) Read(string text)
    {
        using var reader = UsageSource.Open(_folder.Write("calls", text), UsageFormat.Auto);
        return (All(reader), reader.Warning("x"));
    }

    private string Zip(params (string Name, string Content)[] members)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                using var member = zip.CreateEntry(name).Open();
                member.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return _folder.Write("calls.zip", file.ToArray());
    }
}
