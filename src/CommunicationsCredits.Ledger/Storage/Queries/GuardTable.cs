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
            ? new(Flag(select, 0), (CreditSensitivity)select.Int32(1), Flag(select, 2), select.Text(3))
            : null;
    }

    /// <summary>The episodes of a tenant, in their order.</summary>
    public IEnumerable<Alarm> Alarms(long tenant)
    {
        using var select = connection.Prepare(
            "SELECT first_day, last_day, raised_at, is_open, seen, who FROM alarm WHERE tenant = $1 ORDER BY first_day").Bind(1, tenant);
        while (select.Step())
            yield return new(select.Int32(0), select.Int32(1), new(select.Int64(2)), Flag(select, 3), select.Text(4), select.Text(5));
    }

    /// <summary>Yes or no; what is neither was not written by this module.</summary>
    private bool Flag(StoreStatement row, int column) => row.Int64(column) switch
    {
        0 => false,
        1 => true,
        _ => throw LedgerErrors.LedgerCorrupt(connection.Location, "a setting of the guard is neither on nor off"),
    };
}
