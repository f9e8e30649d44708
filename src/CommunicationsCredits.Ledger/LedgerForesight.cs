namespace CommunicationsCredits.Ledger;

/// <summary>What a posting brings with it: recharges and notifications. Of a preview, what it would bring.</summary>
public sealed record LedgerForesight
{
    /// <summary>The tenant's id.</summary>
    public required string TenantId { get; init; }

    /// <summary>The recharge attempts it made; of a preview, those a gateway would be asked for count as Pending.</summary>
    public required IReadOnlyList<AutoRechargeAttempt> Recharges { get; init; }

    /// <summary>The notifications it raised.</summary>
    public required IReadOnlyList<CreditNotification> Notifications { get; init; }

    /// <summary>Why a recharge that is wanted was not started from this machine, or null.</summary>
    public CreditException? RechargeProblem { get; init; }

    /// <summary>Whether there is anything to say.</summary>
    public bool IsNothing => Recharges.Count == 0 && Notifications.Count == 0 && RechargeProblem is null;
}
