using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>What an entry of a call is described by: its record.</summary>
/// <param name="Key">The record's identity.</param>
/// <param name="RecordId">Its id where it is no GUID.</param>
/// <param name="Service">The service.</param>
/// <param name="Destination">The destination's name, or null.</param>
/// <param name="Duration">The connected seconds.</param>
internal sealed record EntryCall(UInt128 Key, string? RecordId, UsageService? Service, string? Destination, int Duration);

/// <summary>An entry as it is read: with its hash, and the call it is about.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Call">The call, or null.</param>
internal readonly record struct ReadEntry(LedgerEntry Entry, byte[] Hash, EntryCall? Call);

/// <summary>Which entries are wanted.</summary>
internal sealed record EntryFilter
{
    private readonly string _order = " ORDER BY 1";

    /// <summary>All of a tenant.</summary>
    public static EntryFilter All { get; } = new();

    /// <summary>The earliest EffectiveAt, or null.</summary>
    public Instant? From { get; init; }

    /// <summary>The EffectiveAt before which they are, or null.</summary>
    public Instant? To { get; init; }

    /// <summary>The kinds wanted; empty for all.</summary>
    public IReadOnlyCollection<CreditTransactionKind> Kinds { get; init; } = [];

    /// <summary>The sequences wanted, or null for all.</summary>
    public IReadOnlyList<long>? Sequences { get; init; }

    /// <summary>The identities of the records that they are about, or null for all.</summary>
    public IReadOnlyList<UInt128>? Records { get; init; }

    /// <summary>The numbers of the imports that posted them, or null for all.</summary>
    public IReadOnlyList<long>? Imports { get; init; }

    /// <summary>The numbers of the lots that they made, drew from or gave back to, or null for all.</summary>
    public IReadOnlyList<long>? Lots { get; init; }

    /// <summary>The sequence after which they are.</summary>
    public long? After { get; init; }

    /// <summary>How many are wanted at most, or null.</summary>
    public int? Most { get; init; }

    /// <summary>Whether the newest come first.</summary>
    public bool NewestFirst
    {
        get => _order.EndsWith("DESC", StringComparison.Ordinal);
        init => _order = value ? " ORDER BY 1 DESC" : " ORDER BY 1";
    }

    /// <summary>What a query asks for of one tenant, or null where it is nothing.</summary>
    public static EntryFilter? Of(TransactionQuery query, Tenant tenant)
    {
        var sequences = LedgerIds.Of(tenant.Id, query.TransactionIds, LedgerIds.Entry);
        var (from, to) = Instant.Between(query.From, query.To);
        var imports = LedgerIds.Of(tenant.Id, query.ImportIds, LedgerIds.Import);
        var lots = LedgerIds.Of(tenant.Id, query.FundsIds, LedgerIds.Funds);
        return sequences is { Count: 0 } || imports is { Count: 0 } || lots is { Count: 0 } || query.RecordIds is { Count: 0 } ? null : new()
        {
            From = from,
            To = to,
            Kinds = query.Kinds,
            Sequences = sequences,
            Records = query.RecordIds is null ? null : [.. query.RecordIds.Select(UsageRecords.KeyOf)],
            Imports = imports,
            Lots = lots,
            Most = query.Newest,
            NewestFirst = query.Newest is not null,
        };
    }

    private bool WithCalls => Kinds.Count == 0 || Kinds.Contains(CreditTransactionKind.Usage);

    /// <summary>A statement of what is wanted, bound.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="entries">The query of the entries that are no call's own row; it ends with the condition on <c>$1</c>, the tenant.</param>
    /// <param name="calls">The query of those of calls, likewise.</param>
    public StoreStatement Prepare(StoreConnection connection, long tenant, string entries, string calls)
    {
        var (values, others, ofCalls) = Conditions(connection, tenant);
        var limit = Most is { } most ? Queries.Conditions.AtMost(most) : string.Empty;
        entries += others;
        calls += ofCalls;
        var sql = (WithCalls, Most) switch
        {
            (false, _) => entries,
            (true, null) => $"{entries} UNION ALL {calls}",

            // Each side is cut off by itself, in the order of its own index.
            _ => $"SELECT * FROM ({entries}{_order}{limit}) AS others UNION ALL SELECT * FROM ({calls}{_order}{limit}) AS calls",
        };
        return values.Bind(connection.Prepare(sql + _order + limit));
    }

