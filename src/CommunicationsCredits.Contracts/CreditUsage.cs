namespace CommunicationsCredits;

/// <summary>What usage can be grouped by.</summary>
public enum UsageDimension : long
{
    /// <summary>The user who called or was called, by the sign-in name of the export, in lower case.</summary>
    User = 0,

    /// <summary>The department that the user belonged to in the call's month (P1).</summary>
    Department = 1,

    /// <summary>The cost centre that the user belonged to in the call's month (P1).</summary>
    CostCenter = 2,

    /// <summary>The user's administrative units, all of them together as one group.</summary>
    AdministrativeUnit = 3,

    /// <summary>The country of the other party, ISO 3166-1 alpha-2.</summary>
    Country = 4,

    /// <summary>The destination as the record or its rate names it.</summary>
    Destination = 5,

    /// <summary>The service (U4).</summary>
    Service = 6,

    /// <summary>The capability of the license that the call was made with.</summary>
    Capability = 7,

    /// <summary>The number that was dialled.</summary>
    Number = 8,

    /// <summary>The rate sheet that the charge was made by.</summary>
    Sheet = 9,

    /// <summary>The day UTC.</summary>
    Day = 10,

    /// <summary>The month UTC.</summary>
    Month = 11,
}

/// <summary>
/// What a tenant's usage came to, in whole or of one group of it. Calls that were reversed are in none, so that the charges of all groups
/// of a month are what its statement has in Used and in reversals of usage (P2).
/// </summary>
public sealed class CreditUsage : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The same name, by the name that balances have it by.</summary>
    public required string Name { get; init; }

    /// <summary>The currency of <see cref="Charge"/>, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>The group in words: what it is grouped by, each value after the other; empty where it is not grouped.</summary>
    public required string Group { get; init; }

    /// <summary>The user, where it is grouped by users; null for calls without one.</summary>
    public string? User { get; init; }

    /// <summary>The department, where it is grouped by departments; null for users without one.</summary>
    public string? Department { get; init; }

    /// <summary>The cost centre, where it is grouped by cost centres; null for users without one.</summary>
    public string? CostCenter { get; init; }

    /// <summary>The administrative units, where it is grouped by them; null for calls without one.</summary>
    public string? AdministrativeUnit { get; init; }

    /// <summary>The country, where it is grouped by countries; null for calls without one.</summary>
    public string? Country { get; init; }

    /// <summary>The destination, where it is grouped by destinations; null for calls without one.</summary>
    public string? Destination { get; init; }

    /// <summary>The service, where it is grouped by services; null for calls of none.</summary>
    public UsageService? Service { get; init; }

    /// <summary>The capability, where it is grouped by capabilities; null for calls without one.</summary>
    public string? Capability { get; init; }

    /// <summary>The number that was dialled, where it is grouped by numbers; null for calls without one.</summary>
    public string? Number { get; init; }

    /// <summary>The rate sheet's name, where it is grouped by sheets; null for calls that no sheet priced.</summary>
    public string? Sheet { get; init; }

    /// <summary>The day UTC, yyyy-MM-dd, where it is grouped by days.</summary>
    public string? Day { get; init; }

    /// <summary>The month UTC, yyyy-MM, where it is grouped by months.</summary>
    public string? Month { get; init; }

    /// <summary>How many calls there were.</summary>
    public required long Calls { get; init; }

    /// <summary>How long they were connected, all together.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The minutes of them that were paid from included minutes, rounded to two decimals.</summary>
    public required decimal PooledMinutes { get; init; }

    /// <summary>What they cost: 0 or more, exactly.</summary>
    public required decimal Charge { get; init; }

    /// <summary>How much of the charge of all groups of the tenant that is, in percent, rounded to two decimals; 0 without one.</summary>
    public required decimal Share { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{TenantName}{(Group.Length == 0 ? string.Empty : " ")}{Group}: {Calls} calls, {Currency} {Charge}");
}
