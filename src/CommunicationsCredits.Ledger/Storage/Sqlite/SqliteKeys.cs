using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>
/// Which records identities stand for (U2). Their index is ordered by identity, so that each new one lies on another page of it: a
/// commit that adds a batch to it would write nearly all of it. So the identities of the newest records are found in the records
/// themselves, and go into the index in long sorted runs; <c>usage_keyed</c> says up to which record they are in it. What lies in
/// memory here only spares questions: it begins with nothing, and catches up with whoever else has written.
/// </summary>
internal sealed class SqliteKeys
{
    /// <summary>The tenants that are kept in mind.</summary>
    private const int MostTenants = 256;

    private readonly Dictionary<long, TenantKeys> _tenants = [];

    /// <summary>Which records identities stand for.</summary>
    /// <param name="statements">The statements of a connection, in a transaction: what it sees is what is answered for.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="sortedKeys">The identities in ascending order.</param>
    /// <param name="records">Receives the record of each, or 0.</param>
    public void Find(KeyStatements statements, long tenant, ReadOnlySpan<UInt128> sortedKeys, Span<long> records)
    {
        var keys = Of(tenant);
        lock (keys)
            keys.Find(statements, tenant, sortedKeys, records);
    }

    /// <summary>Puts into the index what is not in it yet.</summary>
    /// <param name="statements">The statements of the connection that writes.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="lastRecord">The last record there is.</param>
    public void Add(KeyStatements statements, long tenant, long lastRecord)
    {
        var first = statements.LastKeyed(tenant);
        if (lastRecord <= first)
            return;
        var keys = Of(tenant);
        IReadOnlyList<Run> pending;
        lock (keys)
            pending = keys.Pending(statements, tenant, first);
        statements.Insert(tenant, Run.Merge(pending));
        statements.SetLastKeyed(tenant, lastRecord);
    }

    /// <summary>Forgets all: the ledger's content was replaced.</summary>
    public void Clear()
    {
        lock (_tenants)
            _tenants.Clear();
    }

    private TenantKeys Of(long tenant)
    {
        lock (_tenants)
        {
            if (_tenants.TryGetValue(tenant, out var keys))
                return keys;
            if (_tenants.Count >= MostTenants)
                _tenants.Clear();
            _tenants.Add(tenant, keys = new());
            return keys;
        }
    }

    /// <summary>What is known of one tenant's identities.</summary>
    private sealed class TenantKeys
    {
        /// <summary>Of so many unsuccessful questions to the index one is what reading all of it costs for each identity in it.</summary>
        private const int MissesPerKey = 4;

        private readonly List<Run> _runs = [];
        private readonly RunBuilder _reading = new();
        private KeyFilter _filter = new();

        /// <summary>The last record that is known, and what it was, by which it is known again.</summary>
        private Anchor _anchor;

        /// <summary>Whether the filter knows what is in the index too, and not only the records after it.</summary>
        private bool _knowsIndex;
        private long _misses;

        /// <summary>The last record that was in the index when it was looked at last.</summary>
        private long _indexed;

        [MethodImpl(HotPath.Compiled)]
        public void Find(KeyStatements statements, long tenant, ReadOnlySpan<UInt128> sortedKeys, Span<long> records)
        {
            CatchUp(statements, tenant);
            var indexed = statements.LastKeyed(tenant);
            if (indexed > 0 && !_knowsIndex && _misses > indexed / MissesPerKey)
            {
                statements.ReadKeys(tenant, key => _filter.Add(key));
                _knowsIndex = true;
            }

            var isIndexAsked = indexed > 0;
            for (var i = 0; i < sortedKeys.Length; i++)
            {
                var key = sortedKeys[i];
                records[i] = 0;
                if (_filter.MayContain(key))
                {
                    // The newest record of an identity is the one it stands for (U3).
                    for (var run = _runs.Count - 1; run >= 0 && records[i] == 0; run--)
                        records[i] = _runs[run].Find(key);
                }
                else if (_knowsIndex)
                {
                    continue;
                }

                if (records[i] == 0 && isIndexAsked)
                {
                    records[i] = statements.Find(tenant, key);
                    _misses += records[i] == 0 ? 1 : 0;
                }
            }
        }

        /// <summary>The identities of the records after one; what has not been committed yet is not kept in mind.</summary>
        public IReadOnlyList<Run> Pending(KeyStatements statements, long tenant, long after)
        {
            if (!IsAnchored(statements, tenant) || after < _indexed)
                Begin(statements, tenant);
            var pending = _runs.Where(run => run.Last > after).ToList();
            _reading.Clear();
            statements.ReadRecords(tenant, Math.Max(after, _anchor.Record), (record, key, _) => _reading.Add(key, record));
            if (_reading.ToRun() is { } rest)
                pending.Add(rest);
            return pending;
        }

