using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Storage;

/// <summary>What is removed with a tenant, asked of the schema itself: a table that a migration adds cannot be forgotten.</summary>
public sealed class RemovedTenantTests
{
    /// <summary>Only an entry of money puts a row there, and a tenant with one is never removed (T1).</summary>
    private static readonly string[] OfMoneyOnly = ["debt", "draw", "lot", "sheet_used"];

    [Fact]
    [Trait("Rule", "T1")]
    public void A_removed_tenant_leaves_no_row_in_any_table()
    {
        using var ledger = new TestLedger(contoso: false);
        ledger.AddTenant("stays.example");
        ledger.AddTenant("goes.example");
        using var raw = new SqliteStoreConnection(ledger.File, readOnly: false);
        raw.Execute("PRAGMA foreign_keys = OFF");
        var goes = raw.Scalar("SELECT tenant FROM tenant WHERE id = 'goes.example'")!.Value;
        var tables = TablesOfTenants(raw);
        foreach (var table in tables.Where(table => Count(raw, table, goes) == 0))
            InsertAny(raw, table, goes);
        Assert.All(tables, table => Assert.True(Count(raw, table, goes) > 0, table));

        ledger.Session.Execute(new RemoveTenant("goes.example"));

        Assert.Equal(OfMoneyOnly, tables.Where(table => Count(raw, table, goes) > 0).Order(StringComparer.Ordinal));
        Assert.Equal("stays.example", Assert.Single(ledger.Session.GetTenants(TenantSelection.All)).TenantId);
    }

    private static List<string> TablesOfTenants(SqliteStoreConnection raw)
    {
        var tables = new List<string>();
        using var rows = raw.Prepare(
            "SELECT name FROM sqlite_schema AS s WHERE type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(s.name) WHERE name = 'tenant')");
        while (rows.Step())
            tables.Add(rows.Text(0));
        return tables;
    }

    private static long Count(SqliteStoreConnection raw, string table, long tenant) =>
        raw.Scalar($"SELECT count(*) FROM \"{table}\" WHERE tenant = {tenant}")!.Value;

    /// <summary>Inserts a row with something in each column.</summary>
    private static void InsertAny(SqliteStoreConnection raw, string table, long tenant)
    {
        var values = new List<string>();
        using (var columns = raw.Prepare($"SELECT name, type FROM pragma_table_info('{table}')"))
        {
            while (columns.Step())
                values.Add(columns.Text(0) == "tenant" ? $"{tenant}" : columns.Text(1) switch { "TEXT" => "'1'", "BLOB" => "x'01'", _ => "1" });
        }

        raw.Execute($"INSERT INTO \"{table}\" VALUES ({string.Join(", ", values)})");
    }
}
