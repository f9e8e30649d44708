using System.Globalization;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>A call to be imported: as a row of the Teams export, or as Graph's JSON. A number is given as text.</summary>
internal sealed record Call
{
    public const string Header =
        "UsageId,Call ID,Conference ID,User Location,AAD ObjectId,UPN,User Display Name,Caller ID,Call Type,Number Type,"
        + "Domestic/International,Destination Dialed,Destination Number,Start Time,End Time,Duration Seconds,Connection Fee,"
        + "Charge,Currency,Capability";

    public required string Id { get; init; }

    public string Start { get; init; } = "2026-03-01T10:00:00Z";

    public string Seconds { get; init; } = "60";

    /// <summary>The record's own charge; empty where it has none.</summary>
    public string Charge { get; init; } = "";

    public string Fee { get; init; } = "";

    public string Type { get; init; } = "user_out";

    public string To { get; init; } = "+12065550100";

    public string From { get; init; } = "+14255550100";

    public string Capability { get; init; } = "MCOPSTNPP";

    public string Context { get; init; } = "Domestic";

    public string Destination { get; init; } = "United States";

    public string Currency { get; init; } = "USD";

    public string Country { get; init; } = "US";

    public string User { get; init; } = "ann@contoso.com";

    /// <summary>The operator; JSON, objects and <see cref="Read"/> have it, the CSV of old has no column for it.</summary>
    public string Operator { get; init; } = "";

    /// <summary>The other party's country; as <see cref="Operator"/>.</summary>
    public string OtherCountry { get; init; } = "";

    /// <summary>A call with its own charge.</summary>
    public static Call Paid(string id, string start, decimal charge) =>
        new() { Id = id, Start = start, Charge = charge.ToString(CultureInfo.InvariantCulture) };

    public static Call Paid(string id, DateTimeOffset start, decimal charge) =>
        Paid(id, start.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), charge);

    public string ToCsv() => string.Join(',', Id, "c-" + Id, "", Country, "", User, "", From, Type, "Subscriber", Context,
        Destination, To, Start, "", Seconds, Fee, Charge, Currency, Capability);

    public string ToJson() =>
        $$"""
        {"id":"{{Id}}","callId":"c","userPrincipalName":"{{User}}","startDateTime":"{{Start}}","duration":{{Number(Seconds)}},
        """.TrimEnd()
        + $$"""
        "charge":{{Number(Charge)}},"connectionCharge":{{Number(Fee)}},"callType":"{{Type}}","currency":"{{Currency}}",
        """.Trim()
        + $$"""
        "calleeNumber":"{{To}}","callerNumber":"{{From}}","usageCountryCode":"{{Country}}","destinationContext":"{{Context}}",
        """.Trim()
        + $$""" "destinationName":"{{Destination}}","operator":"{{Operator}}","otherPartyCountryCode":"{{OtherCountry}}","""
        + $$""" "licenseCapability":"{{Capability}}"}""";

    /// <summary>The properties an object of the Graph SDK has.</summary>
    public IEnumerable<(string Name, string? Value)> Properties() =>
    [
        ("Id", Id), ("StartDateTime", Start), ("Duration", Seconds), ("Charge", Charge), ("ConnectionCharge", Fee),
        ("CallType", Type), ("CalleeNumber", To), ("CallerNumber", From), ("LicenseCapability", Capability),
        ("DestinationContext", Context), ("DestinationName", Destination), ("Currency", Currency), ("UsageCountryCode", Country),
        ("UserPrincipalName", User), ("Operator", Operator), ("OtherPartyCountryCode", OtherCountry),
    ];

    public static string Csv(IEnumerable<Call> calls) => string.Join('\n', calls.Select(call => call.ToCsv()).Prepend(Header)) + "\n";

    public static string Json(IEnumerable<Call> calls) => $"{{\"value\":[{string.Join(",\n", calls.Select(call => call.ToJson()))}]}}";

    /// <summary>The call as a reader gives it to the pricer.</summary>
    public (UsageBatch Batch, UsageCall Call) Read()
    {
        var batch = new UsageBatch { Format = UsageFormat.TeamsPstnCsv };
        var fields = new TextSlice[UsageFieldNames.Count];
        var row = ToCsv().Split(',');
        for (var i = 0; i < row.Length; i++)
        {
            if (UsageFieldNames.TeamsColumns[i].Field is { } field)
                fields[(int)field] = batch.Append(row[i]);
        }

        fields[(int)UsageField.Operator] = batch.Append(Operator);
        fields[(int)UsageField.OtherCountry] = batch.Append(OtherCountry);
        var call = new UsageCall();
        UsageFieldParser.Parse(batch, ref call, fields, isPlain: false, new());
        return (batch, call);
    }

    private static string Number(string text) => text.Length == 0 ? "null" : text;
}
