using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Time;

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
        + "NULL AS import, c.key AS key, c.record_id AS record_id, coalesce(r.service, c.service) AS service, c.destination AS destination, c.duration AS duration "
        + "FROM entry e LEFT JOIN usage c ON c.tenant = e.tenant AND c.record = e.record "
        + "LEFT JOIN usage_rated r ON r.tenant = e.tenant AND r.record = e.record WHERE e.tenant = $1";

    /// <summary>The calls with an entry of their own; each as an entry of kind Usage.</summary>
    private const string Calls =
        "SELECT u.sequence, 2, -u.charge, u.balance_after, u.started_at, u.posted_at, u.recorded_at, u.actor, NULL, NULL, "
        + "u.lot, u.record, NULL, NULL, u.formula, u.hash, u.import, u.key, u.record_id, u.service, u.destination, u.duration "
        + "FROM usage u WHERE u.tenant = $1 AND u.sequence IS NOT NULL";

    /// <summary>The entries of a tenant in order of sequence.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="from">The earliest EffectiveAt, or null.</param>
    /// <param name="to">The EffectiveAt before which they are, or null.</param>
    /// <param name="kinds">The kinds wanted; all where there are none.</param>
    public IEnumerable<ReadEntry> Query(
        long tenant, Instant? from = null, Instant? to = null, IReadOnlyCollection<CreditTransactionKind>? kinds = null)
    {
        var actors = Actors(tenant);
        using var select = connection.Prepare($"{Union(kinds, Times("e.effective_at", from, to), Times("u.started_at", from, to))} ORDER BY 1");
        Bind(select, tenant, from, to);
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
        using var select = connection.Prepare($"{Entries} AND e.sequence > $2 ORDER BY e.sequence LIMIT $3")
            .Bind(1, tenant).Bind(2, after).Bind(3, most);
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
    public long Count(long tenant, Instant? from, Instant? to, IReadOnlyCollection<CreditTransactionKind>? kinds)
    {
        using var select = connection.Prepare(
            $"SELECT count(*) FROM ({Union(kinds, Times("e.effective_at", from, to), Times("u.started_at", from, to))}) AS entries");
        Bind(select, tenant, from, to);
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

    private static string Times(string column, Instant? from, Instant? to) =>
        (from is null ? string.Empty : $" AND {column} >= $2") + (to is null ? string.Empty : $" AND {column} < ${(from is null ? 2 : 3)}");

    private static string Union(IReadOnlyCollection<CreditTransactionKind>? kinds, string entryTimes, string callTimes)
    {
        var wanted = kinds is { Count: > 0 } ? $" AND e.kind IN ({string.Join(", ", kinds.Select(kind => (int)kind).Distinct().Order())})" : string.Empty;
        var entries = Entries + wanted + entryTimes;
        return kinds is { Count: > 0 } && !kinds.Contains(CreditTransactionKind.Usage) ? entries : $"{entries} UNION ALL {Calls}{callTimes}";
    }

    private static void Bind(StoreStatement select, long tenant, Instant? from, Instant? to)
    {
        select.Bind(1, tenant);
        if (from is { } first)
            select.Bind(2, first.Ticks);
        if (to is { } last)
            select.Bind(from is null ? 2 : 3, last.Ticks);
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
