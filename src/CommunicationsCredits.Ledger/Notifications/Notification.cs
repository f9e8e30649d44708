using System.Globalization;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>A notice, as the ledger keeps it.</summary>
internal sealed record Notification
{
    /// <summary>The notice's number within its tenant.</summary>
    public required long Number { get; init; }

    public required CreditNotificationKind Kind { get; init; }

    public required string Subject { get; init; }

    public required string Body { get; init; }

    public required Instant RaisedAt { get; init; }

    public required CreditNotificationStatus Status { get; init; }

    public required int Attempts { get; init; }

    /// <summary>From when it is to be tried (again); null where it was sent, or is given up.</summary>
    public required Instant? NextAt { get; init; }

    public required string? LastError { get; init; }

    /// <summary>The episode whose notifications are delivered together (N2); 0 of those that ledgers of schema 6 and before have.</summary>
    public long Episode { get; init; }

    /// <summary>The notice's id, as <c>contoso.com/N1</c>.</summary>
    public string IdOf(Tenant tenant) => string.Create(CultureInfo.InvariantCulture, $"{tenant.Id}/N{Number}");

    /// <summary>The notice as the border shows it.</summary>
    public CreditNotification ToContract(Tenant tenant) => new()
    {
        NotificationId = IdOf(tenant),
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        Episode = Episode == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{tenant.Id}/E{Episode}"),
        Kind = Kind,
        Subject = Subject,
        Body = Body,
        RaisedAt = RaisedAt.ToDateTimeOffset(),
        Status = Status,
        Attempts = Attempts,
        LastError = LastError,
    };
}
