using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The usage records in their current state: with what rating made of them later, and whether they were reversed.</summary>
internal sealed class UsageTable(StoreConnection connection)
{
    /// <summary>The tables that make up the current state of a record.</summary>
    public const string From = "FROM usage u LEFT JOIN usage_rated r ON r.tenant = u.tenant AND r.record = u.record "
        + "LEFT JOIN usage_reversed x ON x.tenant = u.tenant AND x.record = u.record "
        + "LEFT JOIN entry e ON e.tenant = r.tenant AND e.sequence = r.entry";

    /// <summary>The current status.</summary>
    public const string CurrentStatus = "CASE WHEN x.record IS NOT NULL THEN 5 ELSE coalesce(r.status, u.status) END";

    /// <summary>The current service.</summary>
    public const string Service = "CASE WHEN r.record IS NULL THEN u.service ELSE r.service END";

    /// <summary>The sheet of the current rating.</summary>
    public const string Sheet = "CASE WHEN r.record IS NULL THEN u.sheet ELSE r.sheet END";

    /// <summary>The prefix of the current rating.</summary>
    public const string Prefix = "CASE WHEN r.record IS NULL THEN u.prefix ELSE r.prefix END";

    private const string Columns =
        "u.record, u.import, coalesce(u.sequence, r.entry), u.key, u.record_id, u.started_at, u.duration, u.call_type, "
        + Service + ", u.caller, u.callee, u.user_name, u.capability, u.destination, u.usage_country, u.domestic, "
        + "coalesce(r.billed_seconds, u.billed_seconds), coalesce(r.pooled_seconds, u.pooled_seconds), coalesce(r.charge, u.charge), "
        + "u.recorded_charge, CASE WHEN r.record IS NULL THEN u.rated_charge ELSE r.rated_charge END, u.record_currency, "
        + Sheet + ", coalesce(r.status, u.status), u.salt, u.personal, "
        + "coalesce(r.void_seconds, u.void_seconds), u.other_country, u.operator, u.administrative_units, u.number_type, "
        + Prefix + ", u.balance_after, u.posted_at, u.recorded_at, u.actor, "
        + "coalesce(u.lot, e.lot), u.formula, u.hash, x.record IS NOT NULL";

    private const string Records = "SELECT " + Columns + " " + From;

    /// <summary>The country of a record: the other party's as exported, else that of its rate, else that of its destination's name.</summary>
    public const string Country = "coalesce(u.other_country, p.country, n.code)";

    /// <summary>Where <see cref="Country"/> looks.</summary>
    public static readonly string CountryJoins = $" LEFT JOIN rate p ON p.sheet = {Sheet} AND p.prefix = {Prefix} "
        + $"LEFT JOIN ({MeasureTable.CountryNames}) AS n ON n.name = lower(u.destination)";

    /// <summary>The last record's number; 0 before the first.</summary>
    public long LastRecord(long tenant)
    {
        using var select = connection.Prepare("SELECT coalesce(max(record), 0) FROM usage WHERE tenant = $1").Bind(1, tenant);
        select.Step();
        return select.Int64(0);
    }

    /// <summary>The users of the last records, with how many of them each has, the most first.</summary>
    public IReadOnlyList<(string User, long Calls)> RecentUsers(long tenant, int calls)
    {
        var users = new List<(string, long)>();
        using var select = connection.Prepare(
            $"SELECT user_name, count(*) FROM (SELECT user_name FROM usage WHERE tenant = $1 ORDER BY record DESC{Conditions.AtMost(calls)}) AS last "
            + "WHERE user_name IS NOT NULL GROUP BY user_name ORDER BY 2 DESC, 1").Bind(1, tenant);
        while (select.Step())
            users.Add((select.Text(0), select.Int64(1)));
        return users;
    }

