namespace CommunicationsCredits.Ledger.Tenants;

/// <summary>The errors about a tenant that is there.</summary>
internal static class TenantErrors
{
    public static CreditException Closed(Tenant tenant) => new(
        CreditErrorId.TenantClosed,
        $"Tenant {tenant.InWords} is closed, so nothing is posted to it. 'Set-CreditTenant {tenant.Id} -Status Active' opens it again.",
        tenant.Id);

    public static CreditException InUse(Tenant tenant, string what) => new(
        CreditErrorId.TenantInUse, $"Tenant {tenant.InWords} has entries of money, so {what}.", tenant.Id);

    public static CreditException HasOpenAttempt(Tenant tenant, string attemptId) => new(
        CreditErrorId.TenantInUse,
        $"A recharge of {tenant.InWords} may have been paid and is not settled yet ({attemptId}). Invoke-AutoRecharge asks for it again; "
        + "Resolve-AutoRechargeAttempt settles it by hand.",
        tenant.Id);
}
