using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Users;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>Where users belong, from which month on.</summary>
internal sealed class UserTable(StoreConnection connection)
{
    public const string Columns = "month, user_name, display_name, department, cost_center";

    /// <summary>The settings of all users of a tenant with the users they are found by, each user's in order of months.</summary>
    public IEnumerable<(string Key, UserSetting Setting)> Settings(long tenant)
    {
        using var select = connection.Prepare(
            $"SELECT {Columns}, user_key FROM credit_user WHERE tenant = $1 ORDER BY user_key, month").Bind(1, tenant);
        while (select.Step())
            yield return (select.Text(5), Read(select));
    }

    /// <summary>The settings of some users, in lower case, in order of months.</summary>
    public IReadOnlyList<UserSetting> Settings(long tenant, IReadOnlyList<string> users)
    {
        var settings = new List<UserSetting>();
        using var select = connection.Prepare(
            $"SELECT {Columns} FROM credit_user WHERE tenant = $1 AND user_key {connection.Among(2)} ORDER BY user_key, month")
            .Bind(1, tenant).BindAll(2, users);
        while (select.Step())
            settings.Add(Read(select));
        return settings;
    }

    private static UserSetting Read(StoreStatement row) =>
        new(row.Text(1), new Month(row.Int32(0)), row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4));
}
