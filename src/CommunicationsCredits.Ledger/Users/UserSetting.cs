using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Users;

/// <summary>Where a user belongs from a month on (P1).</summary>
/// <param name="User">The sign-in name, as it was given.</param>
/// <param name="From">The month from which it holds, until the next one.</param>
/// <param name="DisplayName">The user's name, or null.</param>
/// <param name="Department">The department, or null.</param>
/// <param name="CostCenter">The cost centre, or null.</param>
internal sealed record UserSetting(string User, Month From, string? DisplayName, string? Department, string? CostCenter)
{
    /// <summary>The user as calls are found by: in lower case.</summary>
    public string Key => UseOfCall.Lower(User);

    /// <summary>Whether nothing is known of the user any more.</summary>
    public bool IsRemoved => DisplayName is null && Department is null && CostCenter is null;

    public CreditUser ToContract(Tenants.Tenant tenant) => new()
    {
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        User = User,
        DisplayName = DisplayName,
        Department = Department,
        CostCenter = CostCenter,
        Month = From.ToString(),
    };
}

/// <summary>Which setting of a user holds when.</summary>
internal static class UserRules
{
    /// <summary>The setting of a user that holds in a month, or null.</summary>
    /// <param name="settings">The settings of one user, in order of months.</param>
    /// <param name="month">The month.</param>
    public static UserSetting? InForce(IReadOnlyList<UserSetting> settings, Month month) =>
        settings.LastOrDefault(setting => setting.From <= month) is { IsRemoved: false } held ? held : null;
}
