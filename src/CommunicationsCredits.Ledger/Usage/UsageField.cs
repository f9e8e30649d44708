namespace CommunicationsCredits.Ledger.Usage;

/// <summary>The fields of a usage record that the ledger reads, whatever the format (U1).</summary>
internal enum UsageField
{
    RecordId,
    Country,
    UserId,
    UserPrincipalName,
    UserDisplayName,
    Caller,
    CallType,
    Context,
    Destination,
    Callee,
    StartedAt,
    Duration,
    ConnectionCharge,
    Charge,
    Currency,
    Capability,
    OtherCountry,
    Operator,
    AdministrativeUnits,
    NumberType,
}

/// <summary>What each format calls a field.</summary>
internal static class UsageFields
{
    /// <summary>How many fields there are.</summary>
    public const int Count = (int)UsageField.NumberType + 1;

    /// <summary>The columns of the Teams admin centre's export, in its order; null where the ledger does not read one.</summary>
    public static readonly IReadOnlyList<(string Name, UsageField? Field)> TeamsColumns =
    [
        ("UsageId", UsageField.RecordId), ("Call ID", null), ("Conference ID", null), ("User Location", UsageField.Country),
        ("AAD ObjectId", UsageField.UserId), ("UPN", UsageField.UserPrincipalName),
        ("User Display Name", UsageField.UserDisplayName), ("Caller ID", UsageField.Caller), ("Call Type", UsageField.CallType),
        ("Number Type", UsageField.NumberType), ("Domestic/International", UsageField.Context), ("Destination Dialed", UsageField.Destination),
        ("Destination Number", UsageField.Callee), ("Start Time", UsageField.StartedAt), ("End Time", null),
        ("Duration Seconds", UsageField.Duration), ("Connection Fee", UsageField.ConnectionCharge),
        ("Charge", UsageField.Charge), ("Currency", UsageField.Currency), ("Capability", UsageField.Capability),
    ];

    /// <summary>The properties of a Graph <c>pstnCallLogRow</c> that the ledger reads.</summary>
    public static readonly IReadOnlyList<(string Name, UsageField Field)> GraphProperties =
    [
        ("id", UsageField.RecordId), ("usageCountryCode", UsageField.Country), ("userId", UsageField.UserId),
        ("userPrincipalName", UsageField.UserPrincipalName), ("userDisplayName", UsageField.UserDisplayName),
        ("callerNumber", UsageField.Caller), ("callType", UsageField.CallType), ("destinationContext", UsageField.Context),
        ("destinationName", UsageField.Destination), ("calleeNumber", UsageField.Callee),
        ("startDateTime", UsageField.StartedAt), ("duration", UsageField.Duration),
        ("connectionCharge", UsageField.ConnectionCharge), ("charge", UsageField.Charge), ("currency", UsageField.Currency),
        ("licenseCapability", UsageField.Capability), ("otherPartyCountryCode", UsageField.OtherCountry),
        ("operator", UsageField.Operator), ("administrativeUnitInfos", UsageField.AdministrativeUnits),
        ("inventoryType", UsageField.NumberType),
    ];

    /// <summary>What the format calls the field; Graph's name where the Teams admin centre's export has no such column.</summary>
    public static string NameOf(UsageField field, UsageFormat format) =>
        (format == UsageFormat.TeamsPstnCsv ? TeamsColumns.FirstOrDefault(column => column.Field == field).Name : null)
        ?? GraphProperties.First(property => property.Field == field).Name;
}
