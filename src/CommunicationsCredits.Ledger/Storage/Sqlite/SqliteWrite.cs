using System.Runtime.CompilerServices;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>
/// A write to an SQLite ledger. Its one transaction locks the whole file, so no tenant is locked by itself. What an import makes
/// millions of goes through raw statements, identities in the order of their index.
/// </summary>
internal sealed class SqliteWrite : StoreWrite
{
    /// <summary>
    /// The records whose identities may be missing from the index: so many that adding them writes each of its pages once for many
    /// of them, and so few that they take little memory.
    /// </summary>
    private const int MostPending = 1 << 20;

    private readonly SqliteStoreConnection _connection;
    private readonly SqliteBulk _bulk;
    private readonly Action _release;
    private bool _open = true;
    private bool _isReleased;

    public SqliteWrite(StoreReaders readers, SqliteBulk bulk, Action release)
        : base(readers)
    {
        _connection = (SqliteStoreConnection)readers.Connection;
        _bulk = bulk;
        _release = release;
    }

    public override void Commit()
    {
        _connection.Commit();
        _open = false;
    }

    /// <inheritdoc/>
    public override void AddKeys(long tenant)
    {
        using var select = _connection.Prepare("SELECT records FROM account WHERE tenant = $1").Bind(1, tenant);
        if (select.Step())
            _connection.Keys.Add(_connection.KeyStatements, tenant, select.Int64(0));
    }

    protected override void WriteEntries(long tenant, IReadOnlyList<StoredEntry> entries)
    {
        foreach (var stored in entries)
            _bulk.AddEntry(tenant, stored.Entry, stored.Hash);
    }

    protected override void WriteDraws(long tenant, IReadOnlyList<DrawRow> draws)
    {
        foreach (var draw in draws)
            _bulk.AddDraw(tenant, draw);
    }

    protected override void WriteDebts(long tenant, IReadOnlyCollection<Debt> debts)
    {
        foreach (var debt in debts)
            _bulk.PutDebt(tenant, debt);
    }

    [MethodImpl(HotPath.Compiled)]
    protected override void WriteCalls(long tenant, UsageBatch calls)
    {
        _bulk.AddCalls(tenant, calls);
        long last = 0;
        foreach (ref readonly var call in calls.Calls)
            last = Math.Max(last, call.Record);
        if (last - _connection.KeyStatements.LastKeyed(tenant) >= MostPending)
            _connection.Keys.Add(_connection.KeyStatements, tenant, last);
    }

    protected override void WriteUse(
        long tenant, IReadOnlyDictionary<DayUseKey, DayUse> days, IReadOnlyDictionary<UserMonthKey, Amount> months)
    {
        foreach (var (key, use) in days)
            _bulk.PutDayUse(tenant, key, use);
        foreach (var (key, charge) in months)
            _bulk.PutUserMonth(tenant, key, charge);
    }

    protected override void Dispose(bool disposing)
    {
        if (_isReleased)
            return;
        _isReleased = true;
        try
        {
            // A full disk or a lost file has rolled back already; then there is nothing to undo.
            if (_open && _connection.InTransaction)
                _connection.Rollback();
        }
        finally
        {
            _release();
        }
    }
}
