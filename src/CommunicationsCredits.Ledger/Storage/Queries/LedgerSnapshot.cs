using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>One state of a ledger, to be read; writers go on beside it.</summary>
internal sealed class LedgerSnapshot : IDisposable
{
    private readonly StoreReaders _readers;
    private readonly Action<bool> _release;
    private bool _open;

    /// <summary>Begins a transaction that reads.</summary>
    /// <param name="readers">The readers of the connection.</param>
    /// <param name="release">Hands the connection back, and says whether it can be used again.</param>
    public LedgerSnapshot(StoreReaders readers, Action<bool> release)
    {
        _readers = readers;
        _release = release;
        try
        {
            readers.Connection.Begin(writes: false);
        }
        catch
        {
            release(false);
            throw;
        }

        _open = true;
    }

    /// <summary>What a transaction that writes sees; it goes on when this is disposed.</summary>
    public LedgerSnapshot(StoreReaders readers) => (_readers, _release) = (readers, _ => { });

    public StoreConnection Connection => _readers.Connection;

    public TenantTable Tenants => _readers.Tenants;

    public EntryTable Entries => _readers.Entries;

    public LotTable Lots => _readers.Lots;

    public UsageTable Usage => _readers.Usage;

    public ImportTable Imports => _readers.Imports;

    public RateTable Rates => _readers.Rates;

    public RechargeTable Recharge => _readers.Recharge;

    public NotificationTable Notifications => _readers.Notifications;

    public PoolTable Pools => _readers.Pools;

    public ReportTable Reports => _readers.Reports;

    public MeasureTable Measures => _readers.Measures;

    public UseTable Uses => _readers.Uses;

    public UserTable Users => _readers.Users;

    public BudgetTable Budgets => _readers.Budgets;

    public GuardTable Guards => _readers.Guards;

    public StateLoader States => _readers.States;

    /// <summary>The tenants asked for.</summary>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IReadOnlyList<Tenant> Select(TenantSelection selection) =>
        selection.Id is { } id ? [Tenants.Get(id)] : selection.Among(Tenants.All());

    public void Dispose()
    {
        if (!_open)
            return;
        _open = false;
        try
        {
            if (_readers.Connection.InTransaction)
                _readers.Connection.Rollback();
        }
        finally
        {
            _release(true);
        }
    }
}
