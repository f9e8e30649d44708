using System.Buffers.Binary;
using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>Where a usage record stands in the ledger.</summary>
/// <param name="Number">The record's number within its tenant.</param>
/// <param name="Import">The number of the import that brought it.</param>
/// <param name="Entry">The sequence of the entry that charges it, or null.</param>
/// <param name="IsBlanked">Whether its personal data was blanked (C4).</param>
internal readonly record struct RecordPlace(long Number, long Import, long? Entry, bool IsBlanked);

/// <summary>The usage records, and which of them an identity stands for.</summary>
internal sealed class UsageTable(StoreConnection connection, SqliteBulk bulk)
{
    private const string Columns =
        "record, import, entry, key, record_id, started_at, duration, call_type, service, caller, callee, user, capability, "
        + "destination, country, domestic, billed_seconds, pooled_seconds, charge, recorded_charge, rated_charge, "
        + "record_currency, sheet, status, salt, personal, void_seconds";

    /// <inheritdoc cref="SqliteBulk.FindOrAddKey"/>
    public long FindOrAddKey(long tenant, UInt128 key, long record) => bulk.FindOrAddKey(tenant, key, record);

    /// <summary>Lets an identity stand for another record: its correction.</summary>
    public void MoveKey(long tenant, UInt128 key, long record)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        using var update = connection.Prepare("UPDATE usage_key SET record = $3 WHERE tenant = $1 AND key = $2");
        update.Bind(1, tenant).BindBlob(2, bytes).Bind(3, record).Step();
    }

    public void Add(long tenant, UsageBatch batch, in UsageCall call, long record, long import, long? entry) =>
        bulk.AddUsage(tenant, batch, call, record, import, entry);

    /// <summary>Writes what charging an unrated record later makes of it (G7).</summary>
    public void UpdateCharge(long tenant, in UsageCall call, long record, long? entry)
    {
        using var update = connection.Prepare(
            "UPDATE usage SET entry = $3, service = $4, billed_seconds = $5, pooled_seconds = $6, charge = $7, rated_charge = $8, "
            + "sheet = $9, status = $10, void_seconds = $11 WHERE tenant = $1 AND record = $2");
        update.Bind(1, tenant).Bind(2, record).Bind(3, entry).Bind(4, (long?)call.Service).Bind(5, call.BilledSeconds)
            .Bind(6, call.PooledSeconds).Bind(7, call.Charge.Micros)
            .Bind(8, call.HasRatedCharge ? call.RatedCharge.Micros : null).Bind(9, call.Sheet).Bind(10, (long)call.Status)
            .Bind(11, call.VoidSeconds).Step();
    }

    public void SetStatus(long tenant, long record, UsageStatus status)
    {
        using var update = connection.Prepare("UPDATE usage SET status = $3 WHERE tenant = $1 AND record = $2");
        update.Bind(1, tenant).Bind(2, record).Bind(3, (long)status).Step();
    }

    /// <summary>The last record's number; 0 before the first.</summary>
    public long LastRecord(long tenant)
    {
        using var select = connection.Prepare("SELECT coalesce(max(record), 0) FROM usage WHERE tenant = $1").Bind(1, tenant);
        select.Step();
        return select.Int64(0);
    }

    /// <summary>
    /// The records, and their entries, that their identity does not lead to, or that an identity leads to which is not theirs. Of
    /// a reversed one it is enough that it is known (C1).
    /// </summary>
    public IEnumerable<(long Record, long? Entry)> LostIdentities(long tenant)
    {
        using var select = connection.Prepare(
            "SELECT u.record, u.entry FROM usage u LEFT JOIN usage_key k ON k.tenant = u.tenant AND k.key = u.key "
            + "WHERE u.tenant = $1 AND (k.record IS NULL OR (k.record <> u.record AND u.status <> 5)) "
            + "UNION ALL SELECT k.record, u.entry FROM usage_key k LEFT JOIN usage u ON u.tenant = k.tenant AND u.record = k.record "
            + "WHERE k.tenant = $1 AND (u.record IS NULL OR u.key <> k.key)").Bind(1, tenant);
        while (select.Step())
            yield return (select.Int64(0), select.Int64OrNull(1));
    }

    /// <summary>Reads a record to the end of a batch, whose call points into the batch's text; null where there is none.</summary>
    public RecordPlace? Find(long tenant, long record, UsageBatch batch)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM usage WHERE tenant = $1 AND record = $2")
            .Bind(1, tenant).Bind(2, record);
        return select.Step() ? Read(select, batch) : null;
    }

    /// <summary>The unrated records after a record, in their order, read to the end of a batch until it is full (G7).</summary>
    public IReadOnlyList<RecordPlace> Unrated(long tenant, long after, UsageBatch batch)
    {
        var places = new List<RecordPlace>();
        // Their numbers first, out of the index of the unrated: SQLite would rather read all records.
        using var select = connection.Prepare(
            $"SELECT {Columns} FROM usage WHERE tenant = $1 AND record IN ("
            + "SELECT record FROM usage WHERE tenant = $1 AND record > $2 AND status = 4 ORDER BY record LIMIT $3) ORDER BY record")
            .Bind(1, tenant).Bind(2, after).Bind(3, UsageBatch.Capacity);
        while (!batch.IsFull && select.Step())
            places.Add(Read(select, batch));
        return places;
    }

    /// <summary>The records after a record, that started before an instant and are not blanked, until the batch is full.</summary>
    public IReadOnlyList<RecordPlace> NotBlanked(long tenant, long after, Instant before, UsageBatch batch)
    {
        var places = new List<RecordPlace>();
        using var select = connection.Prepare(
            $"SELECT {Columns} FROM usage WHERE tenant = $1 AND record > $2 AND started_at < $3 AND personal IS NULL ORDER BY record")
            .Bind(1, tenant).Bind(2, after).Bind(3, before.Ticks);
        while (!batch.IsFull && select.Step())
            places.Add(Read(select, batch));
        return places;
    }

    /// <summary>Leaves of a record's personal data only its digest (C4).</summary>
    public void Blank(long tenant, long record, ReadOnlySpan<byte> personal)
    {
        using var update = connection.Prepare(
            "UPDATE usage SET caller = NULL, callee = NULL, user = NULL, salt = NULL, personal = $3 WHERE tenant = $1 AND record = $2");
        update.Bind(1, tenant).Bind(2, record).BindBlob(3, personal).Step();
    }

    /// <summary>The records of a tenant in their order, one at a time in the batch given, which each next one empties.</summary>
    public IEnumerable<RecordPlace> Query(long tenant, UsageFilter filter, UsageBatch batch)
    {
        using var select = filter.Prepare(connection, Columns, tenant, $" ORDER BY {filter.Order}");
        while (select.Step())
        {
            batch.Reset();
            yield return Read(select, batch);
        }
    }

    /// <summary>How many records <see cref="Query"/> gives.</summary>
    public long Count(long tenant, UsageFilter filter)
    {
        using var select = filter.Prepare(connection, "count(*)", tenant);
        select.Step();
        return select.Int64(0);
    }

    private static RecordPlace Read(StoreStatement row, UsageBatch batch)
    {
        ref var call = ref batch.Add();
        call.Key = BinaryPrimitives.ReadUInt128BigEndian(row.Bytes(3));
        call.RecordId = batch.Append(row.Bytes(4));
        call.StartedAt = new(row.Int64(5));
        call.Duration = row.Int32(6);
        call.CallType = batch.Append(row.Bytes(7));
        call.Type = CallTypes.Parse(batch.Bytes(call.CallType));
        call.Service = (UsageService?)row.Int64OrNull(8);
        call.Caller = batch.Append(row.Bytes(9));
        call.Callee = batch.Append(row.Bytes(10));
        call.User = batch.Append(row.Bytes(11));
        call.Capability = batch.Append(row.Bytes(12));
        call.Destination = batch.Append(row.Bytes(13));
        call.Country = batch.Append(row.Bytes(14));
        call.IsDomestic = row.Int64OrNull(15) is { } domestic ? domestic != 0 : null;
        call.BilledSeconds = row.Int32(16);
        call.PooledSeconds = row.Int32(17);
        call.Charge = new(row.Int64(18));
        if (row.Int64OrNull(19) is { } recorded)
        {
            call.OwnCharge = OwnCharge.Known;
            call.RecordedCharge = new(recorded);
        }

        if (row.Int64OrNull(20) is { } rated)
        {
            call.HasRatedCharge = true;
            call.RatedCharge = new(rated);
        }

        call.Currency = batch.Append(row.Bytes(21));
        call.Sheet = row.Int64OrNull(22);
        call.Status = (UsageStatus)row.Int32(23);
        if (!row.IsNull(24))
            call.Salt = BinaryPrimitives.ReadUInt128BigEndian(row.Bytes(24));
        call.Personal = batch.Append(row.Bytes(25));
        call.VoidSeconds = row.Int32(26);
        return new(row.Int64(0), row.Int64(1), row.Int64OrNull(2), !call.Personal.IsEmpty);
    }
}

