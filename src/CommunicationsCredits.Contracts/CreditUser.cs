namespace CommunicationsCredits;

/// <summary>Where a user belongs, from a month on until the next setting (P1).</summary>
public sealed class CreditUser : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The sign-in name, as exports have it.</summary>
    public required string User { get; init; }

    /// <summary>The user's name, or null.</summary>
    public required string? DisplayName { get; init; }

    /// <summary>The department, or null.</summary>
    public required string? Department { get; init; }

    /// <summary>The cost centre, or null.</summary>
    public required string? CostCenter { get; init; }

    /// <summary>The month UTC from which it holds, yyyy-MM.</summary>
    public required string Month { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => $"{User}: {Department ?? "(none)"}, {CostCenter ?? "(none)"}";
}
