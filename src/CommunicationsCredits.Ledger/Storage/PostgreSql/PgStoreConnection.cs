using System.Buffers.Binary;
using System.Data;
using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace CommunicationsCredits.Ledger.Storage.PostgreSql;

/// <summary>A connection to a ledger in a PostgreSQL database.</summary>
internal sealed class PgStoreConnection : StoreConnection
{
    private const string BeginWrite = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

    private readonly string _location;
    private readonly List<NpgsqlBatchCommand> _queue = [];
    private bool _inTransaction;
    private bool _hasFailed;
    private bool? _hasRowSecurity;

    public PgStoreConnection(string connectionString, string location)
        : base(Open(connectionString, location)) => _location = location;

    /// <inheritdoc/>
    public override bool InTransaction => _inTransaction && !IsBroken;

    /// <summary>Whether the line to the server was lost.</summary>
    public bool IsBroken => Native.FullState is var state && (state.HasFlag(ConnectionState.Broken) || !state.HasFlag(ConnectionState.Open));

    /// <summary>The provider's connection.</summary>
    public NpgsqlConnection Native => (NpgsqlConnection)Connection;

    /// <summary>Whether what the role sees, and writes, goes by policies.</summary>
    private bool HasRowSecurity => _hasRowSecurity ??= Scalar("SELECT CASE WHEN row_security_active('entry') THEN 1 ELSE 0 END") == 1;

    /// <summary>The statement whose rows are being read, if any.</summary>
    public PgStoreStatement? Reading { get; set; }

    /// <inheritdoc/>
    public override string Like => "ILIKE";

    /// <inheritdoc/>
    public override string Among(int parameter) => string.Create(CultureInfo.InvariantCulture, $"= ANY (${parameter})");

    /// <inheritdoc/>
    public override string EndsWith(string column, int parameter) =>
        string.Create(CultureInfo.InvariantCulture, $"right({column}, length(${parameter})) = ${parameter}");

