using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>What calls of a service cost.</summary>
/// <param name="Service">The service.</param>
/// <param name="Calls">How many there were.</param>
/// <param name="Charge">What they cost, 0 or more.</param>
internal readonly record struct ServiceUse(UsageService Service, long Calls, Amount Charge);

/// <summary>What calls of a service to a destination cost.</summary>
/// <param name="Service">The service.</param>
/// <param name="Destination">The destination's name, or null.</param>
/// <param name="Calls">How many there were.</param>
/// <param name="Charge">What they cost, 0 or more.</param>
internal readonly record struct DestinationUse(UsageService Service, string? Destination, long Calls, Amount Charge);

/// <summary>A sum of a day UTC.</summary>
/// <param name="Day">The days since the start of the year 1.</param>
/// <param name="Sum">The sum.</param>
internal readonly record struct DaySum(long Day, Amount Sum);

/// <summary>Sums over the entries and the usage of a tenant, added up by the database: a tenant may have millions.</summary>
internal sealed class ReportTable(StoreConnection connection)
{
    private const string DayOf = "/ 864000000000";

    /// <summary>The charges of calls between $2 and $3: those of their own rows, and those that rating made later.</summary>
    private const string Charges =
        "SELECT u.started_at AS at, coalesce(u.service, 6) AS service, u.destination AS destination, u.charge AS charge, u.sequence AS sequence, u.record AS record "
        + "FROM usage u WHERE u.tenant = $1 AND u.started_at >= $2 AND u.started_at < $3 AND u.sequence IS NOT NULL "
        + "UNION ALL SELECT e.effective_at, coalesce(r.service, 6), c.destination, -e.amount, e.sequence, e.record FROM entry e "
        + "JOIN usage_rated r ON r.tenant = e.tenant AND r.record = e.record JOIN usage c ON c.tenant = e.tenant AND c.record = e.record "
        + "WHERE e.tenant = $1 AND e.effective_at >= $2 AND e.effective_at < $3 AND e.kind = 2";

    /// <summary>What the entries make that are no calls, by kind.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="from">The earliest EffectiveAt.</param>
    /// <param name="to">The EffectiveAt before which they are.</param>
    /// <param name="last">The last entry that counts.</param>
    public Dictionary<CreditTransactionKind, Amount> SumsByKind(long tenant, Instant from, Instant to, long last)
    {
        var sums = new Dictionary<CreditTransactionKind, Amount>();
        using var select = connection.Prepare(
            "SELECT kind, sum(amount) FROM entry "
            + "WHERE tenant = $1 AND effective_at >= $2 AND effective_at < $3 AND kind <> 2 AND +sequence <= $4 GROUP BY kind");
        Bind(select, tenant, from, to, last);
        while (select.Step())
            sums.Add((CreditTransactionKind)select.Int32(0), new(select.Int64(1)));
        return sums;
    }

    /// <summary>What calls cost, by service, those reversed since included.</summary>
    /// <inheritdoc cref="SumsByKind" path="/param"/>
    public IReadOnlyList<ServiceUse> UseByService(long tenant, Instant from, Instant to, long last)
    {
        var use = new List<ServiceUse>();
        using var select = connection.Prepare(
            $"SELECT service, count(*), sum(charge) FROM ({Charges}) AS charges WHERE sequence <= $4 GROUP BY 1 ORDER BY 1");
        Bind(select, tenant, from, to, last);
        while (select.Step())
            use.Add(new((UsageService)select.Int32(0), select.Int64(1), new(select.Int64(2))));
        return use;
    }

    /// <summary>What calls cost that stand, by service and destination; those that were reversed are left out.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="from">The earliest start.</param>
    /// <param name="to">The start before which they are.</param>
    public IReadOnlyList<DestinationUse> UseByDestination(long tenant, Instant from, Instant to)
    {
        var use = new List<DestinationUse>();
        using var select = connection.Prepare(
            $"SELECT c.service, c.destination, count(*), sum(c.charge) FROM ({Charges}) AS c "
            + "LEFT JOIN usage_reversed x ON x.tenant = $1 AND x.record = c.record WHERE x.record IS NULL GROUP BY 1, 2")
            .Bind(1, tenant).Bind(2, from.Ticks).Bind(3, to.Ticks);
        while (select.Step())
            use.Add(new((UsageService)select.Int32(0), select.TextOrNull(1), select.Int64(2), new(select.Int64(3))));
        return use;
    }

