using System.Globalization;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>What the ledger's own chain says of tenants (H1b).</summary>
internal static class LedgerChanges
{
    public static LedgerChange Added(Tenant tenant) =>
        new(LedgerEntryKind.TenantAdded, SubjectOf(tenant.Number), $"Tenant '{tenant.Id}' added");

    public static LedgerChange Removed(Tenant tenant) =>
        new(LedgerEntryKind.TenantRemoved, SubjectOf(tenant.Number), $"Tenant '{tenant.Id}' removed");

    /// <summary>What a tenant is called in the ledger's chain.</summary>
    public static string SubjectOf(long tenant) => string.Create(CultureInfo.InvariantCulture, $"tenant/{tenant}");
}
