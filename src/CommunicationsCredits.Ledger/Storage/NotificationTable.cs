using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>The notices, and what must not be told again yet.</summary>
internal sealed class NotificationTable(StoreConnection connection)
{
    private const string Columns = "notification, kind, subject, body, raised_at, status, attempts, next_at, last_error";

    /// <summary>Adds a notice that is due at once.</summary>
    public void Add(long tenant, CreditNotificationKind kind, string subject, string body, Instant now)
    {
        using var insert = connection.Prepare(
            $"INSERT INTO notification (tenant, {Columns}) SELECT $1, coalesce(max(notification), 0) + 1, $2, $3, $4, $5, 0, 0, $5, NULL "
            + "FROM notification WHERE tenant = $1");
        insert.Bind(1, tenant).Bind(2, (long)kind).Bind(3, subject).Bind(4, body).Bind(5, now.Ticks).Step();
    }

    /// <summary>The notices of a tenant in their order.</summary>
    public IEnumerable<Notice> Query(long tenant)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM notification WHERE tenant = $1 ORDER BY notification")
            .Bind(1, tenant);
        while (select.Step())
            yield return Read(select);
    }

    public Notice? Find(long tenant, long number)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM notification WHERE tenant = $1 AND notification = $2")
            .Bind(1, tenant).Bind(2, number);
        return select.Step() ? Read(select) : null;
    }

    /// <summary>The notices of all tenants that have been neither sent nor given up, by tenant and number.</summary>
    public IEnumerable<(long Tenant, long Number)> Waiting()
    {
        // The pluses keep SQLite from reading all notices in their order.
        using var select = connection.Prepare(
            "SELECT tenant, notification FROM notification WHERE next_at IS NOT NULL ORDER BY +tenant, +notification");
        while (select.Step())
            yield return (select.Int64(0), select.Int64(1));
    }

    /// <summary>Writes what has become of a notice.</summary>
    public void Update(long tenant, Notice notice)
    {
        using var update = connection.Prepare(
            "UPDATE notification SET status = $3, attempts = $4, next_at = $5, last_error = $6 WHERE tenant = $1 AND notification = $2");
        update.Bind(1, tenant).Bind(2, notice.Number).Bind(3, (long)notice.Status).Bind(4, notice.Attempts)
            .Bind(5, notice.NextAt?.Ticks).Bind(6, notice.LastError).Step();
    }

    /// <summary>Says something else in the notices of a kind whose subject ends with a text.</summary>
    public void Replace(long tenant, CreditNotificationKind kind, string end, string words, string others)
    {
        using var update = connection.Prepare(
            "UPDATE notification SET subject = replace(subject, $3, $4), body = replace(body, $3, $4) "
            + "WHERE tenant = $1 AND kind = $2 AND substr(subject, length(subject) - length($5) + 1) = $5");
        update.Bind(1, tenant).Bind(2, (long)kind).Bind(3, words).Bind(4, others).Bind(5, end).Step();
    }

    /// <summary>Notes that something is told now.</summary>
    /// <returns>False where it had been told already.</returns>
    public bool Tell(long tenant, CreditNotificationKind kind, string subject = "")
    {
        using var insert = connection.Prepare(
            "INSERT INTO told (tenant, kind, subject) VALUES ($1, $2, $3) ON CONFLICT (tenant, kind, subject) DO NOTHING");
        return insert.Bind(1, tenant).Bind(2, (long)kind).Bind(3, subject).Run() > 0;
    }

    /// <summary>Notes that something is over, so that it is told when it comes again (N2).</summary>
    public void Rearm(long tenant, CreditNotificationKind kind, string subject = "")
    {
        using var delete = connection.Prepare("DELETE FROM told WHERE tenant = $1 AND kind = $2 AND subject = $3");
        delete.Bind(1, tenant).Bind(2, (long)kind).Bind(3, subject).Step();
    }

    private static Notice Read(StoreStatement row) => new()
    {
        Number = row.Int64(0),
        Kind = (CreditNotificationKind)row.Int32(1),
        Subject = row.Text(2),
        Body = row.Text(3),
        RaisedAt = new(row.Int64(4)),
        Status = (CreditNotificationStatus)row.Int32(5),
        Attempts = row.Int32(6),
        NextAt = row.Int64OrNull(7) is { } next ? new Instant(next) : null,
        LastError = row.TextOrNull(8),
    };
}
