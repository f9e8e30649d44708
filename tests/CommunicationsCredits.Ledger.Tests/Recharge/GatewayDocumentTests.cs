using System.Text;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tests.Support;
using Newtonsoft.Json;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

/// <summary>The JSON documents of recharges: what a gateway answers and is asked, and <c>gateways.json</c>.</summary>
public sealed class GatewayDocumentTests
{
    [Theory]
    [InlineData("""{"status":"succeeded","reference":"ch_9"}""", "Succeeded", "ch_9")]
    [InlineData("\uFEFF{\"status\":\"succeeded\",\"reference\":\"ch_9\"} \n", "Succeeded", "ch_9")]
    [InlineData("""{"status":"succeeded","reference":12.50,"more":{"a":[1]}}""", "Succeeded", "12.50")]
    [InlineData("""{"status":"succeeded","reference":"2026-03-01T00:00:00Z"}""", "Succeeded", "2026-03-01T00:00:00Z")]
    [InlineData("""{"status":"succeeded","reference":12345678901234567890123}""", "Succeeded", "12345678901234567890123")]
    [InlineData("""{"status":"pending"}""", "Pending", null)]
    [InlineData("""{"Status":"succeeded"}""", "Unknown", null)]
    [InlineData("""{"status":"paid"}""", "Unknown", null)]
    [InlineData("""{"status":true}""", "Unknown", null)]
    [InlineData("""{"status":"succeeded","status":"declined"}""", "Unknown", null)]
    [InlineData("""{"status":"succeeded","more":{"a":1,"a":2}}""", "Unknown", null)]
    [InlineData("""{"status":"succeeded"}{"status":"succeeded"}""", "Unknown", null)]
    [InlineData("""{"status":"succeeded"} and more""", "Unknown", null)]
    [InlineData("""{"status":"succeeded" """, "Unknown", null)]
    [InlineData("""{'status':'succeeded'}""", "Unknown", null)]
    [InlineData("""{status:"succeeded"}""", "Unknown", null)]
    [InlineData("""{"status":"succeeded" /* paid */}""", "Unknown", null)]
    [InlineData("""{"status":"succeeded","at":new Date(1)}""", "Unknown", null)]
    [InlineData("""{"status":"succeeded","sum":NaN}""", "Unknown", null)]
    [InlineData("""{"status":"succeeded","sum":1e999}""", "Unknown", null)]
    [InlineData("""{"status":"succeeded","reference":"\ud83d"}""", "Unknown", null)]
    [InlineData("""{"status":"succeeded","reference":"\uFFFD"}""", "Succeeded", "\uFFFD")]
    [InlineData("""["succeeded"]""", "Unknown", null)]
    [InlineData("\"succeeded\"", "Unknown", null)]
    [InlineData("", "Unknown", null)]
    [Trait("Rule", "R6")]
    public void An_answer_is_read_exactly_or_is_unknown(string json, string state, string? reference)
    {
        var answer = GatewayAnswer.Read(Encoding.UTF8.GetBytes(json));

        Assert.Equal((state, reference), (answer.State.ToString(), answer.Reference));
    }

    [Fact]
    [Trait("Rule", "R6")]
    public void An_answer_that_is_nested_without_end_or_is_not_UTF_8_is_unknown()
    {
        var deep = $$"""{"status":"succeeded","a":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}""";
        Assert.Equal(AutoRechargeAttemptState.Unknown, GatewayAnswer.Read(Encoding.UTF8.GetBytes(deep)).State);
        Assert.Equal(
            AutoRechargeAttemptState.Unknown,
            GatewayAnswer.Read([.. """{"status":"succeeded","reference":" """u8, 0xFF, .. "\"}"u8]).State);
    }

