using System.Text;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Pools;

/// <summary>What a pool is from a month on (A1).</summary>
/// <param name="Capability">The license's capability in capitals, or <see cref="LicenseCapability.ConferenceDialOut"/>.</param>
/// <param name="Country">The country, ISO 3166-1 alpha-2; empty for the tenant-wide dial-out minutes.</param>
/// <param name="From">The month from which it holds; the first setting holds for all earlier months too.</param>
/// <param name="Licenses">The number of licenses; 0 once the pool was removed.</param>
/// <param name="DomesticMinutes">The domestic minutes of a license, or the dial-out ones.</param>
/// <param name="InternationalMinutes">The international minutes of a license.</param>
internal sealed record PoolSetting(
    string Capability, string Country, Month From, int Licenses, int DomesticMinutes, int InternationalMinutes)
{
    public bool IsDialOut => Country.Length == 0;

    public bool IsPerUser => LicenseCapability.IsPerUser(Capability);

    /// <summary>The seconds that each of its users, or all of them together, have in a month.</summary>
    public (long Domestic, long International) Seconds()
    {
        var licenses = IsPerUser ? Math.Min(Licenses, 1) : Licenses;
        return (60L * licenses * DomesticMinutes, 60L * licenses * InternationalMinutes);
    }

    /// <summary>Whether a call takes its minutes from it (A1).</summary>
    public bool Takes(UsageBatch batch, in UsageCall call) => call.Service switch
    {
        UsageService.ConferenceDialOut => IsDialOut && LicenseCapability.IsDialOutPoolOf(Capability, batch.Bytes(call.Capability)),
        UsageService.Domestic or UsageService.International =>
            Ascii.EqualsIgnoreCase(batch.Bytes(call.Capability), Capability) && Ascii.EqualsIgnoreCase(batch.Bytes(call.UsageCountry), Country),
        _ => false,
    };
}

/// <summary>The minutes of one kind in a month, in seconds.</summary>
internal sealed class PoolMinutes
{
    /// <summary>All of them.</summary>
    public long Total { get; set; }

    /// <summary>What calls have used.</summary>
    public long Used { get; set; }

    /// <summary>What was left when it was less than an increment of a call, and is void (A2).</summary>
    public long Unusable { get; set; }

    public long Left => Math.Max(0, Total - Used - Unusable);

    /// <summary>Whether some were included, and all are used.</summary>
    public bool IsUsedUp => Total > 0 && Left == 0;

    /// <summary>How much is used, 0 to 100.</summary>
    public decimal Percent => Total == 0 ? 0 : Math.Min(100, 100m * (Used + Unusable) / Total);
}

/// <summary>What the use of included minutes is kept by.</summary>
/// <param name="Month">The month.</param>
/// <param name="Capability">The license's capability.</param>
/// <param name="Country">The country; empty for dial-out minutes.</param>
/// <param name="User">Whose minutes they are; empty where they are pooled.</param>
internal readonly record struct PoolMonthKey(Month Month, string Capability, string Country, string User);

/// <summary>A pool, or one user's share of it, in a month.</summary>
internal sealed class PoolMonth(string capability, string country, Month month, string user)
{
    public PoolMonthKey Key { get; } = new(month, capability, country, user);

    public string Capability => capability;

    public string Country => country;

    public Month Month => month;

    /// <summary>Whose minutes they are; empty where they are pooled.</summary>
    public string User => user;

    /// <summary>Domestic minutes, or dial-out ones.</summary>
    public PoolMinutes Domestic { get; } = new();

    public PoolMinutes International { get; } = new();

    /// <summary>The same use with the totals of a setting, to be changed while something is decided.</summary>
    public PoolMonth Under(PoolSetting setting)
    {
        var copy = new PoolMonth(capability, country, month, user);
        (copy.Domestic.Used, copy.Domestic.Unusable) = (Domestic.Used, Domestic.Unusable);
        (copy.International.Used, copy.International.Unusable) = (International.Used, International.Unusable);
        (copy.Domestic.Total, copy.International.Total) = setting.Seconds();
        return copy;
    }

    /// <summary>Whether one used-up kind of minutes has closed both (A3).</summary>
    public bool IsClosed => LicenseCapability.ClosesWhole(capability) && (Domestic.IsUsedUp || International.IsUsedUp);

    public decimal Percent => IsClosed ? 100 : Math.Max(Domestic.Percent, International.Percent);

    /// <summary>Whether nothing is left for any call.</summary>
    public bool IsUsedUp => IsClosed || (Domestic.Left == 0 && International.Left == 0);

    /// <summary>The seconds left of a kind.</summary>
    public long LeftOf(PoolMinutes kind) => IsClosed ? 0 : kind.Left;
}

/// <summary>How a call takes minutes (A2): pure rules.</summary>
internal static class PoolRules
{
    /// <summary>What a call takes of the seconds left: all it is billed, or whole increments of it; then the rest is void.</summary>
    /// <param name="left">The seconds left.</param>
    /// <param name="billed">The seconds billed.</param>
    /// <param name="initialIncrement">The first increment, in seconds.</param>
    /// <param name="increment">Each further increment, in seconds.</param>
    public static (int Pooled, int Unusable) Take(long left, int billed, int initialIncrement, int increment)
    {
        if (left >= billed)
            return (billed, 0);
        var pooled = left < initialIncrement ? 0 : (int)(initialIncrement + ((left - initialIncrement) / increment * increment));
        return (pooled, (int)(left - pooled));
    }

    /// <summary>The setting in force in a month: the newest by then, else the first one (A1).</summary>
    /// <param name="settings">The settings of one pool, by month.</param>
    /// <param name="month">The month.</param>
    public static PoolSetting InForce(IReadOnlyList<PoolSetting> settings, Month month) =>
        settings.LastOrDefault(setting => setting.From <= month) ?? settings[0];
}