    /// <summary>A statement that counts them, bound.</summary>
    /// <inheritdoc cref="Prepare"/>
    public StoreStatement PrepareCount(StoreConnection connection, long tenant, string entries, string calls)
    {
        var (values, others, ofCalls) = Conditions(connection, tenant);
        var union = entries + others + (WithCalls ? $" UNION ALL {calls}{ofCalls}" : string.Empty);
        return values.Bind(connection.Prepare($"SELECT count(*) FROM ({union}) AS entries"));
    }

    private (QueryValues Values, string Others, string Calls) Conditions(StoreConnection connection, long tenant)
    {
        var values = new QueryValues();
        values.Add(tenant);
        var others = new StringBuilder();
        var calls = new StringBuilder();
        if (Kinds.Count > 0)
            others.Append(" AND e.kind IN (").AppendJoin(", ", Kinds.Select(kind => (int)kind).Distinct().Order()).Append(')');
        if (From is { } from)
            Both("e.effective_at >= ", "u.started_at >= ", values.Add(from.Ticks));
        if (To is { } to)
            Both("e.effective_at < ", "u.started_at < ", values.Add(to.Ticks));
        if (After is { } after)
            Both("e.sequence > ", "u.sequence > ", values.Add(after));
        if (Sequences is not null)
            Both("e.sequence ", "u.sequence ", values.AddAll(connection, Sequences));
        if (Records is not null)
        {
            var records = $"IN ({UsageTable.RecordsOf(connection, values.AddKeys(Records))})";
            Both("e.record ", "u.record ", records);
        }

        if (Imports is not null)
        {
            // An import has its calls, what it rated, and the entry that records it.
            var isOne = values.AddAll(connection, Imports);
            others.Append(
                CultureInfo.InvariantCulture,
                $" AND (r.import {isOne} AND e.kind = 2 OR e.sequence IN (SELECT i.entry FROM import i WHERE i.tenant = $1 AND i.import {isOne}))");
            calls.Append(" AND u.import ").Append(isOne);
        }

        if (Lots is not null)
        {
            var isOne = values.AddAll(connection, Lots);
            Both(
                "(e.lot {0} OR e.sequence IN ({1}))", "(u.lot {0} OR u.sequence IN ({1}))", isOne,
                $"SELECT d.entry FROM draw d WHERE d.tenant = $1 AND d.lot {isOne} UNION SELECT p.posted FROM draw p WHERE p.tenant = $1 AND p.lot {isOne}");
        }

        return (values, others.ToString(), calls.ToString());

        void Both(string ofEntry, string ofCall, params string[] parts)
        {
            others.Append(" AND ").Append(parts.Length == 1 ? ofEntry + parts[0] : string.Format(CultureInfo.InvariantCulture, ofEntry, parts));
            calls.Append(" AND ").Append(parts.Length == 1 ? ofCall + parts[0] : string.Format(CultureInfo.InvariantCulture, ofCall, parts));
        }
    }
}

/// <summary>
/// The entries. Those of calls stand in the calls' own rows, the others in a table of theirs; read together, they come merged in
/// order of sequence, with what describes a call, so that no entry costs a query.
/// </summary>
internal sealed class EntryTable(StoreConnection connection)
{
    /// <summary>The entries that are no call's own row; a reversal has the call that it is about.</summary>
    private const string Entries =
        "SELECT e.sequence AS sequence, e.kind AS kind, e.amount AS amount, e.balance_after AS balance_after, e.effective_at AS effective_at, "
        + "e.posted_at AS posted_at, e.recorded_at AS recorded_at, e.actor AS actor, e.reference AS reference, e.description AS description, "
        + "e.lot AS lot, e.record AS record, e.reverses AS reverses, e.digests AS digests, e.formula AS formula, e.hash AS hash, "
        + "CAST(NULL AS bigint) AS import, c.key AS key, c.record_id AS record_id, coalesce(r.service, c.service) AS service, c.destination AS destination, c.duration AS duration "
        + "FROM entry e LEFT JOIN usage c ON c.tenant = e.tenant AND c.record = e.record "
        + "LEFT JOIN usage_rated r ON r.tenant = e.tenant AND r.record = e.record WHERE e.tenant = $1";

