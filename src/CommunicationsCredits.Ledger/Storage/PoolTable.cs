using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>The settings of included minutes, and what is used of them.</summary>
internal sealed class PoolTable(StoreConnection connection)
{
    private const string SettingColumns = "capability, country, month, licences, domestic_minutes, international_minutes";

    private const string MonthKey = "tenant, month, capability, country, user";

    private const string MonthUse = "domestic_used, domestic_void, international_used, international_void";

    /// <summary>The settings of a tenant, each pool's in order of months.</summary>
    public IReadOnlyList<PoolSetting> Settings(long tenant)
    {
        var settings = new List<PoolSetting>();
        using var select = connection.Prepare(
            $"SELECT {SettingColumns} FROM pool_setting "
            + "WHERE tenant = $1 ORDER BY capability, country, month").Bind(1, tenant);
        while (select.Step())
            settings.Add(new(select.Text(0), select.Text(1), new(select.Int32(2)), select.Int32(3), select.Int32(4), select.Int32(5)));
        return settings;
    }

    public void PutSetting(long tenant, PoolSetting setting)
    {
        using var put = connection.Prepare(
            $"INSERT INTO pool_setting (tenant, {SettingColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7) "
            + Upsert.Of("tenant, capability, country, month", SettingColumns));
        put.Bind(1, tenant).Bind(2, setting.Capability).Bind(3, setting.Country).Bind(4, setting.From.Index).Bind(5, setting.Licences)
            .Bind(6, setting.DomesticMinutes).Bind(7, setting.InternationalMinutes).Step();
    }

    /// <summary>Removes a pool's settings from a month on.</summary>
    public void RemoveSettings(long tenant, PoolSetting from)
    {
        using var delete = connection.Prepare(
            "DELETE FROM pool_setting WHERE tenant = $1 AND capability = $2 AND country = $3 AND month >= $4");
        delete.Bind(1, tenant).Bind(2, from.Capability).Bind(3, from.Country).Bind(4, from.From.Index).Step();
    }

    /// <summary>What is used of a pool, or of one user's share of it, in a month.</summary>
    public PoolMonth Month(long tenant, PoolSetting setting, Month month, string user)
    {
        var state = new PoolMonth(setting.Capability, setting.Country, month, user);
        (state.Domestic.Total, state.International.Total) = setting.Seconds();
        using var select = connection.Prepare(
            $"SELECT {MonthUse} FROM pool_month "
            + "WHERE tenant = $1 AND month = $2 AND capability = $3 AND country = $4 AND user = $5")
            .Bind(1, tenant).Bind(2, month.Index).Bind(3, setting.Capability).Bind(4, setting.Country).Bind(5, user);
        if (select.Step())
            Read(select, 0, state);
        return state;
    }

    /// <summary>What is used of all pools of a tenant; in one month where it is given.</summary>
    public IReadOnlyList<PoolMonth> Months(long tenant, Month? month = null)
    {
        var months = new List<PoolMonth>();
        var where = new Conditions().Add("tenant = ", tenant);
        if (month is { } only)
            where.Add("month = ", only.Index);
        using var select = where.Prepare(connection, $"SELECT month, capability, country, user, {MonthUse} FROM pool_month", string.Empty);
        while (select.Step())
        {
            var state = new PoolMonth(select.Text(1), select.Text(2), new(select.Int32(0)), select.Text(3));
            Read(select, 4, state);
            months.Add(state);
        }

        return months;
    }

    public void PutMonth(long tenant, PoolMonth state)
    {
        using var put = connection.Prepare(
            $"INSERT INTO pool_month ({MonthKey}, {MonthUse}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
            + Upsert.Of(MonthKey, MonthUse));
        put.Bind(1, tenant).Bind(2, state.Month.Index).Bind(3, state.Capability).Bind(4, state.Country).Bind(5, state.User)
            .Bind(6, state.Domestic.Used).Bind(7, state.Domestic.Void).Bind(8, state.International.Used)
            .Bind(9, state.International.Void).Step();
    }

    /// <summary>Adds up the users' shares of months before one, so that their names are not kept (C4).</summary>
    public void ForgetUsers(long tenant, Month before)
    {
        using (var sum = connection.Prepare(
            $"INSERT INTO pool_month ({MonthKey}, {MonthUse}) "
            + "SELECT tenant, month, capability, country, '', sum(domestic_used), sum(domestic_void), "
            + "sum(international_used), sum(international_void) FROM pool_month WHERE tenant = $1 AND month < $2 "
            + "GROUP BY tenant, month, capability, country HAVING max(user) <> '' " + Upsert.Of(MonthKey, MonthUse)).Bind(1, tenant).Bind(2, before.Index))
            sum.Step();
        using var delete = connection.Prepare("DELETE FROM pool_month WHERE tenant = $1 AND month < $2 AND user <> ''")
            .Bind(1, tenant).Bind(2, before.Index);
        delete.Step();
    }

    private static void Read(StoreStatement row, int first, PoolMonth state)
    {
        state.Domestic.Used = row.Int64(first);
        state.Domestic.Void = row.Int64(first + 1);
        state.International.Used = row.Int64(first + 2);
        state.International.Void = row.Int64(first + 3);
    }
}
