using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>What a posting brings with it, as the border shows it.</summary>
internal static class Foresight
{
    public static LedgerForesight Of(Tenant tenant, IEnumerable<Notification> notified, Attempt? recharge, CreditException? problem) => new()
    {
        TenantId = tenant.Id,
        Recharges = recharge is null ? [] : [recharge.ToContract(tenant)],
        Notifications = [.. notified.Select(notice => notice.ToContract(tenant))],
        RechargeProblem = problem,
    };
}
