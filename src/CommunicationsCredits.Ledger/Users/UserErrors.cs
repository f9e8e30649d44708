namespace CommunicationsCredits.Ledger.Users;

/// <summary>The errors about users.</summary>
internal static class UserErrors
{
    public static CreditException NotFound(string tenantId, string user) => new(
        CreditErrorId.UserNotFound,
        $"'{tenantId}' has no user '{user}': neither a call nor a setting names one. Measure-CreditUsage {tenantId} -By User lists those who called.",
        tenantId);

    public static CreditException Invalid(string tenantId, string reason) => new(
        CreditErrorId.RuleInvalid, $"The user setting of '{tenantId}' makes no sense: {reason}.", tenantId);
}
