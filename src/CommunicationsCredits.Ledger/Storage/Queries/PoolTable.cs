using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The settings of included minutes, and what is used of them.</summary>
internal sealed class PoolTable(StoreConnection connection)
{
    public const string SettingColumns = "capability, country, month, licenses, domestic_minutes, international_minutes";

    public const string MonthColumns =
        "month, capability, country, user_name, domestic_used, domestic_void, international_used, international_void";

    /// <summary>The settings of a tenant, each pool's in order of months.</summary>
    public IReadOnlyList<PoolSetting> Settings(long tenant)
    {
        var settings = new List<PoolSetting>();
        using var select = connection.Prepare(
            $"SELECT {SettingColumns} FROM pool_setting WHERE tenant = $1 ORDER BY capability, country, month").Bind(1, tenant);
        while (select.Step())
            settings.Add(ReadSetting(select, 0));
        return settings;
    }

    /// <summary>What is used of all pools of a tenant, from a month to another.</summary>
    public IReadOnlyList<PoolMonth> Months(long tenant, Month first, Month last)
    {
        var months = new List<PoolMonth>();
        using var select = connection.Prepare(
            $"SELECT {MonthColumns} FROM pool_month WHERE tenant = $1 AND month >= $2 AND month <= $3")
            .Bind(1, tenant).Bind(2, first.Index).Bind(3, last.Index);
        while (select.Step())
            months.Add(ReadMonth(select, 0));
        return months;
    }

    /// <summary>What is used of all pools of a tenant in a month.</summary>
    public IReadOnlyList<PoolMonth> Months(long tenant, Month month) => Months(tenant, month, month);

    public static PoolSetting ReadSetting(StoreStatement row, int first) => new(
        row.Text(first), row.Text(first + 1), new(row.Int32(first + 2)), row.Int32(first + 3), row.Int32(first + 4), row.Int32(first + 5));

    public static PoolMonth ReadMonth(StoreStatement row, int first)
    {
        var month = new PoolMonth(row.Text(first + 1), row.Text(first + 2), new(row.Int32(first)), row.Text(first + 3));
        month.Domestic.Used = row.Int64(first + 4);
        month.Domestic.Unusable = row.Int64(first + 5);
        month.International.Used = row.Int64(first + 6);
        month.International.Unusable = row.Int64(first + 7);
        return month;
    }
}
