namespace CommunicationsCredits;

/// <summary>The ledger a session is connected to.</summary>
public sealed class CreditLedger : CreditResult
{
    /// <summary>The kind of store, such as <c>Sqlite</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it is: a full path.</summary>
    public required string Location { get; init; }

    /// <summary>The number of the newest migration applied to it.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>How many tenants it keeps.</summary>
    public required int TenantCount { get; init; }

    /// <summary>Whether it was opened for reading only.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>
    /// The SHA-256 of the seal's lines, as Get-FileHash shows it of a seal's file: another one means that something was posted, or that the
    /// ledger is another one (H1c).
    /// </summary>
    public required string Seal { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => Location;
}

/// <summary>One thing that verification found wrong (H1).</summary>
public sealed class CreditLedgerFinding : CreditResult
{
    /// <summary>The tenant whose record is wrong.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The first bad entry's sequence, or null where it is not one entry that is wrong.</summary>
    public required long? Sequence { get; init; }

    /// <summary>The rule of the domain that does not hold.</summary>
    public required string Rule { get; init; }

    /// <summary>What was found, and what was expected.</summary>
    public required string Message { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => Message;
}
