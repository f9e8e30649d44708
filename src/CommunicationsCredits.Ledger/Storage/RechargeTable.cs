using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>The recharge rules, payment methods and attempts.</summary>
internal sealed class RechargeTable(StoreConnection connection)
{
    private const string RuleColumns =
        "enabled, minimum, amount, target, maximum_charge, maximum_day, maximum_month, method, declines, retry_at, last_failure";

    private const string MethodColumns = "name, gateway, token, token_end, expiry_month, purchase_order";

    private const string AttemptColumns =
        "attempt, amount, state, reason, started_at, settled_at, asked_at, gateway, payment_reference, request, idempotency_key, "
        + "told_unknown, entry, asks";

    public RechargeRule? FindRule(long tenant)
    {
        using var select = connection.Prepare($"SELECT {RuleColumns} FROM recharge_rule WHERE tenant = $1").Bind(1, tenant);
        if (!select.Step())
            return null;
        return new()
        {
            Enabled = select.Int64(0) != 0,
            Minimum = new(select.Int64(1)),
            FixedAmount = AmountOrNull(select, 2),
            Target = AmountOrNull(select, 3),
            MaximumPerCharge = AmountOrNull(select, 4),
            MaximumPerDay = AmountOrNull(select, 5),
            MaximumPerMonth = AmountOrNull(select, 6),
            Method = select.TextOrNull(7),
            Declines = select.Int32(8),
            RetryAt = InstantOrNull(select, 9),
            LastFailure = select.TextOrNull(10),
        };
    }

    public void PutRule(long tenant, RechargeRule rule)
    {
        using var put = connection.Prepare(
            $"INSERT INTO recharge_rule (tenant, {RuleColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
            + Upsert.Of("tenant", RuleColumns));
        put.Bind(1, tenant).Bind(2, rule.Enabled ? 1 : 0).Bind(3, rule.Minimum.Micros).Bind(4, rule.FixedAmount?.Micros)
            .Bind(5, rule.Target?.Micros).Bind(6, rule.MaximumPerCharge?.Micros).Bind(7, rule.MaximumPerDay?.Micros)
            .Bind(8, rule.MaximumPerMonth?.Micros).Bind(9, rule.Method).Bind(10, rule.Declines).Bind(11, rule.RetryAt?.Ticks)
            .Bind(12, rule.LastFailure).Step();
    }

    public PaymentMethod? FindMethod(long tenant, string name)
    {
        using var select = connection.Prepare($"SELECT {MethodColumns} FROM payment_method WHERE tenant = $1 AND name_key = $2")
            .Bind(1, tenant).Bind(2, name.ToUpperInvariant());
        return select.Step() ? ReadMethod(select) : null;
    }

    public IEnumerable<PaymentMethod> Methods(long tenant)
    {
        using var select = connection.Prepare($"SELECT {MethodColumns} FROM payment_method WHERE tenant = $1 ORDER BY name_key")
            .Bind(1, tenant);
        while (select.Step())
            yield return ReadMethod(select);
    }

    public void PutMethod(long tenant, PaymentMethod method)
    {
        using var put = connection.Prepare(
            $"INSERT INTO payment_method (tenant, name_key, {MethodColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
            + Upsert.Of("tenant, name_key", MethodColumns));
        put.Bind(1, tenant).Bind(2, method.Name.ToUpperInvariant()).Bind(3, method.Name).Bind(4, method.Gateway);
        if (method.ProtectedToken is { } token)
            put.BindBlob(5, token);
        put.Bind(6, method.TokenEnd).Bind(7, method.ExpiryMonth).Bind(8, method.PurchaseOrder).Step();
    }

    public void RemoveMethod(long tenant, string name)
    {
        using var delete = connection.Prepare("DELETE FROM payment_method WHERE tenant = $1 AND name_key = $2");
        delete.Bind(1, tenant).Bind(2, name.ToUpperInvariant()).Step();
    }

    /// <summary>The attempts of a tenant in their order.</summary>
    public IEnumerable<Attempt> Attempts(long tenant, Instant? from = null)
    {
        var where = new Conditions().Add("tenant = ", tenant);
        if (from is { } first)
            where.Add("started_at >= ", first.Ticks);
        using var select = where.Prepare(connection, $"SELECT {AttemptColumns} FROM attempt", " ORDER BY attempt");
        while (select.Step())
            yield return ReadAttempt(select);
    }

