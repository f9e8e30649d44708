namespace CommunicationsCredits.Ledger.Storage;

/// <summary>The tables of a ledger as one connection sees them: the only places that name tables and columns.</summary>
internal sealed class LedgerTables(SqliteConnection connection) : IDisposable
{
    public SqliteConnection Connection => connection;

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

    public void Dispose() => connection.Dispose();
}
