using System.Data.Common;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>
/// A connection to a store, with the statements that it keeps prepared. One thread uses it at a time. Its store turns the
/// provider's failures into the ledger's errors.
/// </summary>
/// <param name="connection">An open connection, which this one owns.</param>
internal abstract class StoreConnection(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, StoreStatement> _statements = new(StringComparer.Ordinal);

    /// <summary>The provider's connection.</summary>
    public DbConnection Connection => connection;

    /// <summary>Where the ledger is, without any secret.</summary>
    public virtual string Location => "The ledger";

    /// <summary>Whether a transaction is open: false again where a failure has rolled it back.</summary>
    public abstract bool InTransaction { get; }

    /// <summary>The texts of the statements that are kept prepared.</summary>
    public IReadOnlyCollection<string> Texts => _statements.Keys;

    /// <summary>The condition that a column is among the values that a parameter holds (<see cref="StoreStatement.BindAll(int, IReadOnlyList{long})"/>).</summary>
    /// <param name="parameter">The parameter's number.</param>
    public abstract string Among(int parameter);

    /// <summary>The comparison of a text with a pattern, whatever the case of ASCII letters.</summary>
    public virtual string Like => "LIKE";

    /// <summary>The condition that a text ends with the one that a parameter holds.</summary>
    public abstract string EndsWith(string column, int parameter);

    /// <inheritdoc cref="Posting.ILedgerFacts.FindKeys"/>
    public abstract void FindKeys(long tenant, ReadOnlySpan<UInt128> sortedKeys, Span<long> records);

    /// <summary>The last record of a tenant up to which all identities are in the index; those of later ones are found otherwise.</summary>
    public virtual long LastKeyed(long tenant) => long.MaxValue;

    /// <summary>The tables of a ledger, without what a store keeps for its own sake.</summary>
    public abstract IReadOnlyList<StoreTable> Tables();

    /// <summary>The query of all rows of a table, in the order of its key.</summary>
    public virtual string RowsOf(StoreTable table) =>
        $"SELECT {string.Join(", ", table.Columns)} FROM {table.Name} ORDER BY {string.Join(", ", table.Key)}";

    /// <summary>Brings what a store keeps for its own sake in line with the rows that have replaced all others.</summary>
    public virtual void Replaced()
    {
    }

    /// <summary>Writes rows into a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">What gives the rows, of any store; its columns are the table's, in their order.</param>
    public abstract void Insert(StoreTable table, StoreStatement rows);

    /// <summary>Lets nobody else write until the transaction ends.</summary>
    public virtual void LockAll()
    {
    }

    /// <summary>What finds the records of identities too that are not in the index yet: the end of a query, or nothing.</summary>
    /// <param name="isOne">The condition that an identity is one of those wanted; <c>$1</c> is the tenant.</param>
    public virtual string OrNotKeyed(string isOne) => string.Empty;

    /// <summary>Begins a transaction.</summary>
    /// <param name="writes">Whether it writes: then it waits until it is the only one that does.</param>
    /// <exception cref="CreditException"><c>LedgerBusy</c>.</exception>
    public abstract void Begin(bool writes);

    /// <summary>Makes durable what the transaction wrote, and ends it.</summary>
    public virtual void Commit() => Execute("COMMIT");

    /// <summary>Undoes what the transaction wrote, and ends it.</summary>
    public virtual void Rollback() => Execute("ROLLBACK");

    /// <summary>
    /// A statement of <c>$1</c>, <c>$2</c> … that is ready to be bound. Dispose it to hand it back: its text is prepared only once.
    /// </summary>
    /// <param name="sql">One statement. Each parameter is bound before the first step; one that is not is null.</param>
    public StoreStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = Create(sql, isKept: true));

        // Two readers of one text, one within the other, need a statement each.
        else if (statement.IsInUse)
            statement = Create(sql, isKept: false);
        statement.IsInUse = true;
        return statement;
    }

    /// <summary>Adds rows of a tenant up by their keys.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="keys">What they are grouped by, as expressions; the groups have them as <c>k0</c>, <c>k1</c> …</param>
    /// <param name="sums">What is added up, never null; the groups have it under its name, and the number of rows as <c>calls</c>.</param>
    /// <param name="from">Where the rows are: the query from its <c>FROM</c> on.</param>
    /// <param name="values">The values of <paramref name="from"/>, of which <c>$1</c> is the tenant.</param>
    /// <returns>The groups, as a query has them after its <c>FROM</c>, until the next call; the values of that query, of which <c>$1</c> is the tenant.</returns>
    public virtual (string Groups, QueryValues Values) Group(
        long tenant, IReadOnlyList<string> keys, IReadOnlyList<(string Name, string Expression)> sums, string from, QueryValues values) =>
        ($"(SELECT {string.Concat(keys.Select((key, i) => $"{key} AS k{i}, "))}count(*) AS calls"
            + $"{string.Concat(sums.Select(sum => $", sum({sum.Expression}) AS {sum.Name}"))} {from}{GroupBy(keys.Count)})", values);

    /// <summary>The end of a query that is grouped by its first columns.</summary>
    public static string GroupBy(int count) =>
        count == 0 ? string.Empty : $" GROUP BY {string.Join(", ", Enumerable.Range(1, count))}";

    /// <summary>Asks statements that are bound, where it spares time all at once; each then is stepped through as ever.</summary>
    public virtual void Ask(IReadOnlyList<StoreStatement> statements)
    {
    }

    /// <summary>Runs one or more statements without parameters.</summary>
    public virtual void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            command.ExecuteNonQuery();
        }
        catch (DbException failure)
        {
            throw Translate(failure);
        }
    }

    /// <summary>The first column of the first row, or null.</summary>
    public long? Scalar(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64OrNull(0) : null;
    }

    /// <summary>The ledger's error for a failure of the provider.</summary>
    public abstract Exception Translate(DbException failure);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Finish();
        _statements.Clear();
        Dispose(true);
        connection.Dispose();
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    protected abstract StoreStatement Create(string sql, bool isKept);
}