    /// <summary>The calls with an entry of their own; each as an entry of kind Usage.</summary>
    private const string Calls =
        "SELECT u.sequence, 2, -u.charge, u.balance_after, u.started_at, u.posted_at, u.recorded_at, u.actor, NULL, NULL, "
        + "u.lot, u.record, CAST(NULL AS bigint), NULL, u.formula, u.hash, u.import, u.key, u.record_id, u.service, u.destination, u.duration "
        + "FROM usage u WHERE u.tenant = $1 AND u.sequence IS NOT NULL";

    /// <summary>The entries of a tenant in order of sequence; where the newest are asked for, the newest first.</summary>
    public IEnumerable<ReadEntry> Query(long tenant, EntryFilter? filter = null)
    {
        var actors = Actors(tenant);
        using var select = (filter ?? EntryFilter.All).Prepare(connection, tenant, Entries, Calls);
        while (select.Step())
            yield return Read(select, actors);
    }

    /// <summary>The entries of a tenant after one, so many at most, in order of sequence.</summary>
    public IReadOnlyList<ReadEntry> Page(long tenant, long after, int most)
    {
        var page = new List<ReadEntry>();
        var actors = Actors(tenant);
        using var select = connection.Prepare(
            $"{Entries} AND e.sequence > $2 AND e.sequence <= $2 + $3 UNION ALL {Calls} AND u.sequence > $2 AND u.sequence <= $2 + $3 ORDER BY 1")
            .Bind(1, tenant).Bind(2, after).Bind(3, most);
        while (select.Step())
            page.Add(Read(select, actors));
        return page;
    }

    /// <summary>The entries after one that are no call's own row, so many at most, in order of sequence.</summary>
    public IReadOnlyList<StoredEntry> PageOfOthers(long tenant, long after, int most)
    {
        var page = new List<StoredEntry>();
        using var select = connection.Prepare($"{Entries} AND e.sequence > $2 ORDER BY e.sequence{Queries.Conditions.AtMost(most)}")
            .Bind(1, tenant).Bind(2, after);
        while (select.Step())
        {
            var read = Read(select, []);
            page.Add(new(read.Entry, read.Hash));
        }

        return page;
    }

    /// <summary>The uses of idempotency keys of a tenant.</summary>
    public IReadOnlyList<(string Operation, string Key, IdempotencyUse Use)> Keys(long tenant)
    {
        var keys = new List<(string, string, IdempotencyUse)>();
        using var select = connection.Prepare("SELECT operation, key, parameters, entry FROM idempotency WHERE tenant = $1")
            .Bind(1, tenant);
        while (select.Step())
            keys.Add((select.Text(0), select.Text(1), new(select.Text(2), select.Int64(3))));
        return keys;
    }

    /// <summary>The ledger's own chain (H1b).</summary>
    public IReadOnlyList<LedgerChainEntry> LedgerChain()
    {
        var chain = new List<LedgerChainEntry>();
        using var select = connection.Prepare(
            "SELECT sequence, kind, at, actor, subject, description, digest, hash FROM ledger_entry ORDER BY sequence");
        while (select.Step())
        {
            chain.Add(new(
                select.Int64(0), (LedgerEntryKind)select.Int32(1), new(select.Int64(2)), select.Text(3), select.Text(4), select.Text(5),
                select.IsNull(6) ? null : select.Bytes(6).ToArray(), select.Bytes(7).ToArray()));
        }

        return chain;
    }

