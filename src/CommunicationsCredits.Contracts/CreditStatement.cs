namespace CommunicationsCredits;

/// <summary>
/// A tenant's account in a month UTC. Amounts are signed as their entries are, so that Opening + Purchased + Recharged + Used +
/// Forfeited + Corrected = Closing, exactly; the next month opens where this one closed.
/// </summary>
public sealed class CreditStatement : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The month UTC, yyyy-MM, by EffectiveAt (I2).</summary>
    public required string Month { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>The balance when the month began (F8).</summary>
    public required decimal Opening { get; init; }

    /// <summary>What was bought by hand: 0 or more.</summary>
    public required decimal Purchased { get; init; }

    /// <summary>What the recharge rule bought: 0 or more.</summary>
    public required decimal Recharged { get; init; }

    /// <summary>What calls cost: 0 or less. Calls that were reversed since are in it, and their reversals in Corrected.</summary>
    public required decimal Used { get; init; }

    /// <summary>What expired unused, whether it is booked yet or not, less what late calls took back: as a rule 0 or less.</summary>
    public required decimal Forfeited { get; init; }

    /// <summary>Reversals and adjustments, of either sign.</summary>
    public required decimal Corrected { get; init; }

    /// <summary>The balance when the month ended; of the running month, now (F8).</summary>
    public required decimal Closing { get; init; }

    /// <summary>What Used is made of, in the order of the services; their amounts add up to it.</summary>
    public required CreditStatementService[] Services { get; init; }

    /// <summary>
    /// What the calls of each department cost, net of reversed ones, the dearest first; users without one are a group of their own (P1, P2). Empty
    /// where no user belongs to one, and in a statement as it was posted.
    /// </summary>
    public required CreditUsage[] Departments { get; init; }

    /// <summary>What the calls of users cost, the ten dearest first; empty in a statement as it was posted.</summary>
    public required CreditUsage[] Users { get; init; }

    /// <summary>The budgets, and what the month used of them (B1); empty in a statement as it was posted.</summary>
    public required CreditBudget[] Budgets { get; init; }

    /// <summary>What was unusual in the month, in words, since which day (D1); empty in a statement as it was posted.</summary>
    public required string[] Alarms { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{TenantName} {Month}: {Currency} {Closing}");
}

/// <summary>What a statement's calls of one service cost.</summary>
public sealed class CreditStatementService : CreditResult
{
    /// <summary>The service.</summary>
    public required UsageService Service { get; init; }

    /// <summary>The calls that were charged or pooled.</summary>
    public required long Calls { get; init; }

    /// <summary>What they cost: 0 or less.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Service}: {Amount} ({Calls} calls)");
}