    /// <summary>Records whose key does not point back to them, and keys that point to another call's record.</summary>
    /// <remarks>
    /// A reversed record may have handed its key to its correction (C1). What each of the two tables says is added up first, in its
    /// own order; only where the sums differ is the one looked up in the other, which costs a page a record.
    /// </remarks>
    public IEnumerable<(long Record, long? Entry)> LostIdentities(long tenant, CancellationToken cancellation)
    {
        var last = connection.LastKeyed(tenant);
        var first = new IdentitySum();
        var second = first;
        Add(ref first, "SELECT key, record FROM usage WHERE tenant = $1 AND record <= $2", tenant, last, cancellation);
        Add(ref second, "SELECT key, record FROM usage_key WHERE tenant = $1 AND $2 >= 0", tenant, last, cancellation);
        if (first == second)
            yield break;

        using var select = connection.Prepare(
            "SELECT u.record, u.sequence FROM usage u LEFT JOIN usage_key k ON k.tenant = u.tenant AND k.key = u.key "
            + "LEFT JOIN usage_reversed x ON x.tenant = u.tenant AND x.record = u.record "
            + "WHERE u.tenant = $1 AND u.record <= $2 AND (k.record IS NULL OR (k.record <> u.record AND x.record IS NULL)) "
            + "UNION ALL SELECT k.record, u.sequence FROM usage_key k LEFT JOIN usage u ON u.tenant = k.tenant AND u.record = k.record "
            + "WHERE k.tenant = $1 AND (u.record IS NULL OR u.key <> k.key)").Bind(1, tenant).Bind(2, last);
        while (select.Step())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return (select.Int64(0), select.Int64OrNull(1));
        }
    }

    private void Add(ref IdentitySum sum, string sql, long tenant, long last, CancellationToken cancellation)
    {
        using var select = connection.Prepare(sql).Bind(1, tenant).Bind(2, last);
        while (select.Step())
        {
            cancellation.ThrowIfCancellationRequested();
            sum.Add(select.Key(0), select.Int64(1));
        }
    }

    /// <summary>Reads the charged calls after an entry, in order of their entries, so many at most, to the end of a batch.</summary>
    public void ReadCharged(long tenant, long after, int most, UsageBatch batch)
    {
        using var select = connection.Prepare(
            $"SELECT {BaseColumns} FROM usage u WHERE u.tenant = $1 AND u.sequence > $2 ORDER BY u.sequence{Conditions.AtMost(most)}")
            .Bind(1, tenant).Bind(2, after);
        ReadAll(select, batch);
    }

    /// <summary>Reads the records after another that got no entry when they were imported, so many at most, to the end of a batch.</summary>
    /// <returns>Those of them that have a part of an entry nevertheless, or a digest of no known formula: a correct ledger has none.</returns>
    public IReadOnlyList<long> ReadUncharged(long tenant, long after, int most, UsageBatch batch)
    {
        var strays = new List<long>();
        using var select = connection.Prepare(
            "SELECT u.balance_after IS NULL AND u.posted_at IS NULL AND u.recorded_at IS NULL AND u.actor IS NULL AND u.lot IS NULL "
            + $"AND u.formula IN ({LedgerEntry.FirstFormula}, {LedgerEntry.NewestFormula}) AND u.hash IS NULL, {BaseColumns} FROM usage u "
            + $"WHERE u.tenant = $1 AND u.record > $2 AND u.sequence IS NULL ORDER BY u.record{Conditions.AtMost(most)}")
            .Bind(1, tenant).Bind(2, after);
        while (select.Step())
        {
            ReadRecord(select, batch, 1);
            if (select.Int64(0) == 0)
                strays.Add(batch.Calls[^1].Record);
        }

        return strays;
    }

    /// <summary>
    /// Reads the records after another that rating gave no entry, as it left them, so many at most, to the end of a batch; each has the rating's
    /// import.
    /// </summary>
    /// <returns>The import of each record.</returns>
    public IReadOnlyList<long> ReadRated(long tenant, long after, int most, UsageBatch batch)
    {
        var imports = new List<long>();
        using var select = connection.Prepare(
            $"{Records.Replace("SELECT ", "SELECT r.import, ", StringComparison.Ordinal)} "
            + $"WHERE u.tenant = $1 AND r.record > $2 AND r.entry IS NULL ORDER BY r.record{Conditions.AtMost(most)}")
            .Bind(1, tenant).Bind(2, after);
        while (select.Step())
        {
            ReadRecord(select, batch, first: 1);
            imports.Add(select.Int64(0));
        }

        return imports;
    }

    /// <summary>The records that were reversed, with the entry or the import that did it.</summary>
    public IReadOnlyList<(long Record, long? Entry, long? Import)> Reversed(long tenant)
    {
        var reversed = new List<(long, long?, long?)>();
        using var select = connection.Prepare("SELECT record, entry, import FROM usage_reversed WHERE tenant = $1 ORDER BY record")
            .Bind(1, tenant);
        while (select.Step())
            reversed.Add((select.Int64(0), select.Int64OrNull(1), select.Int64OrNull(2)));
        return reversed;
    }

    /// <summary>The records whose rating is no import that rates; a correct ledger has none.</summary>
    public IReadOnlyList<(long Record, long Import)> RatedByNone(long tenant)
    {
        var records = new List<(long, long)>();
        using var select = connection.Prepare(
            "SELECT r.record, r.import FROM usage_rated r LEFT JOIN import i ON i.tenant = r.tenant AND i.import = r.import "
            + "WHERE r.tenant = $1 AND (i.kind IS NULL OR i.kind <> $2) ORDER BY r.record")
            .Bind(1, tenant).Bind(2, (long)ImportKind.Rating);
        while (select.Step())
            records.Add((select.Int64(0), select.Int64(1)));
        return records;
    }

    /// <summary>Reads records to the end of a batch, as they stand, in order of their numbers.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="records">Their numbers, in ascending order.</param>
    /// <param name="batch">Receives them.</param>
    public void Load(long tenant, IReadOnlyList<long> records, UsageBatch batch) =>
        Load(Records, tenant, records, row => ReadRecord(row, batch));

    /// <summary>Reads of records what says whether another export of them is the same, as <see cref="Load(long, IReadOnlyList{long}, UsageBatch)"/>.</summary>
    public void LoadBillingContents(long tenant, IReadOnlyList<long> records, UsageBatch batch) => Load(
        "SELECT u.record, u.call_type, u.started_at, u.duration, u.callee, u.recorded_charge, u.record_currency, u.capability, u.personal FROM usage u",
        tenant, records, row => ReadBillingContent(row, batch));

    /// <summary>Reads records in order of their numbers; the first column is the number.</summary>
    private void Load(string select, long tenant, IReadOnlyList<long> records, Action<StoreStatement> read)
    {
        // A file that comes again names records that lie together: reading them all is cheaper than looking each up.
        if (records.Count > 0 && records[^1] - records[0] < 2L * records.Count)
        {
            using var range = connection.Prepare($"{select} WHERE u.tenant = $1 AND u.record >= $2 AND u.record <= $3 ORDER BY u.record")
                .Bind(1, tenant).Bind(2, records[0]).Bind(3, records[^1]);
            for (var next = 0; next < records.Count && range.Step();)
            {
                var record = range.Int64(0);
                while (next < records.Count && records[next] < record)
                    next++;
                if (next < records.Count && records[next] == record)
                    read(range);
            }

            return;
        }

        using var some = connection.Prepare($"{select} WHERE u.tenant = $1 AND u.record {connection.Among(2)} ORDER BY u.record")
            .Bind(1, tenant).BindAll(2, records);
        while (some.Step())
            read(some);
    }

    /// <inheritdoc cref="ILedgerFacts.LoadFormer"/>
    public IReadOnlyDictionary<long, long> LoadFormer(long tenant, IReadOnlyList<long> records, UsageBatch batch)
    {
        var former = new Dictionary<long, long>();
        using (var select = connection.Prepare(
            "SELECT n.record, max(f.record) FROM usage n JOIN usage f ON f.tenant = n.tenant AND f.started_at = n.started_at AND f.key = n.key "
            + $"AND f.record < n.record WHERE n.tenant = $1 AND n.record {connection.Among(2)} GROUP BY n.record")
            .Bind(1, tenant).BindAll(2, records))
        {
            while (select.Step())
                former.Add(select.Int64(0), select.Int64(1));
        }

        Load(tenant, [.. former.Values.Order()], batch);
        return former;
    }

    /// <summary>Reads the next page of records to the end of a batch.</summary>
    public void Load(long tenant, RecordPage page, UsageBatch batch)
    {
        if (page is { WithReposted: true, Import: { } origin })
        {
            LoadWithReposted(tenant, origin, page.After, batch);
            return;
        }

        if (page is { Unrated: true, FreeInboundFrom: { } freeFrom })
        {
            LoadUnratedOrFree(tenant, page.After, freeFrom, batch);
            return;
        }

        // Of the unrated there are few: they are found in their own index, which the planner takes only where it covers all.
        var by = page.Unrated ? "k" : "u";
        var where = new Conditions().Add($"{by}.tenant = ", tenant).Add($"{by}.record {(page.Descending ? '<' : '>')} ", page.After);
        if (page.Unrated)
            where.Add("k.status = 4").Add("r.record IS NULL").Add("x.record IS NULL");
        if (page.Last != long.MaxValue)
            where.Add($"{by}.record <= ", page.Last);
        if (page.BySheet is var (from, to))
        {
            // A charge that equals the record's own is its own (G6).
            where.Add($"coalesce(r.status, u.status) IN ({(int)UsageStatus.Charged}, {(int)UsageStatus.Pooled})").Add("x.record IS NULL")
                .Add("CASE WHEN r.record IS NULL THEN u.sheet ELSE r.sheet END IS NOT NULL")
                .Add("(u.recorded_charge IS NULL OR u.recorded_charge <> coalesce(r.charge, u.charge))");
            if (from is { } first)
                where.Add("u.started_at >= ", first.Ticks);
            if (to is { } end)
                where.Add("u.started_at < ", end.Ticks);
        }

        if (page.Import is { } import)
            where.Add("u.import = ", import);
        if (page.NotBlankedBefore is { } before)
            where.Add("u.personal IS NULL").Add("u.started_at < ", before.Ticks);
        var select = page.Unrated
            ? Records.Replace(" FROM usage u", " FROM usage k JOIN usage u ON u.tenant = k.tenant AND u.record = k.record", StringComparison.Ordinal)
            : Records;
        using var rows = where.Prepare(
            connection, select, $" ORDER BY {by}.record {(page.Descending ? "DESC" : string.Empty)} LIMIT {UsageBatch.Capacity}");
        ReadAll(rows, batch);
    }

    /// <summary>
    /// The records of an import, and those that stand for its calls because pricing again posted them anew, from the last to the first.
    /// </summary>
    private void LoadWithReposted(long tenant, long import, long before, UsageBatch batch)
    {
        // An import of usage in between has made the call its own.
        const string SameCall = "o.tenant = u.tenant AND o.started_at = u.started_at AND o.key = u.key AND o.record < u.record";
        using var select = connection.Prepare(
            $"{Records} JOIN import i ON i.tenant = u.tenant AND i.import = u.import WHERE u.tenant = $1 AND u.record < $2 AND (u.import = $3 "
            + $"OR (i.kind IN ({(int)ImportKind.Undo}, {(int)ImportKind.Rerating}) AND x.record IS NULL AND $3 = (SELECT o.import FROM usage o "
            + $"JOIN import oi ON oi.tenant = o.tenant AND oi.import = o.import WHERE {SameCall} AND oi.kind = {(int)ImportKind.Usage} "
            + $"ORDER BY o.record DESC LIMIT 1))) ORDER BY u.record DESC LIMIT {UsageBatch.Capacity}")
            .Bind(1, tenant).Bind(2, before).Bind(3, import);
        ReadAll(select, batch);
    }

    /// <summary>The records that wait for a rate, and the calls in that are free, from a start on (G7).</summary>
    private void LoadUnratedOrFree(long tenant, long after, Instant freeFrom, UsageBatch batch)
    {
        using var select = connection.Prepare(
            $"{Records} WHERE u.tenant = $1 AND u.record > $2 AND r.record IS NULL AND x.record IS NULL AND (u.status = {(int)UsageStatus.Unrated} "
            + $"OR (u.status = {(int)UsageStatus.Free} AND u.service = {(int)UsageService.Inbound} AND u.started_at >= $3)) "
            + $"ORDER BY u.record LIMIT {UsageBatch.Capacity}").Bind(1, tenant).Bind(2, after).Bind(3, freeFrom.Ticks);
        ReadAll(select, batch);
    }

    /// <summary>The calls in that cost nothing, from a start on: the number that was dialled, and the start.</summary>
    public IEnumerable<(byte[] Callee, Instant StartedAt)> FreeInbound(long tenant, Instant from)
    {
        using var select = connection.Prepare(
            $"SELECT u.callee, u.started_at {From} WHERE u.tenant = $1 AND u.started_at >= $2 AND u.status = {(int)UsageStatus.Free} "
            + $"AND u.service = {(int)UsageService.Inbound} AND r.record IS NULL AND x.record IS NULL AND u.callee IS NOT NULL")
            .Bind(1, tenant).Bind(2, from.Ticks);
        while (select.Step())
            yield return (select.Bytes(0).ToArray(), new(select.Int64(1)));
    }

    /// <summary>The records of a tenant in their order, one at a time in the batch given, which each next one empties.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="filter">Which records.</param>
    /// <param name="batch">Where each is read to.</param>
    /// <param name="isShown">Whether each has its <see cref="Country"/> as the other party's, and not only what the export says.</param>
    public IEnumerable<UsageBatch> Query(long tenant, UsageFilter filter, UsageBatch batch, bool isShown = false)
    {
        using var select = filter.Prepare(
            connection, isShown ? $"{Columns}, {Country}" : Columns, tenant, string.Create(CultureInfo.InvariantCulture, $" ORDER BY {filter.Order}{(filter.Top is { } top ? $" LIMIT {top}" : string.Empty)}"),
            isShown);
        while (select.Step())
        {
            batch.Reset();
            ReadRecord(select, batch);
            if (isShown)
                batch.Calls[0].OtherCountry = batch.Append(select.Bytes(CountryColumn));
            yield return batch;
        }
    }

    /// <summary>How many records <see cref="Query"/> gives.</summary>
    public long Count(long tenant, UsageFilter filter)
    {
        using var select = filter.Prepare(connection, "count(*)", tenant, string.Empty);
        select.Step();
        return filter.Top is { } top ? Math.Min(top, select.Int64(0)) : select.Int64(0);
    }

    /// <summary>The query of the records that have one of some identities, or had it before a correction took it over (C1).</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isOne">The condition that an identity is one of them; <c>$1</c> is the tenant.</param>
    public static string RecordsOf(StoreConnection connection, string isOne) =>
        $"SELECT k.record FROM usage_key k WHERE k.tenant = $1 AND k.key {isOne} UNION SELECT o.record FROM usage_reversed o "
        + $"JOIN usage v ON v.tenant = o.tenant AND v.record = o.record WHERE o.tenant = $1 AND v.key {isOne}{connection.OrNotKeyed(isOne)}";

    /// <summary>The columns of a record as it was imported, whatever happened to it since.</summary>
    private const string BaseColumns =
        "u.record, u.import, u.sequence, u.key, u.record_id, u.started_at, u.duration, u.call_type, u.service, u.caller, u.callee, "
        + "u.user_name, u.capability, u.destination, u.usage_country, u.domestic, u.billed_seconds, u.pooled_seconds, u.charge, "
        + "u.recorded_charge, u.rated_charge, u.record_currency, u.sheet, u.status, u.salt, u.personal, u.void_seconds, u.other_country, "
        + "u.operator, u.administrative_units, u.number_type, u.prefix, u.balance_after, u.posted_at, u.recorded_at, u.actor, u.lot, "
        + "u.formula, u.hash, 0";

    private static void ReadAll(StoreStatement select, UsageBatch batch)
    {
        while (select.Step())
            ReadRecord(select, batch);
    }

    private static void ReadBillingContent(StoreStatement row, UsageBatch batch)
    {
        ref var call = ref batch.Add();
        call.Record = row.Int64(0);
        call.CallType = batch.Append(row.Bytes(1));
        call.StartedAt = new(row.Int64(2));
        call.Duration = row.Int32(3);
        call.Callee = batch.Append(row.Bytes(4));
        if (row.Int64OrNull(5) is { } recorded)
        {
            call.RecordedChargeState = RecordedChargeState.Known;
            call.RecordedCharge = new(recorded);
        }

        call.Currency = batch.Append(row.Bytes(6));
        call.Capability = batch.Append(row.Bytes(7));
        call.Personal = batch.Append(row.Bytes(8));
    }

    /// <summary>What follows <see cref="Columns"/>.</summary>
    private const int CountryColumn = 40;

    private static void ReadRecord(StoreStatement row, UsageBatch batch, int first = 0)
    {
        ref var call = ref batch.Add();
        call.Record = row.Int64(first);
        call.Import = row.Int64(first + 1);
        call.Sequence = row.Int64OrNull(first + 2) ?? 0;
        call.Key = row.Key(first + 3);
        call.RecordId = batch.Append(row.Bytes(first + 4));
        call.StartedAt = new(row.Int64(first + 5));
        call.Duration = row.Int32(first + 6);
        call.CallType = batch.Append(row.Bytes(first + 7));
        call.Type = CallTypes.Parse(batch.Bytes(call.CallType));
        call.Service = (UsageService?)row.Int64OrNull(first + 8);
        call.Caller = batch.Append(row.Bytes(first + 9));
        call.Callee = batch.Append(row.Bytes(first + 10));
        call.User = batch.Append(row.Bytes(first + 11));
        call.Capability = batch.Append(row.Bytes(first + 12));
        call.Destination = batch.Append(row.Bytes(first + 13));
        call.UsageCountry = batch.Append(row.Bytes(first + 14));
        call.IsDomestic = row.Int64OrNull(first + 15) is { } domestic ? domestic != 0 : null;
        call.BilledSeconds = row.Int32(first + 16);
        call.PooledSeconds = row.Int32(first + 17);
        call.Charge = new(row.Int64(first + 18));
        if (row.Int64OrNull(first + 19) is { } recorded)
        {
            call.RecordedChargeState = RecordedChargeState.Known;
            call.RecordedCharge = new(recorded);
        }

        if (row.Int64OrNull(first + 20) is { } rated)
        {
            call.HasRatedCharge = true;
            call.RatedCharge = new(rated);
        }

        call.Currency = batch.Append(row.Bytes(first + 21));
        call.Sheet = row.Int64OrNull(first + 22);
        call.Status = (UsageStatus)row.Int32(first + 23);
        if (!row.IsNull(first + 24))
            call.Salt = row.Key(first + 24);
        call.Personal = batch.Append(row.Bytes(first + 25));
        call.UnusableSeconds = row.Int32(first + 26);
        call.OtherCountry = batch.Append(row.Bytes(first + 27));
        call.Operator = batch.Append(row.Bytes(first + 28));
        call.AdministrativeUnits = batch.Append(row.Bytes(first + 29));
        call.NumberType = batch.Append(row.Bytes(first + 30));
        call.Prefix = batch.Append(row.Bytes(first + 31));
        call.BalanceAfter = new(row.Int64OrNull(first + 32) ?? 0);
        call.PostedAt = new(row.Int64OrNull(first + 33) ?? 0);
        call.RecordedAt = row.Int64OrNull(first + 34) is { } recordedAt ? new(recordedAt) : call.PostedAt;
        call.Actor = row.TextOrNull(first + 35);
        call.Lot = row.Int64OrNull(first + 36);
        call.Formula = row.Int32(first + 37);
        call.Hash = batch.Append(row.Bytes(first + 38));
        call.IsReversed = row.Int64(first + 39) != 0;
    }
}

