using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Users;

/// <summary>The errors about users.</summary>
internal static class UserErrors
{
    public static CreditException NotFound(Tenant tenant, string user) => new(
        CreditErrorId.UserNotFound,
        $"{tenant.InWords} has no user '{user}': neither a call nor a setting names one. Measure-CreditUsage {tenant.Id} -By User lists those who called.",
        tenant.Id);

    public static CreditException Invalid(Tenant tenant, string reason) => new(
        CreditErrorId.RuleInvalid, $"The user setting of {tenant.InWords} makes no sense: {reason}.", tenant.Id);
}
