namespace CommunicationsCredits.Ledger.Storage;

/// <summary>
/// A transaction on a ledger, and its tables. What it wrote stands only once <see cref="Commit"/> has returned; disposing it
/// without that undoes all of it.
/// </summary>
internal sealed class LedgerTransaction : IDisposable
{
    private readonly LedgerTables _tables;
    private readonly StoreConnection _connection;
    private readonly Action _release;
    private bool _open;

    public LedgerTransaction(LedgerTables tables, bool writes, Action release)
    {
        _tables = tables;
        _connection = tables.Connection;
        _release = release;
        _connection.Begin(writes);
        _open = true;
    }

    public TenantTable Tenants => _tables.Tenants;

    public EntryTable Entries => _tables.Entries;

    public LotTable Lots => _tables.Lots;

    public UsageTable Usage => _tables.Usage;

    public ImportTable Imports => _tables.Imports;

    public RateTable Rates => _tables.Rates;

    public RechargeTable Recharge => _tables.Recharge;

    public NotificationTable Notifications => _tables.Notifications;

    public PoolTable Pools => _tables.Pools;

    public ReportTable Reports => _tables.Reports;

    /// <summary>Makes what was written durable.</summary>
    public void Commit()
    {
        _connection.Commit();
        _open = false;
    }

    /// <summary>
    /// Runs one of several operations of a transaction: if it throws, only what it wrote is undone, and the others stand.
    /// </summary>
    public T Attempt<T>(Func<T> operation)
    {
        _connection.Execute("SAVEPOINT operation");
        try
        {
            var result = operation();
            _connection.Execute("RELEASE operation");
            return result;
        }
        catch
        {
            // A full disk or a lost file has undone the whole transaction already, and this with it.
            if (_connection.InTransaction)
                _connection.Execute("ROLLBACK TO operation; RELEASE operation");
            throw;
        }
    }

    public void Dispose()
    {
        try
        {
            // A full disk or a lost file has rolled back already; then there is nothing to undo.
            if (_open && _connection.InTransaction)
                _connection.Rollback();
        }
        finally
        {
            _open = false;
            _release();
        }
    }
}
