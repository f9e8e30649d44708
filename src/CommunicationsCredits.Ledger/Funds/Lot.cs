using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds;

/// <summary>One lot of funds, as the ledger keeps it (F1).</summary>
internal sealed class Lot
{
    /// <summary>The months that bought funds last.</summary>
    public const int MonthsOfLife = 12;

    /// <summary>The lot's number within its tenant.</summary>
    public required long Number { get; init; }

    public required Amount Amount { get; init; }

    /// <summary>What has not been drawn, whether it is forfeited or not.</summary>
    public required Amount Remaining { get; set; }

    /// <summary>How much of what remains has been booked as forfeited (F5).</summary>
    public Amount Forfeited { get; set; }

    public required Instant PurchasedAt { get; init; }

    public required Instant ExpiresAt { get; init; }

    public required int Priority { get; init; }

    public required CreditFundsSource Source { get; init; }

    public required string? Reference { get; init; }

    public bool Reversed { get; set; }

    /// <summary>The sequence of the entry that made it.</summary>
    public required long Entry { get; init; }

    /// <summary>A copy, to be changed while something is decided.</summary>
    public Lot Copy() => (Lot)MemberwiseClone();

    /// <summary>Whether it may be drawn by a call made at the instant (F2).</summary>
    public bool IsLiveAt(Instant at) => PurchasedAt <= at && at < ExpiresAt;

    /// <summary>The lot's id at the border.</summary>
    public static string IdOf(string tenantId, long number) => string.Create(CultureInfo.InvariantCulture, $"{tenantId}/F{number}");

    /// <summary>The lot as the border shows it at an instant.</summary>
    public CreditFunds ToContract(Tenant tenant, Instant now)
    {
        var expired = ExpiresAt <= now && Remaining > Amount.Zero;
        return new()
        {
            FundsId = IdOf(tenant.Id, Number),
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            Amount = Amount.ToDecimal(),
            Remaining = expired || Reversed ? 0 : Remaining.ToDecimal(),
            Currency = tenant.Currency,
            PurchasedAt = PurchasedAt.ToDateTimeOffset(),
            ExpiresAt = ExpiresAt.ToDateTimeOffset(),
            Priority = Priority,
            Source = Source,
            Reference = Reference,
            Status = Reversed ? CreditFundsStatus.Reversed
                : expired ? CreditFundsStatus.Expired
                : Remaining > Amount.Zero ? CreditFundsStatus.Live
                : CreditFundsStatus.Spent,
        };
    }
}