/// <summary>Which records are wanted.</summary>
internal sealed record UsageFilter
{
    // A charge that was undone costs nothing, so it is not among the dearest.
    private const string Dearest = "x.record IS NULL";

    /// <summary>The earliest start, or null.</summary>
    public Instant? From { get; init; }

    /// <summary>The start before which they are, or null.</summary>
    public Instant? To { get; init; }

    /// <summary>The statuses wanted; empty for all.</summary>
    public IReadOnlyCollection<UsageStatus> Statuses { get; init; } = [];

    /// <summary>The services wanted; empty for all.</summary>
    public IReadOnlyCollection<UsageService> Services { get; init; } = [];

    /// <summary>An SQL pattern of the user, with <c>\</c> as its escape, or null.</summary>
    public string? UserLike { get; init; }

    /// <summary>The countries wanted, each by its code and its names, in lower case; empty for all.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>Whether only those are wanted that took included minutes.</summary>
    public bool PooledOnly { get; init; }

    /// <summary>The identities wanted, or null for all.</summary>
    public IReadOnlyList<UInt128>? Keys { get; init; }

    /// <summary>The numbers of the imports that brought them, or null for all.</summary>
    public IReadOnlyList<long>? Imports { get; init; }

    /// <summary>The numbers of the lots that paid for them, or null for all.</summary>
    public IReadOnlyList<long>? Lots { get; init; }

