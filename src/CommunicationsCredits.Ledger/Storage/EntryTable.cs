using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>A stored entry with its hash.</summary>
internal readonly record struct StoredEntry(LedgerEntry Entry, byte[] Hash);

/// <summary>What was given with an idempotency key before (C2).</summary>
/// <param name="Parameters">The parameters as given then.</param>
/// <param name="Entry">The entry that came of it.</param>
internal readonly record struct IdempotencyRow(string Parameters, long Entry);

/// <summary>The entries, and the idempotency keys they were posted under.</summary>
internal sealed class EntryTable(StoreConnection connection, SqliteBulk bulk)
{
    private const string Columns =
        "sequence, kind, amount, balance_after, effective_at, posted_at, actor, reference, description, lot, record, reverses, hash";

    public void Add(long tenant, in LedgerEntry entry, ReadOnlySpan<byte> hash) => bulk.AddEntry(tenant, entry, hash);

    public StoredEntry? Find(long tenant, long sequence)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM entry WHERE tenant = $1 AND sequence = $2")
            .Bind(1, tenant).Bind(2, sequence);
        return select.Step() ? Read(select) : null;
    }

    /// <summary>The entries of a tenant in order of sequence.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="from">The earliest EffectiveAt, or null.</param>
    /// <param name="to">The EffectiveAt before which they are, or null.</param>
    /// <param name="kinds">The kinds wanted; all where there are none.</param>
    public IEnumerable<StoredEntry> Query(
        long tenant, Instant? from = null, Instant? to = null, IReadOnlyCollection<CreditTransactionKind>? kinds = null)
    {
        using var select = Prepare(Columns, " ORDER BY sequence", tenant, from, to, kinds);
        while (select.Step())
            yield return Read(select);
    }

    /// <summary>The entries of a tenant after one, so many at most, in order of sequence.</summary>
    public IReadOnlyList<StoredEntry> Page(long tenant, long after, int most)
    {
        var page = new List<StoredEntry>();
        using var select = connection.Prepare($"SELECT {Columns} FROM entry WHERE tenant = $1 AND sequence > $2 ORDER BY sequence LIMIT $3")
            .Bind(1, tenant).Bind(2, after).Bind(3, most);
        while (select.Step())
            page.Add(Read(select));
        return page;
    }

    /// <summary>How many entries <see cref="Query"/> gives.</summary>
    public long Count(long tenant, Instant? from, Instant? to, IReadOnlyCollection<CreditTransactionKind>? kinds)
    {
        using var select = Prepare("count(*)", string.Empty, tenant, from, to, kinds);
        select.Step();
        return select.Int64(0);
    }

    /// <summary>The sum of the entries that count only after an instant; of those up to a sequence where it is given.</summary>
    public Amount SumAfter(long tenant, Instant at, long? last = null) => new(
        // The plus keeps SQLite from reading all entries by their sequence.
        Sum(
            "SELECT coalesce(sum(amount), 0) FROM entry WHERE tenant = $1 AND effective_at > $2 AND kind <> 2 "
            + "AND +sequence <= $3",
            tenant, at, last)
        - Sum(
            "SELECT coalesce(sum(charge), 0) FROM usage WHERE tenant = $1 AND started_at > $2 AND entry <= $3",
            tenant, at, last));

    /// <summary>What forfeitures and releases of a lot make, up to a sequence: 0 or less.</summary>
    public Amount SumOfForfeitures(long tenant, long lot, long last)
    {
        using var select = connection.Prepare(
            "SELECT coalesce(sum(amount), 0) FROM entry WHERE tenant = $1 AND kind IN (3, 4) AND kind <> 2 AND lot = $2 AND sequence <= $3")
            .Bind(1, tenant).Bind(2, lot).Bind(3, last);
        select.Step();
        return new(select.Int64(0));
    }

    /// <summary>The last entry that had been posted by an instant; 0 before the first.</summary>
    public long LastPostedBy(long tenant, Instant instant, long last)
    {
        // PostedAt never decreases, so halving finds it.
        long known = 0;
        while (known < last)
        {
            var middle = known + ((last - known + 1) / 2);
            if (Find(tenant, middle)!.Value.Entry.PostedAt <= instant)
                known = middle;
            else
                last = middle - 1;
        }

        return known;
    }

    /// <summary>Whether an entry was reversed; by an entry up to a sequence where it is given.</summary>
    public bool IsReversed(long tenant, long sequence, long? last = null)
    {
        using var select = connection.Prepare("SELECT 1 FROM entry WHERE tenant = $1 AND reverses = $2 AND sequence <= $3")
            .Bind(1, tenant).Bind(2, sequence).Bind(3, last ?? long.MaxValue);
        return select.Step();
    }

    public IdempotencyRow? FindKey(long tenant, string operation, string key)
    {
        using var select = connection.Prepare(
            "SELECT parameters, entry FROM idempotency WHERE tenant = $1 AND operation = $2 AND key = $3")
            .Bind(1, tenant).Bind(2, operation).Bind(3, key);
        return select.Step() ? new(select.Text(0), select.Int64(1)) : null;
    }

    public void AddKey(long tenant, string operation, string key, string parameters, long entry)
    {
        using var insert = connection.Prepare(
            "INSERT INTO idempotency (tenant, operation, key, parameters, entry) VALUES ($1, $2, $3, $4, $5)");
        insert.Bind(1, tenant).Bind(2, operation).Bind(3, key).Bind(4, parameters).Bind(5, entry).Step();
    }

    private long Sum(string sql, long tenant, Instant at, long? last)
    {
        using var select = connection.Prepare(sql).Bind(1, tenant).Bind(2, at.Ticks).Bind(3, last ?? long.MaxValue);
        select.Step();
        return select.Int64(0);
    }

    private StoreStatement Prepare(
        string select, string order, long tenant, Instant? from, Instant? to, IReadOnlyCollection<CreditTransactionKind>? kinds)
    {
        var where = new Conditions().Add("tenant = ", tenant);
        if (from is { } first)
            where.Add("effective_at >= ", first.Ticks);
        if (to is { } last)
            where.Add("effective_at < ", last.Ticks);
        if (kinds is { Count: > 0 })
            where.Add($"kind IN ({string.Join(", ", kinds.Select(kind => (int)kind).Distinct().Order())})");
        return where.Prepare(connection, $"SELECT {select} FROM entry", order);
    }

    private static StoredEntry Read(StoreStatement row) => new(
        new()
        {
            Sequence = row.Int64(0),
            Kind = (CreditTransactionKind)row.Int32(1),
            Amount = new(row.Int64(2)),
            BalanceAfter = new(row.Int64(3)),
            EffectiveAt = new(row.Int64(4)),
            PostedAt = new(row.Int64(5)),
            Actor = row.Text(6),
            Reference = row.TextOrNull(7),
            Description = row.TextOrNull(8),
            Lot = row.Int64OrNull(9),
            Record = row.Int64OrNull(10),
            Reverses = row.Int64OrNull(11),
        },
        row.Bytes(12).ToArray());
}
