using System.Collections.Frozen;
using System.Text;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>A field, and every name that a format, a tool or a version has for it.</summary>
/// <param name="Field">The field.</param>
/// <param name="AdminCentre">The column of the Teams admin centre's export.</param>
/// <param name="Graph">The property of Graph's <c>pstnCallLogRow</c>.</param>
/// <param name="Others">Names of older and newer exports, of tools, and of people.</param>
public sealed record UsageFieldName(UsageField Field, string AdminCentre, string Graph, params string[] Others);

/// <summary>
/// The one table of names: every reader (CSV, JSON, objects) looks a field up here (U1). Case, blanks and punctuation do not
/// count, so that <c>Duration Seconds</c>, <c>durationSeconds</c>, <c>duration_seconds</c> and <c>Duration (seconds)</c> are one
/// name. A new name is one more text here.
/// </summary>
public static class UsageFieldNames
{
    /// <summary>How many fields there are.</summary>
    public const int Count = (int)UsageField.NumberType + 1;

    /// <summary>The table, by <see cref="UsageField"/>.</summary>
    public static readonly IReadOnlyList<UsageFieldName> All =
    [
        new(UsageField.RecordId, "UsageId", "id", "Usage Record ID", "Record Usage ID", "PSTN Usage ID"),
        new(UsageField.Country, "User Location", "usageCountryCode", "Usage Country", "User Country", "User Country Code",
            "User Usage Location", "Usage Location", "User Location Code"),
        new(UsageField.UserId, "AAD ObjectId", "userId", "Microsoft Entra ObjectId", "Entra ObjectId", "Entra ID ObjectId",
            "Microsoft Entra ID ObjectId", "Azure AD ObjectId", "Azure Active Directory ObjectId", "User ObjectId", "ObjectId"),
        new(UsageField.UserPrincipalName, "UPN", "userPrincipalName", "User UPN", "Username", "Sign-in Name", "SIP Address"),
        new(UsageField.UserDisplayName, "User Display Name", "userDisplayName", "Display Name"),
        new(UsageField.Caller, "Caller ID", "callerNumber", "Caller", "Called From", "From Number", "Source Number"),
        new(UsageField.CallType, "Call Type", "callType", "Type of Call"),
        new(UsageField.Context, "Domestic/International", "destinationContext", "Domestic or International", "Call Context"),
        new(UsageField.Destination, "Destination Dialed", "destinationName", "Destination Dialled", "Destination", "Called To Country",
            "To Country or Region", "Destination Country or Region"),
        new(UsageField.Callee, "Destination Number", "calleeNumber", "Callee", "Callee ID", "Called To", "Called Number", "Number Dialed",
            "Number Dialled", "Dialed Number", "Dialled Number", "Phone Number", "To Number"),
        new(UsageField.StartedAt, "Start Time", "startDateTime", "Start Time (UTC)", "Start Date Time (UTC)", "Start", "Call Start Time",
            "Call Start"),
        new(UsageField.Duration, "Duration Seconds", "duration", "Duration (s)", "Duration (sec)", "Duration in Seconds", "Duration Secs",
            "Call Duration Seconds", "Call Duration (sec)"),
        new(UsageField.ConnectionCharge, "Connection Fee", "connectionCharge", "Connection Fee Charge"),
        new(UsageField.Charge, "Charge", "charge", "Call Charge", "Charge Amount"),
        new(UsageField.Currency, "Currency", "currency", "Currency Code", "Charge Currency"),
        new(UsageField.Capability, "Capability", "licenseCapability", "License Capability", "Licence Capability", "License"),
        new(UsageField.OtherCountry, "External Country", "otherPartyCountryCode", "External Country Code", "Other Party Country",
            "External Country or Region", "Other Party Country or Region", "Destination Country Code", "Destination Country"),
        new(UsageField.Operator, "Operator", "operator", "Operator Name", "Telecommunications Operator", "PSTN Operator"),
        new(UsageField.AdministrativeUnits, "Administrative Units", "administrativeUnitInfos", "Administrative Unit",
            "Administrative Unit Info", "Administrative Unit Names", "Admin Units", "Admin Unit"),
        new(UsageField.NumberType, "Number Type", "inventoryType", "Phone Number Type"),
    ];