    /// <summary>How many are wanted, the dearest first; null for all.</summary>
    public int? Top { get; init; }

    /// <summary>By start where a time is asked for, which has an index, else as they came.</summary>
    public string Order => Top is not null ? "coalesce(r.charge, u.charge) DESC, u.record" : From is null && To is null ? "u.record" : "u.started_at, u.record";

    /// <summary>What a query asks for of one tenant, or null where it is nothing.</summary>
    public static UsageFilter? Of(UsageQuery query, Tenant tenant)
    {
        var (from, to) = Instant.Between(query.From, query.To);
        var imports = LedgerIds.Of(tenant.Id, query.ImportIds, LedgerIds.Import);
        var lots = LedgerIds.Of(tenant.Id, query.FundsIds, LedgerIds.Funds);
        return imports is { Count: 0 } || lots is { Count: 0 } || query.RecordIds is { Count: 0 } ? null : new()
        {
            From = from,
            To = to,
            Statuses = query.Statuses,
            Services = query.Services,
            UserLike = Like(query.User),
            Countries =
            [
                .. query.Countries.Select(country => Country.Find(country) ?? throw LedgerErrors.InvalidCountry(country, country)).Distinct()
                    .SelectMany(code => Country.CodesOfNames.Where(name => name.Code == code).Select(name => name.Name).Prepend(code.ToLowerInvariant())),
            ],
            Keys = query.RecordIds is null ? null : [.. query.RecordIds.Select(UsageRecords.KeyOf)],
            Imports = imports,
            Lots = lots,
            Top = query.Top,
        };
    }

