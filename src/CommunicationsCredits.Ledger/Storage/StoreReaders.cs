using CommunicationsCredits.Ledger.Storage.Queries;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>What one connection reads of a ledger: the only places that name tables and columns to read them.</summary>
internal sealed class StoreReaders(StoreConnection connection) : IDisposable
{
    public StoreConnection Connection => connection;

    public TenantTable Tenants { get; } = new(connection);

    public EntryTable Entries { get; } = new(connection);

    public LotTable Lots { get; } = new(connection);

    public UsageTable Usage { get; } = new(connection);

    public ImportTable Imports { get; } = new(connection);

    public RateTable Rates { get; } = new(connection);

    public RechargeTable Recharge { get; } = new(connection);

    public NotificationTable Notifications { get; } = new(connection);

    public PoolTable Pools { get; } = new(connection);

    public ReportTable Reports { get; } = new(connection);

    public MeasureTable Measures { get; } = new(connection);

    public UseTable Uses { get; } = new(connection);

    public UserTable Users { get; } = new(connection);

    public BudgetTable Budgets { get; } = new(connection);

    public GuardTable Guards { get; } = new(connection);

    public StateLoader States { get; } = new(connection);

    public void Dispose() => connection.Dispose();
}
