namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>A report that people take for usage.</summary>
/// <param name="What">What it is, as in "it is …".</param>
/// <param name="Remedy">What to give instead: a sentence.</param>
/// <param name="Needed">How many of the marks have to be there.</param>
/// <param name="Marks">The names of columns or properties that only it has.</param>
internal sealed record OtherReport(string What, string Remedy, int Needed, params string[] Marks);

/// <summary>Names a file, or an object, by the names in it where it is another report than usage (U1).</summary>
internal static class OtherReports
{
    private const string GiveUsage =
        "Give the PSTN usage export of the Teams admin centre (the zip, or the CSV with UsageId in it), or what Graph getPstnCalls answers.";

    private static readonly OtherReport MinutePools = new(
        "the report of minute pools, which has sums and no calls", GiveUsage, 2,
        "Total Minutes", "Minutes Used", "Used Minutes", "Minutes Available", "Available Minutes", "Minutes Remaining",
        "Remaining Minutes", "Total Minutes Available", "Minutes Consumed", "Minute Pool", "Pool Name");

    private static readonly OtherReport DirectRouting = new(
        "the Direct Routing export, whose calls are on another operator's bill",
        "Give the file with the calling plans' calls that comes in the same zip (PSTN.calls.*.csv), or what Graph getPstnCalls answers.", 2,
        "CorrelationId", "SharedCorrelationId", "Invite Time", "Invite Time (UTC)", "inviteDateTime", "Failure Time", "Failure Time (UTC)",
        "failureDateTime", "SBC FQDN", "SBC",
        "Final SIP Code", "finalSipCode", "Final Microsoft Subcode", "Final SIP Phrase", "Media Bypass",
        "mediaBypassEnabled", "trunkFullyQualifiedDomainName", "Azure region for media", "Azure region for signaling");

    /// <summary>The reports that are known; the first that fits counts.</summary>
    public static readonly IReadOnlyList<OtherReport> All =
    [
        DirectRouting,
        new("an SMS log, which is not read: it has no calls", GiveUsage, 1, "smsId", "smsType", "smsUnits", "sentDateTime", "SMS Units"),
        new("the report of conference dial-out by user, which has sums and no calls", GiveUsage, 1,
            "totalCallSeconds", "totalCallCharge", "totalCalls", "Total Calls", "Total Call Charge"),
        new("a log of blocked users, which has no calls", GiveUsage, 1, "blockDateTime", "blockReason", "userBlockMode", "remediationId"),
        MinutePools,
        new("a call record of Graph (communications/callRecords), which has no charge", "Get getPstnCalls instead.", 2,
            "modalities", "participants", "organizer", "sessions", "organizer_v2", "participants_v2", "joinWebUrl"),
        new("a list of this ledger's own calls, as Get-UsageRecord writes it", GiveUsage, 3,
            "RecordId", "ImportId", "BilledSeconds", "PooledSeconds", "RecordedCharge", "RatedCharge", "StartedAt"),
        new("a copy of the table on the report's page, whose rows have no id",
            "Choose 'Export to Excel' there, and give the zip from the Downloads tab.", 2,
            "Time Stamp", "Time stamp (UTC)", "Called To", "To Country or Region", "Called From", "From Country or Region", "Phone Number",
            "Country or Region", "Number Type Dialed"),
        new("a rate list, not usage", "Import-CreditRate reads those.", 1, "Prefix", "Prefixes", "Price / min", "Rate per Minute", "Dial Code"),
        new("a list of imports, as Get-UsageImport writes it", GiveUsage, 2, "ImportId", "BalanceAfter", "Recharged"),
    ];

    /// <summary>The report that has these names, or null.</summary>
    public static OtherReport? Find(IEnumerable<string> names)
    {
        var keys = names.Select(UsageFieldNames.KeyOf).ToHashSet(StringComparer.Ordinal);

        // What counts minutes in several columns is a report of pools, whatever it calls them.
        return All.FirstOrDefault(
                report => report.Marks.Select(UsageFieldNames.KeyOf).Distinct(StringComparer.Ordinal).Count(keys.Contains) >= report.Needed)
            ?? (keys.Count(key => key.Contains("minutes", StringComparison.Ordinal)) > 1 ? MinutePools : null);
    }

    /// <summary>
    /// Says that it is a Direct Routing report, or null: what Graph getDirectRoutingCalls answers has all that a call needs, and is on another
    /// operator's bill nevertheless.
    /// </summary>
    public static string? DescribeDirectRouting(IEnumerable<string> names)
    {
        var keys = names.Select(UsageFieldNames.KeyOf).ToHashSet(StringComparer.Ordinal);
        return DirectRouting.Marks.Select(UsageFieldNames.KeyOf).Distinct(StringComparer.Ordinal).Count(keys.Contains) >= DirectRouting.Needed
            ? $"it is {DirectRouting.What}. {DirectRouting.Remedy}" : null;
    }

    /// <summary>Says what it is and what to give instead, or null.</summary>
    public static string? Describe(IEnumerable<string> names) =>
        Find(names) is { } report ? $"it is {report.What}. {report.Remedy}" : null;
}