    /// <summary>An entry, or null.</summary>
    public ReadEntry? Find(long tenant, long sequence)
    {
        var page = Page(tenant, sequence - 1, 1);
        return page.Count == 0 ? null : page[0];
    }

    /// <summary>How many entries <see cref="Query"/> gives.</summary>
    public long Count(long tenant, EntryFilter filter)
    {
        using var select = filter.PrepareCount(connection, tenant, Entries, Calls);
        select.Step();
        return select.Int64(0);
    }

    /// <summary>
    /// The sum of the entries that do not count yet at an instant (F8): those effective later, but for what had been recorded by then
    /// under a clock that ran ahead; forfeitures count at their instant only. Of entries up to a sequence where it is given.
    /// </summary>
    public Amount SumAfter(long tenant, Instant at, long? last = null)
    {
        var recorded = LastRecordedBy(tenant, at, last ?? long.MaxValue);
        using var select = connection.Prepare(
            "SELECT (SELECT coalesce(sum(amount), 0) FROM entry WHERE tenant = $1 AND effective_at > $2 AND +sequence <= $3 "
            + "AND (+sequence > $4 OR kind IN (3, 4))) "
            + "- (SELECT coalesce(sum(charge), 0) FROM usage WHERE tenant = $1 AND started_at > $2 AND +sequence <= $3 AND +sequence > $4)")
            .Bind(1, tenant).Bind(2, at.Ticks).Bind(3, last ?? long.MaxValue).Bind(4, recorded);
        select.Step();
        return new(select.Int64(0));
    }

    /// <summary>Of each tenant what <see cref="SumAfter"/> gives, in one query.</summary>
    public Dictionary<long, Amount> SumsAfter(Instant at)
    {
        // What was posted by then is found from the end of each chain: where much was posted since, its sum has to be read anyhow.
        const string Posted = "SELECT a.tenant AS tenant, (SELECT {0}.sequence FROM {0} WHERE {0}.tenant = a.tenant AND {0}.sequence IS NOT NULL "
            + "AND {0}.posted_at <= $1 ORDER BY {0}.sequence DESC LIMIT 1) AS sequence FROM account a";
        const string Recorded = "SELECT tenant, max(sequence) FROM {0} WHERE recorded_at IS NOT NULL AND recorded_at <= $1 AND sequence IS NOT NULL GROUP BY tenant";
        string[] parts = [Of(Posted, "entry"), Of(Posted, "usage"), Of(Recorded, "entry"), Of(Recorded, "usage")];
        var sums = new Dictionary<long, Amount>();
        using var select = connection.Prepare(
            "SELECT k.tenant, (SELECT coalesce(sum(e.amount), 0) FROM entry e WHERE e.tenant = k.tenant AND e.effective_at > $1 "
            + "AND (e.sequence > k.last OR e.kind IN (3, 4))) "
            + "- (SELECT coalesce(sum(u.charge), 0) FROM usage u WHERE u.tenant = k.tenant AND u.started_at > $1 AND u.sequence > k.last) "
            + $"FROM (SELECT p.tenant AS tenant, coalesce(max(p.sequence), 0) AS last FROM ({string.Join(" UNION ALL ", parts)}) AS p GROUP BY p.tenant) AS k")
            .Bind(1, at.Ticks);
        while (select.Step())
            sums[select.Int64(0)] = new(select.Int64(1));
        return sums;

        static string Of(string sql, string table) => sql.Replace("{0}", table, StringComparison.Ordinal);
    }

    /// <summary>What forfeitures and releases of a lot make, up to a sequence: 0 or less.</summary>
    public Amount SumOfForfeitures(long tenant, long lot, long last)
    {
        using var select = connection.Prepare(
            "SELECT coalesce(sum(amount), 0) FROM entry WHERE tenant = $1 AND kind IN (3, 4) AND lot = $2 AND sequence <= $3")
            .Bind(1, tenant).Bind(2, lot).Bind(3, last);
        select.Step();
        return new(select.Int64(0));
    }

