using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger;

/// <content>What usage came to, by whom and by what.</content>
public sealed partial class LedgerSession
{
    /// <summary>What the usage of the tenants asked for came to, in groups (P2).</summary>
    /// <param name="selection">The tenants.</param>
    /// <param name="measure">What is asked.</param>
    /// <exception cref="CreditException"><c>TenantNotFound</c>.</exception>
    public IEnumerable<CreditUsage> MeasureUsage(TenantSelection selection, UsageMeasure measure)
    {
        using var snapshot = Store.BeginRead();
        foreach (var tenant in selection.Resolve(snapshot))
        {
            foreach (var group in snapshot.Measures.Query(tenant.Number, measure, Now))
                yield return UsageGroups.ToContract(group, measure.By, tenant);
        }
    }
}
