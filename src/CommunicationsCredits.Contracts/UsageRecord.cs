namespace CommunicationsCredits;

/// <summary>The service a call belongs to (U4).</summary>
public enum UsageService : long
{
    /// <summary>A call out within the caller's country.</summary>
    Domestic = 0,

    /// <summary>A call out to another country.</summary>
    International = 1,

    /// <summary>A call in to a toll-free number.</summary>
    TollFreeInbound = 2,

    /// <summary>Any other call in.</summary>
    Inbound = 3,

    /// <summary>A call out from a conference.</summary>
    ConferenceDialOut = 4,

    /// <summary>A conference call of a pay-per-minute license.</summary>
    ConferencePayPerMinute = 5,

    /// <summary>A call of a type that is not known.</summary>
    Other = 6,
}

/// <summary>What has become of a usage record.</summary>
public enum UsageStatus : long
{
    /// <summary>Paid from credits, 0 included.</summary>
    Charged = 0,

    /// <summary>Paid wholly from included minutes.</summary>
    Pooled = 1,

    /// <summary>Costs nothing.</summary>
    Free = 2,

    /// <summary>Another operator's bill, or from before the account is kept here (T2).</summary>
    Excluded = 3,

    /// <summary>Waits for a rate (G7).</summary>
    Unrated = 4,

    /// <summary>Its charge was undone (C1).</summary>
    Reversed = 5,
}

/// <summary>A call, as it was imported and charged.</summary>
public sealed class UsageRecord : CreditResult
{
    /// <summary>The record's own id: Graph <c>id</c>, CSV <c>UsageId</c> (U2).</summary>
    public required string RecordId { get; init; }

    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The import that brought it.</summary>
    public required string ImportId { get; init; }

    /// <summary>When the call started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it was connected.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The call type, as exported.</summary>
    public required string CallType { get; init; }

    /// <summary>The service it belongs to, or null where it belongs to none (U4).</summary>
    public required UsageService? Service { get; init; }

    /// <summary>The caller's number.</summary>
    public required string? Caller { get; init; }

    /// <summary>The number dialled.</summary>
    public required string? Callee { get; init; }

    /// <summary>The destination, as the export names it, else as the rate does; or null.</summary>
    public required string? Destination { get; init; }

    /// <summary>The other party's country, ISO 3166-1 alpha-2: as exported, else that of the rate it was charged by, else that of the destination's name; or null.</summary>
    public required string? Country { get; init; }

    /// <summary>The country the call was made or taken in, as exported, or null.</summary>
    public required string? UsageCountry { get; init; }

    /// <summary>The kind of the user's own number, as exported, or null.</summary>
    public required string? NumberType { get; init; }

    /// <summary>The user: the principal name, else the display name, else the object id.</summary>
    public required string? User { get; init; }

    /// <summary>The operator that carried it, as exported, or null.</summary>
    public required string? Operator { get; init; }

    /// <summary>The user's administrative units, as exported, or null.</summary>
    public required string? AdministrativeUnit { get; init; }

    /// <summary>The license's capability.</summary>
    public required string? Capability { get; init; }

    /// <summary>The name of the rate sheet that rates it, or null.</summary>
    public required string? Sheet { get; init; }

    /// <summary>The prefix of that sheet that rates it, digits only, or null.</summary>
    public required string? Prefix { get; init; }

    /// <summary>The seconds billed, pooled ones included (G3).</summary>
    public required int BilledSeconds { get; init; }

    /// <summary>The seconds taken from included minutes (A2).</summary>
    public required int PooledSeconds { get; init; }

    /// <summary>What was charged.</summary>
    public required decimal Charge { get; init; }

    /// <summary>The record's own charge, connection charge included, where it has one (M1).</summary>
    public required decimal? RecordedCharge { get; init; }

    /// <summary>What the rate sheet makes of it, where one covers it (G6).</summary>
    public required decimal? RatedCharge { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>What has become of it.</summary>
    public required UsageStatus Status { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => RecordId;
}

/// <summary>A call whose own charge and whose rate differ.</summary>
public sealed class UsageChargeDifference : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The record's own id.</summary>
    public required string RecordId { get; init; }

    /// <summary>When the call started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The number dialled.</summary>
    public required string? Callee { get; init; }

    /// <summary>The record's own charge.</summary>
    public required decimal RecordedCharge { get; init; }

    /// <summary>What the rate sheet makes of it.</summary>
    public required decimal RatedCharge { get; init; }

    /// <summary>The recorded charge less the rated one: positive where more was charged than the list says.</summary>
    public required decimal Difference { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{RecordId}: {Currency} {Difference}");
}
