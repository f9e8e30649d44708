using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Tenants.Operations;

/// <summary>An id or a name that would be taken for another tenant's.</summary>
internal static class NameClash
{
    /// <summary>Refuses it.</summary>
    /// <exception cref="CreditException"><c>TenantExists</c>.</exception>
    public static void Refuse(Draft draft, Tenant tenant)
    {
        IEnumerable<string> texts = tenant.Name == tenant.Id ? [tenant.Id] : [tenant.Id, tenant.Name];
        if (texts.SelectMany(draft.TenantsCalled!).FirstOrDefault(other => other.Number != tenant.Number) is { } clash)
            throw LedgerErrors.TenantNameTaken(tenant.Id, tenant.Name, clash.Id, clash.Name);
    }
}