    /// <summary>A statement of what is wanted, bound.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="select">The columns.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="order">What follows the conditions.</param>
    /// <param name="isCountryNeeded">Whether <see cref="UsageTable.Country"/> is among the columns.</param>
    public StoreStatement Prepare(StoreConnection connection, string select, long tenant, string order = "", bool isCountryNeeded = false)
    {
        var where = new Conditions().Add("u.tenant = ", tenant);
        if (From is { } from)
            where.Add("u.started_at >= ", from.Ticks);
        if (To is { } to)
            where.Add("u.started_at < ", to.Ticks);
        if (Statuses.Count > 0)
            where.Add($"{UsageTable.CurrentStatus} IN ({string.Join(", ", Statuses.Select(status => (int)status).Distinct().Order())})");
        else if (Top is not null)
            where.Add(Dearest);
        if (Services.Count > 0)
            where.Add($"{UsageTable.Service} IN ({string.Join(", ", Services.Select(service => (int)service).Distinct().Order())})");
        if (PooledOnly)
            where.Add("(coalesce(r.pooled_seconds, u.pooled_seconds) > 0 OR coalesce(r.void_seconds, u.void_seconds) > 0)");
        if (UserLike is not null)
            where.Add($"u.user_name {connection.Like} ", UserLike, @" ESCAPE '\'");
        if (Countries.Count > 0)
            where.Add($"lower({UsageTable.Country}) {where.Values.AddAll(connection, Countries)}");
        if (Keys is not null)
            where.Add($"u.record IN ({UsageTable.RecordsOf(connection, where.Values.AddKeys(Keys))})");
        if (Imports is not null)
            where.Add($"u.import {where.Values.AddAll(connection, Imports)}");
        if (Lots is not null)
        {
            var isOne = where.Values.AddAll(connection, Lots);
            where.Add($"(coalesce(u.lot, e.lot) {isOne} OR coalesce(u.sequence, r.entry) IN (SELECT d.entry FROM draw d WHERE d.tenant = $1 AND d.lot {isOne}))");
        }

        return where.Prepare(connection, $"SELECT {select} {UsageTable.From}{(isCountryNeeded || Countries.Count > 0 ? UsageTable.CountryJoins : string.Empty)}", order);
    }

