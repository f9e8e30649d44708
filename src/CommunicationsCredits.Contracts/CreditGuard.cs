namespace CommunicationsCredits;

/// <summary>How much has to be unusual before the guard says so (D1).</summary>
public enum CreditSensitivity : long
{
    /// <summary>Only what is far from anything before.</summary>
    Low = 0,

    /// <summary>What a tenant hardly ever has: at most one alarm in a quiet year.</summary>
    Normal = 1,

    /// <summary>More, and more often for nothing.</summary>
    High = 2,
}

/// <summary>How the guard watches a tenant's calls, and what it has found (D1, D2).</summary>
public sealed class CreditGuard : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>How much has to be unusual.</summary>
    public required CreditSensitivity Sensitivity { get; init; }

    /// <summary>Whether an alarm holds the recharge rule (R10).</summary>
    public required bool HoldRecharge { get; init; }

    /// <summary>The countries to which calls are meant and never unusual, ISO 3166-1 alpha-2.</summary>
    public required string[] AllowedCountry { get; init; }

    /// <summary>What is unusual now, or null where nothing is.</summary>
    public required string? Alarm { get; init; }

    /// <summary>The day UTC from which it is unusual, or null.</summary>
    public required DateTimeOffset? AlarmedAt { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => $"{TenantName}: {Sensitivity}{(Alarm is null ? string.Empty : $", {Alarm}")}";
}
