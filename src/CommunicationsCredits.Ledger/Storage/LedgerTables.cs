using CommunicationsCredits.Ledger.Storage.Sqlite;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>The tables of a ledger as one connection sees them: the only places that name tables and columns.</summary>
internal sealed class LedgerTables : IDisposable
{
    public LedgerTables(SqliteStoreConnection connection)
    {
        Connection = connection;
        var bulk = new SqliteBulk(connection);
        Tenants = new(connection);
        Entries = new(connection, bulk);
        Lots = new(connection, bulk);
        Usage = new(connection, bulk);
        Imports = new(connection);
        Rates = new(connection);
        Recharge = new(connection);
        Notifications = new(connection);
        Pools = new(connection);
        Reports = new(connection);
    }

    public SqliteStoreConnection Connection { get; }

    public TenantTable Tenants { get; }

    public EntryTable Entries { get; }

    public LotTable Lots { get; }

    public UsageTable Usage { get; }

    public ImportTable Imports { get; }

    public RateTable Rates { get; }

    public RechargeTable Recharge { get; }

    public NotificationTable Notifications { get; }

    public PoolTable Pools { get; }

    public ReportTable Reports { get; }

    public void Dispose() => Connection.Dispose();
}
