using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Guard.Operations;

/// <summary>How the guard watches tenants, and what it has found.</summary>
public sealed class GuardService
{
    private readonly ILedgerReader _reader;

    internal GuardService(ILedgerReader reader) => _reader = reader;

    /// <summary>The guards of the tenants asked for that are watched, as all are that were given no other settings.</summary>
    /// <param name="selection">The tenants.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditGuard> GetGuards(TenantSelection selection)
    {
        using var snapshot = _reader.BeginRead();
        foreach (var tenant in snapshot.Select(selection))
        {
            var setting = snapshot.Guards.Find(tenant.Number) ?? GuardSetting.Usual;
            if (setting.Enabled)
                yield return GuardView.Of(tenant, setting, snapshot.Guards.Alarms(tenant.Number));
        }
    }
}