    /// <summary>A pattern with * and ? as SQL has it.</summary>
    private static string? Like(string? pattern)
    {
        if (pattern is null)
            return null;
        var like = new StringBuilder();
        foreach (var c in pattern)
        {
            _ = c switch
            {
                '*' => like.Append('%'),
                '?' => like.Append('_'),
                '%' or '_' or '\\' => like.Append('\\').Append(c),
                _ => like.Append(c),
            };
        }

        return like.ToString();
    }
}

/// <summary>
/// A sum of identities and their records that does not depend on their order. Its terms depend on numbers that are drawn anew each
/// time, so that nobody can choose two that make up for each other.
/// </summary>
internal record struct IdentitySum
{
    private readonly ulong _first;
    private readonly ulong _second;
    private UInt128 _sum;

    public IdentitySum()
    {
        Span<byte> random = stackalloc byte[2 * sizeof(ulong)];
        System.Security.Cryptography.RandomNumberGenerator.Fill(random);
        _first = BitConverter.ToUInt64(random);
        _second = BitConverter.ToUInt64(random[sizeof(ulong)..]);
        _sum = 0;
    }

    public void Add(UInt128 key, long record)
    {
        var high = Mix((ulong)(key >> 64) ^ _first);
        var low = Mix((ulong)key + high + _second);
        _sum = unchecked(_sum + new UInt128(Mix(low ^ (ulong)record), Mix(high + (ulong)record + low)));
    }

    private static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
