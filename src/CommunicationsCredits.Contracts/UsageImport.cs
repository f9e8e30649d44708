namespace CommunicationsCredits;

/// <summary>The format usage came in (U1).</summary>
public enum UsageFormat : long
{
    /// <summary>Recognised by its content.</summary>
    Auto = 0,

    /// <summary>Graph <c>getPstnCalls</c> JSON, or objects of the same properties.</summary>
    GraphPstnCalls = 1,

    /// <summary>The Teams admin centre's PSTN export, or objects of the same columns.</summary>
    TeamsPstnCsv = 2,
}

/// <summary>Which figure a call is charged by (G6).</summary>
public enum PricingSource : long
{
    /// <summary>The record's own charge where it has one, else the rate sheet.</summary>
    Auto = 0,

    /// <summary>The record's own charge only.</summary>
    Record = 1,

    /// <summary>The rate sheet only.</summary>
    RateSheet = 2,
}

/// <summary>What to do with a known record that comes with other billing content (U3).</summary>
public enum ConflictAction : long
{
    /// <summary>Report it and change nothing.</summary>
    Error = 0,

    /// <summary>Reverse what was posted and post the new content.</summary>
    Correct = 1,

    /// <summary>Pass over it.</summary>
    Skip = 2,
}

/// <summary>How far an import has got.</summary>
public enum UsageImportStatus : long
{
    /// <summary>It runs, or the process was ended in the middle of it.</summary>
    Running = 0,

    /// <summary>It came to its end.</summary>
    Complete = 1,

    /// <summary>It was stopped; what it had posted by then is kept.</summary>
    Stopped = 2,

    /// <summary>It was undone (C1).</summary>
    Reversed = 3,
}

/// <summary>What an import did. Read = Imported + Duplicate + Rejected.</summary>
public sealed class UsageImport : CreditResult
{
    /// <summary>The import's id: the tenant's id, <c>/I</c>, and the import's number.</summary>
    public required string ImportId { get; init; }

    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The file's name, or <c>(objects)</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The format it was in.</summary>
    public required UsageFormat Format { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>Who imported it (I2).</summary>
    public required string Actor { get; init; }

    /// <summary>How far it has got.</summary>
    public required UsageImportStatus Status { get; init; }

    /// <summary>Where the period begins that its source says it covers, else the first start of a call in it; null without calls.</summary>
    public required DateTimeOffset? PeriodFrom { get; init; }

    /// <summary>Where the period ends that its source says it covers, else the last start of a call in it; null without calls.</summary>
    public required DateTimeOffset? PeriodTo { get; init; }

    /// <summary>The records read.</summary>
    public required long Read { get; init; }

    /// <summary>The records newly kept; Free, Excluded and Unrated are parts of it.</summary>
    public required long Imported { get; init; }

    /// <summary>The records that were known already (U3).</summary>
    public required long Duplicate { get; init; }

    /// <summary>The records kept that cost nothing.</summary>
    public required long Free { get; init; }

    /// <summary>The records kept that are not this account's to pay.</summary>
    public required long Excluded { get; init; }

    /// <summary>The records kept that wait for a rate (G7).</summary>
    public required long Unrated { get; init; }

    /// <summary>The records refused (U5).</summary>
    public required long Rejected { get; init; }

    /// <summary>What this import charged; negative where corrections gave back more than was charged.</summary>
    public required decimal Charged { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>What auto-recharge added at the end of this import.</summary>
    public required decimal Recharged { get; init; }

    /// <summary>The balance when the import ended.</summary>
    public required decimal BalanceAfter { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => ImportId;
}

/// <summary>A usage record that was refused, and why: the target of its error.</summary>
public sealed class UsageRejection : CreditResult
{
    /// <summary>The tenant it was to be imported for.</summary>
    public required string TenantId { get; init; }

    /// <summary>The file's name, or <c>(objects)</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The line it starts on (of objects, the object's number), from 1 on.</summary>
    public required long Line { get; init; }

    /// <summary>The field at fault, by its name in the source; null where it is the line as a whole.</summary>
    public required string? Field { get; init; }

    /// <summary>What is wrong with it.</summary>
    public required string Reason { get; init; }

    /// <summary>The record's own id, where it could be read.</summary>
    public required string? RecordId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Field is null ? $"{Source} line {Line}: {Reason}" : $"{Source} line {Line}, {Field}: {Reason}";
}