    public Attempt? FindAttempt(long tenant, long attempt)
    {
        using var select = connection.Prepare($"SELECT {AttemptColumns} FROM attempt WHERE tenant = $1 AND attempt = $2")
            .Bind(1, tenant).Bind(2, attempt);
        return select.Step() ? ReadAttempt(select) : null;
    }

    /// <summary>The attempt that is not settled, or null; there is never more than one (R5).</summary>
    public Attempt? FindOpen(long tenant)
    {
        using var select = connection.Prepare($"SELECT {AttemptColumns} FROM attempt WHERE tenant = $1 AND state IN (0, 3)")
            .Bind(1, tenant);
        return select.Step() ? ReadAttempt(select) : null;
    }

    public Instant? LastStart(long tenant)
    {
        using var select = connection.Prepare("SELECT max(started_at) FROM attempt WHERE tenant = $1 AND state <> 4").Bind(1, tenant);
        return select.Step() ? InstantOrNull(select, 0) : null;
    }

    /// <summary>What was charged, or may have been, by attempts started from an instant on (R4).</summary>
    public Amount ChargedSince(long tenant, Instant from)
    {
        using var select = connection.Prepare(
            "SELECT coalesce(sum(amount), 0) FROM attempt WHERE tenant = $1 AND started_at >= $2 AND state IN (0, 1, 3)")
            .Bind(1, tenant).Bind(2, from.Ticks);
        select.Step();
        return new(select.Int64(0));
    }

    public long NextAttempt(long tenant)
    {
        using var select = connection.Prepare("SELECT coalesce(max(attempt), 0) + 1 FROM attempt WHERE tenant = $1").Bind(1, tenant);
        select.Step();
        return select.Int64(0);
    }

    public void PutAttempt(long tenant, Attempt attempt)
    {
        // A plain insert or update: replacing would silently remove another open attempt.
        using var put = connection.Prepare(
            $"INSERT INTO attempt (tenant, {AttemptColumns}) VALUES "
            + "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
            + "ON CONFLICT (tenant, attempt) DO UPDATE SET state = $4, reason = $5, settled_at = $7, asked_at = $8, "
            + "payment_reference = $10, told_unknown = $13, entry = $14, asks = $15");
        put.Bind(1, tenant).Bind(2, attempt.Number).Bind(3, attempt.Amount.Micros).Bind(4, (long)attempt.State)
            .Bind(5, attempt.Reason).Bind(6, attempt.StartedAt.Ticks).Bind(7, attempt.SettledAt?.Ticks)
            .Bind(8, attempt.AskedAt?.Ticks).Bind(9, attempt.Gateway).Bind(10, attempt.PaymentReference);
        if (attempt.ProtectedRequest is { } request)
            put.BindBlob(11, request);
        put.Bind(12, attempt.IdempotencyKey).Bind(13, attempt.ToldUnknown ? 1 : 0).Bind(14, attempt.Entry)
            .Bind(15, attempt.Asks).Step();
    }

    private static Amount? AmountOrNull(StoreStatement row, int column) =>
        row.Int64OrNull(column) is { } micros ? new Amount(micros) : null;

    private static Instant? InstantOrNull(StoreStatement row, int column) =>
        row.Int64OrNull(column) is { } ticks ? new Instant(ticks) : null;

    private static PaymentMethod ReadMethod(StoreStatement row) => new()
    {
        Name = row.Text(0),
        Gateway = row.Text(1),
        ProtectedToken = row.IsNull(2) ? null : row.Bytes(2).ToArray(),
        TokenEnd = row.TextOrNull(3),
        ExpiryMonth = row.TextOrNull(4),
        PurchaseOrder = row.TextOrNull(5),
    };

    private static Attempt ReadAttempt(StoreStatement row) => new()
    {
        Number = row.Int64(0),
        Amount = new(row.Int64(1)),
        State = (AutoRechargeAttemptState)row.Int32(2),
        Reason = row.TextOrNull(3),
        StartedAt = new(row.Int64(4)),
        SettledAt = InstantOrNull(row, 5),
        AskedAt = InstantOrNull(row, 6),
        Gateway = row.Text(7),
        PaymentReference = row.TextOrNull(8),
        ProtectedRequest = row.IsNull(9) ? null : row.Bytes(9).ToArray(),
        IdempotencyKey = row.Text(10),
        ToldUnknown = row.Int64(11) != 0,
        Entry = row.Int64OrNull(12),
        Asks = row.Int32(13),
    };
}