    /// <inheritdoc/>
    public override void FindKeys(long tenant, ReadOnlySpan<UInt128> sortedKeys, Span<long> records)
    {
        records.Clear();
        if (sortedKeys.IsEmpty)
            return;
        using var select = (PgStoreStatement)Prepare("SELECT key, record FROM usage_key WHERE tenant = $1 AND key = ANY ($2)");
        select.Bind(1, tenant);
        select.BindKeys(2, sortedKeys);
        while (select.Step())
        {
            // An identity may be asked for more than once.
            var key = BinaryPrimitives.ReadUInt128BigEndian(select.Bytes(0));
            var found = sortedKeys.BinarySearch(key);
            for (var at = found; at >= 0 && sortedKeys[at] == key; at--)
                records[at] = select.Int64(1);
            for (var at = found + 1; at < sortedKeys.Length && sortedKeys[at] == key; at++)
                records[at] = select.Int64(1);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StoreTable> Tables()
    {
        using var select = Prepare(
            "SELECT CAST(c.relname AS text), CAST(a.attname AS text), array_position(CAST(i.indkey AS smallint[]), a.attnum) "
            + "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            + "LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary "
            + $"WHERE c.relnamespace = '{PgOpening.Schema}'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'commit_token'");
        var columns = new List<(string, string, long?)>();

        // The places in a key count from 0.
        while (select.Step())
            columns.Add((select.Text(0), select.Text(1), select.Int64OrNull(2) + 1));
        return StoreTable.Of(columns);
    }

    /// <inheritdoc/>
    public override void Insert(StoreTable table, StoreStatement rows) => Copy($"{table.Name} ({string.Join(", ", table.Columns)})", importer =>
    {
        while (rows.Step())
        {
            importer.StartRow();
            for (var column = 0; column < table.Columns.Count; column++)
            {
                switch (rows.Value(column))
                {
                    case null:
                        importer.WriteNull();
                        break;
                    case string text:
                        importer.Write(text, NpgsqlDbType.Text);
                        break;
                    case byte[] bytes:
                        importer.Write(bytes, NpgsqlDbType.Bytea);
                        break;
                    case var number:
                        importer.Write(Convert.ToInt64(number, CultureInfo.InvariantCulture), NpgsqlDbType.Bigint);
                        break;
                }
            }
        }
    });

    /// <inheritdoc/>
    public override void LockAll() =>
        Execute("SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE account, ledger IN EXCLUSIVE MODE");

    /// <inheritdoc/>
    public override void Begin(bool writes)
    {
        _hasFailed = false;

        // Whoever waited for a tenant's lock has to see what its holder wrote, and a reader one state of everything.
        Execute(writes ? BeginWrite : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        _inTransaction = true;
    }

    /// <inheritdoc/>
    public override void Commit()
    {
        // The server answers the COMMIT of a transaction in which a statement failed with a rollback, and with no error.
        if (_hasFailed)
            throw new InvalidOperationException("A statement of the transaction has failed.");
        _queue.Add(new("COMMIT"));
        Interrupt();
        _inTransaction = false;
    }

    /// <inheritdoc/>
    public override void Rollback()
    {
        _inTransaction = false;
        _queue.Clear();
        base.Rollback();
    }

    /// <inheritdoc/>
    public override void Execute(string sql)
    {
        Interrupt();
        base.Execute(sql);
    }

    /// <summary>Begins a transaction that writes, and runs statements, with one message to the server and back.</summary>
    /// <param name="statements">The statements, each with its values; they give their rows afterwards.</param>
    public void Begin(IReadOnlyList<StoreStatement> statements)
    {
        _hasFailed = false;
        Interrupt();

        // Where a lock is not got, the transaction is open all the same.
        _inTransaction = true;
        Ask(statements, new(BeginWrite));
    }

    /// <inheritdoc/>
    public override void Ask(IReadOnlyList<StoreStatement> statements)
    {
        Interrupt();
        if (statements.Count > 1)
            Ask(statements, null);
    }

    private void Ask(IReadOnlyList<StoreStatement> statements, NpgsqlBatchCommand? first)
    {
        using var batch = new NpgsqlBatch(Native);
        if (first is not null)
            batch.BatchCommands.Add(first);
        try
        {
            var all = statements.Cast<PgStoreStatement>().ToList();
            foreach (var statement in all)
                batch.BatchCommands.Add(statement.ToBatchCommand());
            using var results = batch.ExecuteReader();
            for (var i = 0; i < all.Count; i++)
            {
                if (i > 0)
                    results.NextResult();
                all[i].Take(results);
            }
        }
        catch (DbException failure)
        {
            throw Translate(failure);
        }
    }

    /// <summary>Lets a statement wait: it runs before the next one that is not to wait, together with all others that do.</summary>
    public void Queue(string sql, Action<StoreStatement> bind)
    {
        using var statement = (PgStoreStatement)Prepare(sql);
        bind(statement);
        _queue.Add(statement.ToBatchCommand());
    }

    /// <summary>Makes the connection free for another statement.</summary>
    public void Interrupt()
    {
        try
        {
            Reading?.KeepRest();
            RunQueue();
        }
        catch (DbException failure)
        {
            throw Translate(failure);
        }
    }

    /// <summary>Writes rows in the server's binary form.</summary>
    /// <param name="target">The table and its columns.</param>
    /// <param name="write">Writes the rows.</param>
    public void Copy(string target, Action<NpgsqlBinaryImporter> write)
    {
        if (!HasRowSecurity)
        {
            CopyInto(target, write);
            return;
        }

        // The server takes no COPY into a table with row security. The node of a cluster that is asked copies to the others by itself, unless
        // rows are to be returned.
        var (table, columns) = target.IndexOf(' ', StringComparison.Ordinal) is var end ? (target[..end], target[(end + 1)..]) : default;
        Execute($"CREATE TEMP TABLE IF NOT EXISTS copied_{table} (LIKE {table}) ON COMMIT DELETE ROWS");
        CopyInto($"copied_{table} {columns}", write);
        Execute($"INSERT INTO {table} {columns} SELECT {columns.Trim('(', ')')} FROM copied_{table} RETURNING 1; DELETE FROM copied_{table}");
    }

    private void CopyInto(string target, Action<NpgsqlBinaryImporter> write)
    {
        Interrupt();
        try
        {
            using var importer = Native.BeginBinaryImport($"COPY {target} FROM STDIN (FORMAT BINARY)");
            importer.Timeout = TimeSpan.FromSeconds(Native.CommandTimeout);
            write(importer);
            importer.Complete();
        }
        catch (DbException failure)
        {
            throw Translate(failure);
        }
    }

    /// <inheritdoc/>
    public override Exception Translate(DbException failure)
    {
        _hasFailed = true;
        return PgErrors.Translate(_location, failure);
    }

    protected override StoreStatement Create(string sql, bool isKept) => new PgStoreStatement(this, sql, isKept);

    private void RunQueue()
    {
        if (_queue.Count == 0)
            return;
        using var batch = new NpgsqlBatch(Native);
        foreach (var command in _queue)
            batch.BatchCommands.Add(command);
        _queue.Clear();
        batch.ExecuteNonQuery();
    }

    private static NpgsqlConnection Open(string connectionString, string location)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            connection.Dispose();
            throw PgErrors.Translate(location, failure);
        }
    }
}
