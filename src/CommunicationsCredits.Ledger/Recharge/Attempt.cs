using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>An attempt to recharge, as the ledger keeps it (R5).</summary>
internal sealed record Attempt
{
    /// <summary>The attempt's number within its tenant.</summary>
    public required long Number { get; init; }

    public required Amount Amount { get; init; }

    public required AutoRechargeAttemptState State { get; init; }

    public string? Reason { get; init; }

    public required Instant StartedAt { get; init; }

    public Instant? SettledAt { get; init; }

    /// <summary>When the gateway was last asked, or is being asked.</summary>
    public Instant? AskedAt { get; init; }

    /// <summary>How often the gateway was asked, or is being asked.</summary>
    public int Asks { get; init; }

    public required string Gateway { get; init; }

    public string? PaymentReference { get; init; }

    /// <summary>The exact request, protected: it holds the token. Null where no gateway is asked.</summary>
    public byte[]? ProtectedRequest { get; init; }

    public required string IdempotencyKey { get; init; }

    /// <summary>Whether it was notified that nobody knows whether it was paid.</summary>
    public bool UnknownNotified { get; init; }

    /// <summary>The episode that its notifications are delivered with (N2).</summary>
    public long Episode { get; init; }

    /// <summary>The sequence of the entry that its lot made, or null.</summary>
    public long? Entry { get; init; }

    /// <summary>Whether it is not settled.</summary>
    public bool IsOpen => State is AutoRechargeAttemptState.Pending or AutoRechargeAttemptState.Unknown;

    /// <summary>Whether it was charged, or may have been: what caps count (R4).</summary>
    public bool MayBeCharged => IsOpen || State == AutoRechargeAttemptState.Succeeded;

    /// <summary>The attempt's id at the border.</summary>
    public static string IdOf(string tenantId, long number) => string.Create(CultureInfo.InvariantCulture, $"{tenantId}/A{number}");

    /// <summary>The attempt as the border shows it.</summary>
    public AutoRechargeAttempt ToContract(Tenant tenant) => new()
    {
        AttemptId = IdOf(tenant.Id, Number),
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        Amount = Amount.ToDecimal(),
        Currency = tenant.Currency,
        State = State,
        Reason = Reason,
        StartedAt = StartedAt.ToDateTimeOffset(),
        SettledAt = SettledAt?.ToDateTimeOffset(),
        PaymentReference = PaymentReference,
    };
}
