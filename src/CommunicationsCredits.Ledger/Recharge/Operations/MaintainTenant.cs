using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Looks after a tenant: books what has expired, and warns of what will; its rule is evaluated afterwards, as by a run (R8).</summary>
/// <param name="tenantId">The tenant.</param>
internal sealed class MaintainTenant(string tenantId) : LedgerOperation<CreditMaintenance>
{
    internal override Needs Needs => Needs.Of(tenantId);

    internal override RechargeTrigger? Evaluates => RechargeTrigger.Run;

    internal override CreditMaintenance Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        if (tenant.Status == CreditTenantStatus.Active)
        {
            draft.Finish();
            foreach (var lot in draft.Lots.All)
                draft.Notifications.Expiring(lot);
        }

        return new()
        {
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            Forfeited = draft.Forfeited.ToDecimal(),
            Recharged = 0,
            Currency = tenant.Currency,
            Warnings = draft.Notifications.Count,
            Failed = 0,
        };
    }
}
