using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Guard;

/// <summary>How a tenant is watched (D1, D2).</summary>
/// <param name="Enabled">Whether it is.</param>
/// <param name="Sensitivity">How much has to be unusual.</param>
/// <param name="HoldRecharge">Whether an alarm holds the recharge rule (R10).</param>
/// <param name="AllowedCountries">The countries whose calls are left out, ISO 3166-1 alpha-2, separated by a blank.</param>
internal sealed record GuardSetting(bool Enabled, CreditSensitivity Sensitivity, bool HoldRecharge, string AllowedCountries)
{
    /// <summary>How a tenant is watched that was given no settings.</summary>
    public static readonly GuardSetting Usual = new(true, CreditSensitivity.Normal, false, string.Empty);

    public string[] Allowed => AllowedCountries.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>What the guard found: an episode, from the first day that alarmed to the last.</summary>
/// <param name="FirstDay">The first day, in days since the year 1; no two episodes begin on one.</param>
/// <param name="LastDay">The last day that alarmed.</param>
/// <param name="RaisedAt">When it was found.</param>
/// <param name="IsOpen">Whether it goes on, as far as is known.</param>
/// <param name="Seen">What was seen and what was usual, in words that name nobody.</param>
/// <param name="Who">The users and numbers, in words; empty once they are blanked (C4).</param>
internal sealed record Alarm(int FirstDay, int LastDay, Time.Instant RaisedAt, bool IsOpen, string Seen, string Who)
{
    /// <summary>The whole days after an episode's last day on which nothing may alarm before it ends.</summary>
    public const int QuietDays = 2;

    /// <summary>The beginning of the first day.</summary>
    public Time.Instant Since => new(FirstDay * TimeSpan.TicksPerDay);

    /// <summary>Whether a day from one instant until another, not included, alarmed.</summary>
    public bool IsWithin(Time.Instant from, Time.Instant to) =>
        Since < to && (LastDay + 1) * TimeSpan.TicksPerDay > from.Ticks;

    /// <summary>Whether a day is of the same episode.</summary>
    public bool Holds(int day) => day >= FirstDay && day <= LastDay + QuietDays;
}

/// <summary>The errors about the guard.</summary>
internal static class GuardErrors
{
    public static CreditException Invalid(Tenant tenant, string reason) => new(
        CreditErrorId.GuardInvalid, $"The guard of {tenant.InWords} makes no sense: {reason}.", tenant.Id);
}
