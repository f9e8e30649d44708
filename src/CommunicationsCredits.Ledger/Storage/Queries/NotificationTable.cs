using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The notifications.</summary>
internal sealed class NotificationTable(StoreConnection connection)
{
    public const string Columns = "notification, kind, subject, body, raised_at, status, attempts, next_at, last_error, episode";

    /// <summary>The notifications of a tenant in their order.</summary>
    public IReadOnlyList<Notification> Query(long tenant)
    {
        var notices = new List<Notification>();
        using var select = connection.Prepare($"SELECT {Columns} FROM notification WHERE tenant = $1 ORDER BY notification")
            .Bind(1, tenant);
        while (select.Step())
            notices.Add(Read(select, 0));
        return notices;
    }

    /// <summary>The last notification's number; 0 before the first.</summary>
    public long Last(long tenant)
    {
        using var select = connection.Prepare("SELECT coalesce(max(notification), 0) FROM notification WHERE tenant = $1").Bind(1, tenant);
        select.Step();
        return select.Int64(0);
    }

    public Notification? Find(long tenant, long number)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM notification WHERE tenant = $1 AND notification = $2")
            .Bind(1, tenant).Bind(2, number);
        return select.Step() ? Read(select, 0) : null;
    }

    /// <summary>The notifications of all tenants that have been neither sent nor given up, by tenant and number.</summary>
    public IReadOnlyList<(long Tenant, Notification Notification)> Waiting()
    {
        var waiting = new List<(long, Notification)>();
        using var select = connection.Prepare(
            $"SELECT tenant, {Columns} FROM notification WHERE (tenant, notification) IN "
            + "(SELECT tenant, notification FROM notification WHERE next_at IS NOT NULL) ORDER BY tenant, notification");
        while (select.Step())
            waiting.Add((select.Int64(0), Read(select, 1)));
        return waiting;
    }

    public static Notification Read(StoreStatement row, int first) => new()
    {
        Number = row.Int64(first),
        Kind = (CreditNotificationKind)row.Int32(first + 1),
        Subject = row.Text(first + 2),
        Body = row.Text(first + 3),
        RaisedAt = new(row.Int64(first + 4)),
        Status = (CreditNotificationStatus)row.Int32(first + 5),
        Attempts = row.Int32(first + 6),
        NextAt = row.Int64OrNull(first + 7) is { } next ? new Instant(next) : null,
        LastError = row.TextOrNull(first + 8),
        Episode = row.Int64(first + 9),
    };
}