        /// <summary>Takes in the records that were added since, by whomever.</summary>
        private void CatchUp(KeyStatements statements, long tenant)
        {
            var indexed = statements.LastKeyed(tenant);
            if (!IsAnchored(statements, tenant) || indexed < _indexed || (indexed > _anchor.Record && !_knowsIndex))
                Begin(statements, tenant);
            _indexed = indexed;
            _runs.RemoveAll(run => run.Last <= indexed);
            _reading.Clear();
            statements.ReadRecords(tenant, _anchor.Record, (record, key, salt) =>
            {
                _filter.Add(key);
                _anchor = new(record, key, salt);
                if (record > indexed)
                    _reading.Add(key, record);
            });
            if (_reading.ToRun() is { } run)
                _runs.Add(run);
        }

        /// <summary>Whether the ledger still has the last record that is known: else an older one was restored in its place.</summary>
        private bool IsAnchored(KeyStatements statements, long tenant) =>
            _anchor.Salt != 0 && statements.ReadAnchor(tenant, _anchor.Record) == _anchor;

        /// <summary>Begins anew, with the index as it is.</summary>
        private void Begin(KeyStatements statements, long tenant)
        {
            _indexed = statements.LastKeyed(tenant);
            _runs.Clear();
            _filter = new();
            _knowsIndex = _indexed == 0;
            _misses = 0;
            _anchor = statements.ReadAnchor(tenant, _indexed);
        }
    }
}

/// <summary>The identities of some records, in order; of several records of one identity, the newest comes last.</summary>
internal sealed class Run
{
    private readonly UInt128[] _keys;
    private readonly int[] _records;
    private readonly long _first;

    /// <summary>Puts identities in order.</summary>
    /// <param name="keys">The identities, in the order of their records.</param>
    /// <param name="records">Their records, counted from the first one on.</param>
    /// <param name="first">The first record.</param>
    public Run(UInt128[] keys, int[] records, long first)
    {
        (_keys, _records, _first) = (keys, records, first);
        Last = first + records[^1];
        Array.Sort(keys, records);
        for (var i = 1; i < keys.Length; i++)
        {
            // Sorting does not keep the order of equal ones.
            for (var at = i; at > 0 && keys[at] == keys[at - 1] && records[at] < records[at - 1]; at--)
                (records[at], records[at - 1]) = (records[at - 1], records[at]);
        }
    }

    /// <summary>The last record.</summary>
    public long Last { get; }

    private (UInt128 Key, long Record) this[int at] => (_keys[at], _first + _records[at]);

    /// <summary>The record that an identity stands for, or 0.</summary>
    public long Find(UInt128 key)
    {
        var found = Array.BinarySearch(_keys, key);
        if (found < 0)
            return 0;
        while (found + 1 < _keys.Length && _keys[found + 1] == key)
            found++;
        return _first + _records[found];
    }

    /// <summary>What several runs have, in order of identities and then of records.</summary>
    public static IEnumerable<(UInt128 Key, long Record)> Merge(IReadOnlyList<Run> runs)
    {
        var next = new PriorityQueue<(Run Run, int At), (UInt128 Key, long Record)>(runs.Count);
        foreach (var run in runs)
            next.Enqueue((run, 0), run[0]);
        while (next.TryPeek(out var head, out var first))
        {
            yield return first;
            if (head.At + 1 < head.Run._keys.Length)
                next.DequeueEnqueue((head.Run, head.At + 1), head.Run[head.At + 1]);
            else
                next.Dequeue();
        }
    }
}

/// <summary>Gathers what a run is made of, in a buffer that is used again.</summary>
internal sealed class RunBuilder
{
    private UInt128[] _keys = new UInt128[256];
    private int[] _records = new int[256];
    private long _first;
    private int _count;

    public void Clear() => _count = 0;

    public void Add(UInt128 key, long record)
    {
        if (_count == _keys.Length)
        {
            Array.Resize(ref _keys, _count * 2);
            Array.Resize(ref _records, _count * 2);
        }

        if (_count == 0)
            _first = record;
        _keys[_count] = key;
        _records[_count++] = checked((int)(record - _first));
    }

    /// <summary>The run, or null where nothing was added.</summary>
    public Run? ToRun() => _count == 0 ? null : new(_keys[.._count], _records[.._count], _first);
}

/// <summary>A record by which the ledger is known again: no other has its random salt.</summary>
/// <param name="Record">The record's number.</param>
/// <param name="Key">Its identity.</param>
/// <param name="Salt">Its salt; 0 where it was blanked.</param>
internal readonly record struct Anchor(long Record, UInt128 Key, UInt128 Salt);

/// <summary>What a connection asks and writes of identities.</summary>
internal sealed class KeyStatements(SqliteStoreConnection connection)
{
    private const int RowsPerStatement = 32;

