namespace CommunicationsCredits;

/// <summary>What a balance lets a tenant do.</summary>
public enum CreditBalanceState : long
{
    /// <summary>There is money.</summary>
    Open = 0,

    /// <summary>There is money, but less than the tenant's mark.</summary>
    Low = 1,

    /// <summary>The balance is zero or below: paid services are closed (S1).</summary>
    Exhausted = 2,

    /// <summary>The tenant is closed.</summary>
    Closed = 3,
}

/// <summary>Whether a tenant's recharge rule may act.</summary>
public enum CreditAutoRecharge : long
{
    /// <summary>There is no rule, or it is disabled.</summary>
    Off = 0,

    /// <summary>The rule acts when the balance falls below its minimum.</summary>
    On = 1,

    /// <summary>An attempt is open, or the rule backs off after a decline.</summary>
    Waiting = 2,

    /// <summary>Three declines in a row have stopped the rule.</summary>
    Paused = 3,

    /// <summary>The guard holds the rule: until it is released, it charges no more a day than usual (R10).</summary>
    Held = 4,
}

/// <summary>A tenant's balance at an instant (F8).</summary>
public sealed class CreditBalance : CreditResult
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The tenant's name; its id where it was given none.</summary>
    public required string TenantName { get; init; }

    /// <summary>The tenant's name.</summary>
    public required string Name { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>The balance; negative is debt. Expired funds never count.</summary>
    public required decimal Balance { get; init; }

    /// <summary>When the next funds expire, or null where none will.</summary>
    public required DateTimeOffset? NextExpiryAt { get; init; }

    /// <summary>How much of them is left to expire then; 0 where nothing will.</summary>
    public required decimal NextExpiryAmount { get; init; }

    /// <summary>Whether the recharge rule may act.</summary>
    public required CreditAutoRecharge AutoRecharge { get; init; }

    /// <summary>
    /// The recharge rule in words, as in <c>below 100.00: +250.00</c>, <c>below 100.00: to 500.00</c> or <c>paused: card_expired</c>; null
    /// where there is no rule.
    /// </summary>
    public required string? Recharge { get; init; }

    /// <summary>What the balance lets the tenant do.</summary>
    public required CreditBalanceState State { get; init; }

    /// <summary>
    /// What somebody should look at, in words: services that are closed, a low balance, funds that expire within 30 days, a rule that
    /// cannot buy; null where there is nothing.
    /// </summary>
    public required string? Attention { get; init; }

    /// <summary>The instant of the balance.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>What it is, in one line, the same in every culture.</summary>
    public override string ToString() => FormattableString.Invariant($"{TenantName}: {Currency} {Balance}");
}
