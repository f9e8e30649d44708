using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The recharge rules, the payment methods and the attempts.</summary>
internal sealed class RechargeTable(StoreConnection connection)
{
    /// <summary>A rule as <c>l</c>, and what it has come to as <c>s</c>.</summary>
    public const string RuleColumns =
        "l.enabled, l.minimum, l.amount, l.target, l.maximum_charge, l.maximum_day, l.maximum_month, l.method, s.declines, s.retry_at, "
        + "s.last_failure, s.paused, s.held_at, s.held";

    public const string MethodColumns = "name, gateway, token, token_end, expiry_month, purchase_order";

    public const string AttemptColumns =
        "attempt, amount, state, reason, started_at, settled_at, asked_at, gateway, payment_reference, request, idempotency_key, "
        + "unknown_notified, entry, asks, episode";

    /// <summary>The condition of an attempt that is not settled; it is that of the index that allows one only (R5).</summary>
    public const string IsOpen = "state IN (0, 3)";

    public RechargeRule? FindRule(long tenant)
    {
        using var select = connection.Prepare(
            $"SELECT {RuleColumns} FROM recharge_rule l LEFT JOIN recharge_state s ON s.tenant = l.tenant WHERE l.tenant = $1")
            .Bind(1, tenant);
        return select.Step() ? ReadRule(select, 0) : null;
    }

    /// <summary>The rules of all tenants, by tenant.</summary>
    public Dictionary<long, RechargeRule> Rules()
    {
        var rules = new Dictionary<long, RechargeRule>();
        using var select = connection.Prepare(
            $"SELECT l.tenant, {RuleColumns} FROM recharge_rule l LEFT JOIN recharge_state s ON s.tenant = l.tenant");
        while (select.Step())
            rules[select.Int64(0)] = ReadRule(select, 1);
        return rules;
    }

    /// <summary>The payment methods of a tenant, by name.</summary>
    public IReadOnlyList<PaymentMethod> Methods(long tenant)
    {
        var methods = new List<PaymentMethod>();
        using var select = connection.Prepare($"SELECT {MethodColumns} FROM payment_method WHERE tenant = $1 ORDER BY name_key")
            .Bind(1, tenant);
        while (select.Step())
            methods.Add(ReadMethod(select, 0));
        return methods;
    }

    /// <summary>The attempts of a tenant in their order.</summary>
    public IReadOnlyList<Attempt> Attempts(long tenant, Instant? from = null)
    {
        var attempts = new List<Attempt>();
        using var select = connection.Prepare(
            $"SELECT {AttemptColumns} FROM attempt WHERE tenant = $1 AND started_at >= $2 ORDER BY attempt")
            .Bind(1, tenant).Bind(2, from?.Ticks ?? 0);
        while (select.Step())
            attempts.Add(ReadAttempt(select, 0));
        return attempts;
    }

    /// <summary>The attempt that is not settled, or null; there is never more than one (R5).</summary>
    public Attempt? FindOpen(long tenant)
    {
        using var select = connection.Prepare($"SELECT {AttemptColumns} FROM attempt WHERE tenant = $1 AND {IsOpen}").Bind(1, tenant);
        return select.Step() ? ReadAttempt(select, 0) : null;
    }

    /// <summary>The attempts of all tenants that are not settled, by tenant.</summary>
    public Dictionary<long, Attempt> OpenAttempts()
    {
        var open = new Dictionary<long, Attempt>();
        using var select = connection.Prepare($"SELECT tenant, {AttemptColumns} FROM attempt WHERE {IsOpen}");
        while (select.Step())
            open[select.Int64(0)] = ReadAttempt(select, 1);
        return open;
    }

    /// <summary>The last attempt of each tenant that a cap refused, by tenant.</summary>
    public Dictionary<long, Attempt> LastRefusals()
    {
        var refusals = new Dictionary<long, Attempt>();
        using var select = connection.Prepare($"SELECT tenant, {AttemptColumns} FROM attempt WHERE state = 4 ORDER BY tenant, attempt");
        while (select.Step())
            refusals[select.Int64(0)] = ReadAttempt(select, 1);
        return refusals;
    }

    /// <summary>The last attempt of a tenant that a cap refused, or null.</summary>
    public Attempt? FindLastRefusal(long tenant)
    {
        using var select = connection.Prepare(
            $"SELECT {AttemptColumns} FROM attempt WHERE tenant = $1 AND state = 4 ORDER BY attempt DESC LIMIT 1").Bind(1, tenant);
        return select.Step() ? ReadAttempt(select, 0) : null;
    }

    /// <summary>When the last attempt of each tenant was started that no cap refused, by tenant.</summary>
    public Dictionary<long, Instant> LastStarts()
    {
        var starts = new Dictionary<long, Instant>();
        using var select = connection.Prepare("SELECT tenant, max(started_at) FROM attempt WHERE state <> 4 GROUP BY tenant");
        while (select.Step())
            starts[select.Int64(0)] = new(select.Int64(1));
        return starts;
    }

    public static RechargeRule ReadRule(StoreStatement row, int first) => new()
    {
        Enabled = row.Int64(first) != 0,
        Minimum = new(row.Int64(first + 1)),
        FixedAmount = AmountOrNull(row, first + 2),
        Target = AmountOrNull(row, first + 3),
        MaximumPerCharge = AmountOrNull(row, first + 4),
        MaximumPerDay = AmountOrNull(row, first + 5),
        MaximumPerMonth = AmountOrNull(row, first + 6),
        Method = row.TextOrNull(first + 7),
        Declines = (int)(row.Int64OrNull(first + 8) ?? 0),
        RetryAt = InstantOrNull(row, first + 9),
        LastFailure = row.TextOrNull(first + 10),
        PausedBecause = row.TextOrNull(first + 11),
        HeldAt = InstantOrNull(row, first + 12),
        HeldBecause = row.TextOrNull(first + 13),
    };

    public static PaymentMethod ReadMethod(StoreStatement row, int first) => new()
    {
        Name = row.Text(first),
        Gateway = row.Text(first + 1),
        ProtectedToken = row.IsNull(first + 2) ? null : row.Bytes(first + 2).ToArray(),
        TokenEnd = row.TextOrNull(first + 3),
        ExpiryMonth = row.TextOrNull(first + 4),
        PurchaseOrder = row.TextOrNull(first + 5),
    };

    public static Attempt ReadAttempt(StoreStatement row, int first) => new()
    {
        Number = row.Int64(first),
        Amount = new(row.Int64(first + 1)),
        State = (AutoRechargeAttemptState)row.Int32(first + 2),
        Reason = row.TextOrNull(first + 3),
        StartedAt = new(row.Int64(first + 4)),
        SettledAt = InstantOrNull(row, first + 5),
        AskedAt = InstantOrNull(row, first + 6),
        Gateway = row.Text(first + 7),
        PaymentReference = row.TextOrNull(first + 8),
        ProtectedRequest = row.IsNull(first + 9) ? null : row.Bytes(first + 9).ToArray(),
        IdempotencyKey = row.Text(first + 10),
        UnknownNotified = row.Int64(first + 11) != 0,
        Entry = row.Int64OrNull(first + 12),
        Asks = row.Int32(first + 13),
        Episode = row.Int64(first + 14),
    };

    private static Amount? AmountOrNull(StoreStatement row, int column) =>
        row.Int64OrNull(column) is { } micros ? new Amount(micros) : null;

    private static Instant? InstantOrNull(StoreStatement row, int column) =>
        row.Int64OrNull(column) is { } ticks ? new Instant(ticks) : null;
}