    /// <summary>What calls cost, those reversed since included: 0 or more.</summary>
    /// <inheritdoc cref="SumsByKind" path="/param"/>
    public Amount Use(long tenant, Instant from, Instant to, long last)
    {
        using var select = connection.Prepare(
            "SELECT (SELECT coalesce(sum(charge), 0) FROM usage WHERE tenant = $1 AND started_at >= $2 AND started_at < $3 AND +sequence <= $4) "
            + "- (SELECT coalesce(sum(amount), 0) FROM entry WHERE tenant = $1 AND effective_at >= $2 AND effective_at < $3 AND kind = 2 AND +sequence <= $4)");
        Bind(select, tenant, from, to, last);
        select.Step();
        return new(select.Int64(0));
    }

    /// <summary>How many records wait for a rate (G7).</summary>
    public long Unrated(long tenant)
    {
        using var select = connection.Prepare(
            "SELECT count(*) FROM usage u LEFT JOIN usage_rated r ON r.tenant = u.tenant AND r.record = u.record "
            + "LEFT JOIN usage_reversed x ON x.tenant = u.tenant AND x.record = u.record "
            + "WHERE u.tenant = $1 AND u.status = 4 AND r.record IS NULL AND x.record IS NULL").Bind(1, tenant);
        select.Step();
        return select.Int64(0);
    }

    /// <summary>What calls cost on each day that has any, less what was reversed since; in order.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="from">The earliest start.</param>
    /// <param name="to">The start before which they are.</param>
    public IReadOnlyList<DaySum> UseByDay(long tenant, Instant from, Instant to) => Days(
        $"SELECT started_at {DayOf} AS day, sum(charge) AS sum FROM usage "
        + "WHERE tenant = $1 AND started_at >= $2 AND started_at < $3 AND sequence IS NOT NULL GROUP BY 1 "
        + $"UNION ALL SELECT effective_at {DayOf}, -sum(amount) FROM entry "
        + "WHERE tenant = $1 AND effective_at >= $2 AND effective_at < $3 AND kind IN (2, 5) AND record IS NOT NULL GROUP BY 1",
        tenant, from, to);

    /// <summary>What all entries make of each day that has any; in order.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="from">The earliest EffectiveAt.</param>
    /// <param name="to">The EffectiveAt before which they are.</param>
    public IReadOnlyList<DaySum> ChangeByDay(long tenant, Instant from, Instant to) => Days(
        $"SELECT started_at {DayOf} AS day, -sum(charge) AS sum FROM usage "
        + "WHERE tenant = $1 AND started_at >= $2 AND started_at < $3 AND sequence IS NOT NULL GROUP BY 1 "
        + $"UNION ALL SELECT effective_at {DayOf}, sum(amount) FROM entry "
        + "WHERE tenant = $1 AND effective_at >= $2 AND effective_at < $3 GROUP BY 1",
        tenant, from, to);

    /// <summary>The starts of the first and the last call before an instant, whatever they cost; null without one.</summary>
    public (Instant First, Instant Last)? Calls(long tenant, Instant before)
    {
        // Each by itself is one step into the index; both in one statement would read all of it.
        var first = Call("min", tenant, before);
        return first is { } start ? (start, Call("max", tenant, before)!.Value) : null;
    }

    private Instant? Call(string which, long tenant, Instant before)
    {
        using var select = connection.Prepare(
            $"SELECT {which}(started_at) FROM usage WHERE tenant = $1 AND started_at < $2")
            .Bind(1, tenant).Bind(2, before.Ticks);
        return select.Step() && select.Int64OrNull(0) is { } ticks ? new Instant(ticks) : null;
    }

    private List<DaySum> Days(string parts, long tenant, Instant from, Instant to)
    {
        var days = new List<DaySum>();
        using var select = connection.Prepare($"SELECT day, sum(sum) FROM ({parts}) AS parts GROUP BY day ORDER BY day")
            .Bind(1, tenant).Bind(2, from.Ticks).Bind(3, to.Ticks);
        while (select.Step())
            days.Add(new(select.Int64(0), new(select.Int64(1))));
        return days;
    }

    private static void Bind(StoreStatement select, long tenant, Instant from, Instant to, long last) =>
        select.Bind(1, tenant).Bind(2, from.Ticks).Bind(3, to.Ticks).Bind(4, last);
}