    // As the records are added (SqliteBulk): no page is copied to undo a statement alone.
    private const string InsertKey = "INSERT OR ROLLBACK INTO usage_key (tenant, key, record) VALUES ";
    private const string MoveKey = " ON CONFLICT (tenant, key) DO UPDATE SET record = excluded.record WHERE excluded.record > record";

    private readonly RawStatement _find = connection.PrepareRaw("SELECT record FROM usage_key WHERE tenant = ?1 AND key = ?2");
    private readonly RawStatement _lastKeyed = connection.PrepareRaw("SELECT record FROM usage_keyed WHERE tenant = ?1");
    private readonly RawStatement _records = connection.PrepareRaw(
        "SELECT record, key, salt FROM usage WHERE tenant = ?1 AND record > ?2 ORDER BY record");

    private readonly RawStatement _record = connection.PrepareRaw("SELECT record, key, salt FROM usage WHERE tenant = ?1 AND record = ?2");
    private readonly RawStatement _keys = connection.PrepareRaw("SELECT key FROM usage_key WHERE tenant = ?1");
    private readonly Lazy<RawStatement> _insert = new(() => connection.PrepareRaw(InsertKey + "(?1, ?2, ?3)" + MoveKey));
    private readonly Lazy<RawStatement> _insertMany = new(() => connection.PrepareRaw(
        InsertKey + string.Join(", ", Enumerable.Range(0, RowsPerStatement).Select(row => $"(?1, ?{(2 * row) + 2}, ?{(2 * row) + 3})")) + MoveKey));

    private readonly Lazy<RawStatement> _setLastKeyed = new(() => connection.PrepareRaw(
        "INSERT INTO usage_keyed (tenant, record) VALUES (?1, ?2) ON CONFLICT (tenant) DO UPDATE SET record = excluded.record"));

    /// <summary>The record of an identity in the index, or 0.</summary>
    public long Find(long tenant, UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        var record = _find.Bind(1, tenant).BindBlobInPlace(2, bytes).Step() ? _find.Int64(0) : 0;
        _find.Reset();
        return record;
    }

    /// <summary>The last record whose identity is in the index, as those before it are.</summary>
    public long LastKeyed(long tenant)
    {
        var record = _lastKeyed.Bind(1, tenant).Step() ? _lastKeyed.Int64(0) : 0;
        _lastKeyed.Reset();
        return record;
    }

    public void SetLastKeyed(long tenant, long record) => _setLastKeyed.Value.Bind(1, tenant).Bind(2, record).Run();

    /// <summary>A record by which the ledger is known again; where it has none of that number, that number alone.</summary>
    public Anchor ReadAnchor(long tenant, long record)
    {
        var anchor = _record.Bind(1, tenant).Bind(2, record).Step()
            ? new Anchor(record, _record.Key(1), _record.Key(2))
            : new Anchor(record, 0, 0);
        _record.Reset();
        return anchor;
    }

    /// <summary>Reads the records after one, in their order.</summary>
    [MethodImpl(HotPath.Compiled)]
    public void ReadRecords(long tenant, long after, Action<long, UInt128, UInt128> read)
    {
        _records.Bind(1, tenant).Bind(2, after);
        while (_records.Step())
            read(_records.Int64(0), _records.Key(1), _records.Key(2));
        _records.Reset();
    }

    /// <summary>Reads all identities in the index.</summary>
    public void ReadKeys(long tenant, Action<UInt128> read)
    {
        _keys.Bind(1, tenant);
        while (_keys.Step())
            read(_keys.Key(0));
        _keys.Reset();
    }

    /// <summary>Adds identities to the index; one that is in it stands for the newer record from now on.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="sorted">The identities and their records, in order.</param>
    [MethodImpl(HotPath.Compiled)]
    public void Insert(long tenant, IEnumerable<(UInt128 Key, long Record)> sorted)
    {
        var rows = new (UInt128 Key, long Record)[RowsPerStatement];
        var count = 0;
        foreach (var row in sorted)
        {
            rows[count++] = row;
            if (count == rows.Length)
            {
                Insert(_insertMany.Value, tenant, rows);
                count = 0;
            }
        }

        for (var row = 0; row < count; row++)
            Insert(_insert.Value, tenant, rows.AsSpan(row, 1));
    }

    private static void Insert(RawStatement insert, long tenant, ReadOnlySpan<(UInt128 Key, long Record)> rows)
    {
        Span<byte> bytes = stackalloc byte[16 * RowsPerStatement];
        insert.Bind(1, tenant);
        for (var row = 0; row < rows.Length; row++)
        {
            var key = bytes.Slice(row * 16, 16);
            BinaryPrimitives.WriteUInt128BigEndian(key, rows[row].Key);
            insert.BindBlobInPlace((2 * row) + 2, key).Bind((2 * row) + 3, rows[row].Record);
        }

        insert.Run();
    }
}