/// <summary>Which records are wanted.</summary>
/// <param name="From">The earliest start, or null.</param>
/// <param name="To">The start before which they are, or null.</param>
/// <param name="Statuses">The statuses wanted; all where there are none.</param>
/// <param name="Services">The services wanted; all where there are none.</param>
/// <param name="UserLike">An SQL pattern of the user, with <c>\</c> as its escape, or null.</param>
/// <param name="PooledOnly">Whether only those are wanted that took included minutes.</param>
/// <param name="Import">The number of the import that brought them, or null.</param>
internal sealed record UsageFilter(
    Instant? From = null,
    Instant? To = null,
    IReadOnlyCollection<UsageStatus>? Statuses = null,
    IReadOnlyCollection<UsageService>? Services = null,
    string? UserLike = null,
    bool PooledOnly = false,
    long? Import = null)
{
    /// <summary>By start where a time is asked for, which has an index, else as they came.</summary>
    public string Order => From is null && To is null ? "record" : "started_at, record";

    /// <summary>A statement of what is wanted, bound.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="select">The columns.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="order">What follows the conditions.</param>
    public StoreStatement Prepare(StoreConnection connection, string select, long tenant, string order = "")
    {
        var where = new Conditions().Add("tenant = ", tenant);
        if (From is { } from)
            where.Add("started_at >= ", from.Ticks);
        if (To is { } to)
            where.Add("started_at < ", to.Ticks);
        if (Statuses is { Count: > 0 })
            where.Add($"status IN ({string.Join(", ", Statuses.Select(status => (int)status).Distinct().Order())})");
        if (Services is { Count: > 0 })
            where.Add($"service IN ({string.Join(", ", Services.Select(service => (int)service).Distinct().Order())})");
        if (PooledOnly)
            where.Add("(pooled_seconds > 0 OR void_seconds > 0)");
        if (Import is { } import)
            where.Add("import = ", import);
        if (UserLike is not null)
            where.Add("user LIKE ", UserLike, @" ESCAPE '\'");
        return where.Prepare(connection, $"SELECT {select} FROM usage", order);
    }
}