    /// <summary>
    /// The last entry up to another that had been posted by an instant: by its own clock's reading, or by that of an entry after it
    /// (F8); 0 before the first.
    /// </summary>
    public long LastRecordedBy(long tenant, Instant instant, long last)
    {
        // Where the clock was never set back, the readings never decrease, and halving finds the last one.
        var newest = Math.Min(last, LastSequence(tenant));
        long known = 0;
        for (var end = newest; known < end;)
        {
            var middle = known + ((end - known + 1) / 2);
            if (PostedAt(tenant, middle) <= instant)
                known = middle;
            else
                end = middle - 1;
        }

        using var select = connection.Prepare(
            "SELECT max(sequence) FROM (SELECT max(sequence) AS sequence FROM entry WHERE tenant = $1 AND recorded_at IS NOT NULL AND recorded_at <= $2 AND sequence <= $3 "
            + "UNION ALL SELECT max(sequence) FROM usage WHERE tenant = $1 AND recorded_at IS NOT NULL AND recorded_at <= $2 AND sequence <= $3) AS later")
            .Bind(1, tenant).Bind(2, instant.Ticks).Bind(3, newest);
        select.Step();
        return Math.Max(known, select.Int64OrNull(0) ?? 0);
    }

    /// <summary>Whether an entry was reversed; by an entry up to a sequence where it is given.</summary>
    public bool IsReversed(long tenant, long sequence, long? last = null)
    {
        using var select = connection.Prepare("SELECT 1 FROM entry WHERE tenant = $1 AND reverses = $2 AND sequence <= $3")
            .Bind(1, tenant).Bind(2, sequence).Bind(3, last ?? long.MaxValue);
        return select.Step();
    }

    private long LastSequence(long tenant)
    {
        using var select = connection.Prepare("SELECT sequence FROM account WHERE tenant = $1").Bind(1, tenant);
        return select.Step() ? select.Int64(0) : 0;
    }

    private Instant PostedAt(long tenant, long sequence)
    {
        using var select = connection.Prepare(
            "SELECT posted_at FROM entry WHERE tenant = $1 AND sequence = $2 UNION ALL "
            + "SELECT posted_at FROM usage WHERE tenant = $1 AND sequence = $2").Bind(1, tenant).Bind(2, sequence);
        return select.Step() ? new(select.Int64(0)) : Instant.Latest;
    }

    /// <summary>Who made each import: the calls of one are all posted by him, and do not say it again.</summary>
    public Dictionary<long, string> Actors(long tenant)
    {
        var actors = new Dictionary<long, string>();
        using var select = connection.Prepare("SELECT import, actor FROM import WHERE tenant = $1").Bind(1, tenant);
        while (select.Step())
            actors[select.Int64(0)] = select.Text(1);
        return actors;
    }

    private static ReadEntry Read(StoreStatement row, Dictionary<long, string> actors)
    {
        var posted = new Instant(row.Int64(5));
        var call = row.IsNull(17) ? null : new EntryCall(
            row.Key(17), row.TextOrNull(18),
            (UsageService?)row.Int64OrNull(19), row.TextOrNull(20), row.Int32(21));
        return new(
            new()
            {
                Sequence = row.Int64(0),
                Kind = (CreditTransactionKind)row.Int32(1),
                Amount = new(row.Int64(2)),
                BalanceAfter = new(row.Int64(3)),
                EffectiveAt = new(row.Int64(4)),
                PostedAt = posted,
                RecordedAt = row.Int64OrNull(6) is { } recorded ? new(recorded) : posted,
                Actor = row.TextOrNull(7) ?? (row.Int64OrNull(16) is { } import ? actors.GetValueOrDefault(import, string.Empty) : string.Empty),
                Reference = row.TextOrNull(8),
                Description = row.TextOrNull(9),
                Lot = row.Int64OrNull(10),
                Record = row.Int64OrNull(11),
                Reverses = row.Int64OrNull(12),
                Digests = row.TextOrNull(13),
                Formula = row.Int32(14),
            },
            row.Bytes(15).ToArray(),
            call);
    }
}