    /// <summary>The names that exports have and the ledger does not need: no warning is made of them.</summary>
    public static readonly IReadOnlyList<string> Unread =
    [
        "Call ID", "Conference ID", "ConfID", "End Time", "endDateTime", "End Time (UTC)", "tenantCountryCode", "Tenant Country",
        "callDurationSource", "Duration Source", "clientLocalIpV4Address", "clientLocalIpV6Address", "clientPublicIpV4Address",
        "clientPublicIpV6Address", "@odata.type", "@odata.id", "@odata.etag", "odata.type", "AdditionalProperties", "BackingStore",
        "ResponseHeaders", "Tenant", "Tenant ID", "Customer ID", "PSComputerName", "RunspaceId", "PSShowComputerName",
        "PSSourceJobInstanceId", "RowError", "RowState", "Table", "ItemArray", "HasErrors",
    ];

    /// <summary>The columns of the Teams admin centre's export as it was for years, in their order; null where one is not read.</summary>
    public static readonly IReadOnlyList<(string Name, UsageField? Field)> TeamsColumns =
    [
        ("UsageId", UsageField.RecordId), ("Call ID", null), ("Conference ID", null), ("User Location", UsageField.Country),
        ("AAD ObjectId", UsageField.UserId), ("UPN", UsageField.UserPrincipalName),
        ("User Display Name", UsageField.UserDisplayName), ("Caller ID", UsageField.Caller), ("Call Type", UsageField.CallType),
        ("Number Type", UsageField.NumberType), ("Domestic/International", UsageField.Context),
        ("Destination Dialed", UsageField.Destination), ("Destination Number", UsageField.Callee),
        ("Start Time", UsageField.StartedAt), ("End Time", null), ("Duration Seconds", UsageField.Duration),
        ("Connection Fee", UsageField.ConnectionCharge), ("Charge", UsageField.Charge), ("Currency", UsageField.Currency),
        ("Capability", UsageField.Capability),
    ];

    /// <summary>The fields without which no record can be billed.</summary>
    public static readonly IReadOnlyList<UsageField> Required =
        [UsageField.RecordId, UsageField.StartedAt, UsageField.Duration, UsageField.CallType];

    /// <summary>The fields whose lack may change what is billed: a file without one of them is worth a warning.</summary>
    public static readonly IReadOnlyList<UsageField> Important =
        [UsageField.Callee, UsageField.Charge, UsageField.Capability, UsageField.Context];

    /// <summary>
    /// The fields that a line may not lack even where a spreadsheet left out its empty trailing cells: those that decide what is
    /// billed.
    /// </summary>
    public static readonly IReadOnlyList<UsageField> NeverTrimmed =
        [.. Required, UsageField.Callee, UsageField.Charge, UsageField.ConnectionCharge, UsageField.Currency];

    /// <summary>Whether the field decides what is billed: two values of it are never one to choose from.</summary>
    public static bool IsBilled(UsageField field) =>
        NeverTrimmed.Contains(field) || field is UsageField.Capability or UsageField.Context or UsageField.Operator;

    private static readonly FrozenDictionary<string, UsageField?> ByKey = BuildKeys();

    /// <summary>What the format calls the field.</summary>
    public static string NameOf(UsageField field, UsageFormat format)
    {
        var name = All[(int)field];
        return format == UsageFormat.TeamsPstnCsv ? name.AdminCentre : name.Graph;
    }

    /// <summary>Whether the name is known: then the field it stands for, or null for one that is not read.</summary>
    public static bool TryFind(string name, out UsageField? field) => ByKey.TryGetValue(KeyOf(name), out field);

    /// <summary>Whether it is a name of a field that is read.</summary>
    public static bool TryFindField(string name, out UsageField field)
    {
        var isField = TryFind(name, out var found) && found is not null;
        field = found ?? default;
        return isField;
    }

    /// <summary>What a name is compared by: its letters and digits, in lower case.</summary>
    public static string KeyOf(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
                key.Append(Rune.ToLowerInvariant(rune));
        }

        return key.ToString();
    }

    private static FrozenDictionary<string, UsageField?> BuildKeys()
    {
        var keys = new Dictionary<string, UsageField?>(StringComparer.Ordinal);
        foreach (var (field, adminCentre, graph, others) in All)
        {
            foreach (var name in others.Prepend(graph).Prepend(adminCentre))
            {
                if (!keys.TryAdd(KeyOf(name), field) && keys[KeyOf(name)] != field)
                    throw new InvalidOperationException($"'{name}' stands for two fields.");
            }
        }

        foreach (var name in Unread)
            keys.TryAdd(KeyOf(name), null);
        return keys.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
