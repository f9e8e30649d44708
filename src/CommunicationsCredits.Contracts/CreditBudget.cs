namespace CommunicationsCredits;

/// <summary>Whether a budget lasts for the running month.</summary>
public enum CreditBudgetStatus : long
{
    /// <summary>As far as one can tell, it does.</summary>
    Open = 0,

    /// <summary>At this month's rate it does not.</summary>
    AtRisk = 1,

    /// <summary>It is used up. A budget informs; calls go on (B1).</summary>
    UsedUp = 2,
}

/// <summary>An amount a month for a tenant, a user, a department or a cost centre, and what of it is used this month (B1).</summary>
public sealed class CreditBudget : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The user whose budget it is, or null.</summary>
    public required string? User { get; init; }

    /// <summary>The department whose budget it is, or null.</summary>
    public required string? Department { get; init; }

    /// <summary>The cost centre whose budget it is, or null.</summary>
    public required string? CostCenter { get; init; }

    /// <summary>The amount a month, above 0.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The currency of the amounts, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>What calls of this month UTC cost so far, net of reversed ones.</summary>
    public required decimal Used { get; init; }

    /// <summary>How much of the amount that is, in percent; above 100 where it is exceeded.</summary>
    public required decimal PercentUsed { get; init; }

    /// <summary>The day of this month on which it is used up at this rate; null where it lasts, is used up, or too little is known.</summary>
    public required DateTimeOffset? RunsOutAt { get; init; }

    /// <summary>Whether it lasts.</summary>
    public required CreditBudgetStatus Status { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{TenantName}{(User ?? Department ?? CostCenter) switch { null => string.Empty, var name => $" {name}" }}: {PercentUsed} % of {Currency} {Amount}");
}
