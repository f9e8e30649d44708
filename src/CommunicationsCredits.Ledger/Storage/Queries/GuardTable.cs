using CommunicationsCredits.Ledger.Guard;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>How the guard watches tenants, and what it found.</summary>
internal sealed class GuardTable(StoreConnection connection)
{
    /// <summary>How a tenant is watched, or null where it was given no settings.</summary>
    public GuardSetting? Find(long tenant)
    {
        using var select = connection.Prepare(
            "SELECT enabled, sensitivity, hold_recharge, allowed_country FROM guard WHERE tenant = $1").Bind(1, tenant);
        return select.Step()
            ? new(select.Int64(0) != 0, (CreditSensitivity)select.Int32(1), select.Int64(2) != 0, select.Text(3))
            : null;
    }

    /// <summary>The episodes of a tenant, in their order.</summary>
    public IEnumerable<Alarm> Alarms(long tenant)
    {
        using var select = connection.Prepare(
            "SELECT first_day, last_day, raised_at, is_open, seen, who FROM alarm WHERE tenant = $1 ORDER BY first_day").Bind(1, tenant);
        while (select.Step())
            yield return new(select.Int32(0), select.Int32(1), new(select.Int64(2)), select.Int64(3) != 0, select.Text(4), select.Text(5));
    }
}
