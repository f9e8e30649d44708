using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Users.Operations;

/// <summary>Sets where a user belongs from a month on; what is not given stays as it is (P1).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="user">The sign-in name, as exports have it.</param>
public sealed class SetUser(string tenantId, string user) : LedgerOperation<CreditUser>
{
    /// <summary>The most characters of a sign-in name or a display name.</summary>
    public const int LongestName = 256;

    /// <summary>The most characters of a department or a cost centre.</summary>
    public const int LongestGroup = 128;

    /// <summary>The user's name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The department, 1 to 128 characters.</summary>
    public string? Department { get; init; }

    /// <summary>The cost centre, 1 to 128 characters.</summary>
    public string? CostCenter { get; init; }

    /// <summary>The month from which it holds, yyyy-MM; this month where nothing is given.</summary>
    public string? Month { get; init; }

    internal override Needs Needs => Needs.Of(tenantId) with { Users = [UseOfCall.Lower(user.Trim())] };

    internal override CreditUser Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        var name = user.Trim();
        Check(tenant, "a user's name", name, LongestName);
        if (name.Length == 0)
            throw UserErrors.Invalid(tenant, "it needs the user's sign-in name, as exports have it");
        Check(tenant, $"the display name of '{name}'", DisplayName, LongestName);
        Check(tenant, $"the department of '{name}'", Department, LongestGroup);
        Check(tenant, $"the cost center of '{name}'", CostCenter, LongestGroup);
        var month = Month is null ? Time.Month.Of(draft.Now) : Time.Month.Parse(Month);
        var settings = draft.UserSettings(UseOfCall.Lower(name));
        var before = UserRules.InForce(settings, month);
        var setting = new UserSetting(
            name, month, Given(DisplayName) ?? before?.DisplayName, Given(Department) ?? before?.Department, Given(CostCenter) ?? before?.CostCenter);
        if (setting.IsRemoved)
            throw UserErrors.Invalid(tenant, $"'{name}' needs a department, a cost center or a display name");
        if (before is not null && setting with { From = before.From, User = before.User } == before)
            return before.ToContract(tenant);
        draft.PutUser([.. settings.Where(other => other.From != month), setting], $"A user from {month} on: {setting.Department ?? "no department"}, {setting.CostCenter ?? "no cost center"}");
        return setting.ToContract(tenant);
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static void Check(Tenant tenant, string what, string? text, int most)
    {
        if (text?.Trim().Length > most)
            throw UserErrors.Invalid(tenant, $"{what} has {text.Trim().Length} characters, and at most {most} are kept");
        if (text?.Any(char.IsControl) == true)
            throw UserErrors.Invalid(tenant, $"{what} has a character that cannot be seen");
    }
}

/// <summary>Ends where a user belongs from a month on; earlier months keep it.</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="user">The sign-in name.</param>
public sealed class RemoveUser(string tenantId, string user) : LedgerOperation<CreditUser>
{
    /// <summary>The month from which it holds, yyyy-MM; this month where nothing is given.</summary>
    public string? Month { get; init; }

    internal override Needs Needs => Needs.Of(tenantId) with { Users = [UseOfCall.Lower(user.Trim())] };

    internal override CreditUser Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        var month = Month is null ? Time.Month.Of(draft.Now) : Time.Month.Parse(Month);
        var settings = draft.UserSettings(UseOfCall.Lower(user.Trim()));
        if (UserRules.InForce(settings, month) is not { } before)
            throw UserErrors.NotFound(tenant, user);
        var kept = settings.Where(other => other.From < month).ToList();
        if (kept.Count > 0)
            kept.Add(new(before.User, month, null, null, null));
        draft.PutUser(kept, $"A user removed from {month} on", before.Key);
        return before.ToContract(tenant);
    }
}