    [Fact]
    public void A_request_is_the_documented_document_and_gives_its_token_back()
    {
        var request = GatewayRequest.Write(
            "contoso.com/A7", "3f0c", "contoso.com", "450.00", "USD", new() { Name = "Müller's \"card\"", Gateway = "psp" }, "tok_1");

        Assert.Equal(
            """
            {"attemptId":"contoso.com/A7","idempotencyKey":"3f0c","tenantId":"contoso.com","amount":"450.00","currency":"USD","paymentMethod":{"name":"Müller's \"card\"","token":"tok_1","purchaseOrder":null}}
            """,
            Encoding.UTF8.GetString(request));
        Assert.Equal("tok_1", GatewayRequest.TokenOf(request));
    }

    [Fact]
    public void A_request_that_an_earlier_version_stored_still_gives_its_token() => Assert.Equal(
        "tok_<1>",
        GatewayRequest.TokenOf(
            """{"attemptId":"contoso.com/A7","paymentMethod":{"name":"M\u00FCller","token":"tok_\u003C1\u003E","purchaseOrder":null}}"""u8.ToArray()));

    [Fact]
    public void Gateways_are_read_as_they_were_written_and_as_people_write_them()
    {
        CreditGateway[] gateways =
        [
            new() { Name = "psp", Command = "charge", ArgumentList = ["a b", "ü"], Uri = null, SecretName = null, Timeout = TimeSpan.FromSeconds(7.5) },
            new() { Name = "web", Command = null, ArgumentList = [], Uri = new("https://pay.example/a?b=c"), SecretName = "PAY", Timeout = TimeSpan.FromMinutes(2) },
        ];

        Assert.Equivalent(gateways, GatewayDocument.Read(GatewayDocument.Write(gateways)), strict: true);
        var written = Assert.Single(GatewayDocument.Read(Encoding.UTF8.GetBytes(
            """
            // The bank's.
            [
              { "name": "web", /* until May */ "uri": "https://pay.example" },
            ]
            """)));
        Assert.Equal(("web", "https://pay.example/", Gateways.UsualTimeout), (written.Name, written.Uri!.AbsoluteUri, written.Timeout));
    }

    [Theory]
    [InlineData("[\n  { \"Name\": \"a\", \"Command\": \"x\" }\n  { }\n]", "line 3")]
    [InlineData("[\n  { \"Name\": \"a\",\n    \"SecretNames\": \"x\" }\n]", "line 3, position 18: a gateway has no 'SecretNames'; it has Name,")]
    [InlineData("[\n  { \"Name\": \"a\",\n    \"Timeout\": \"soon\" }\n]", "line 3, position 21: Timeout is a duration such as \"00:00:30\".")]
    [InlineData("[\n  { \"Name\": \"a\", \"Uri\": \"pay\" }\n]", "'pay' is not an address")]
    [InlineData("[\n  { \"Name\": \"a\",\n    \"ArgumentList\": [ \"x\",\n      2 ] }\n]", "line 4, position 7: ArgumentList is a list of texts")]
    [InlineData("[\n  { \"Command\": \"a\" }\n]", "line 2, position 3: this gateway has no Name.")]
    [InlineData("[\n  { \"Name\": \"a\" },\n  { \"name\": \"A\" }\n]", "line 3, position 3: 'A' is the name of a gateway above.")]
    [InlineData("[\n  { \"Name\": \"a\",\n    \"Name\": \"b\" }\n]", "line 3")]
    [InlineData("[\n  { \"Name\": \"a\",\n    \"name\": \"b\" }\n]", "line 3, position 11: 'name' is given twice.")]
    [InlineData("{ }", "line 1, position 1: a list of gateways is expected")]
    public void A_mistake_in_gateways_json_is_named_with_its_line(string json, string place)
    {
        using var ledger = new TestLedger();
        Directory.CreateDirectory(ledger.Configuration);
        File.WriteAllText(Path.Combine(ledger.Configuration, "gateways.json"), json);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(ledger.Configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var error = Refuses.With(CreditErrorId.GatewayInvalid, () => ledger.Session.Recharges.GetGateways());

        Assert.Contains(place, error.Message);
        Assert.Contains("gateways.json", error.Message);
    }
}
