using System.Runtime.CompilerServices;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>What the use of a day is kept by.</summary>
/// <param name="Day">The days since the year 1, UTC.</param>
/// <param name="Country">The destination's country, ISO 3166-1 alpha-2; empty for calls in.</param>
internal readonly record struct DayUseKey(int Day, string Country);

/// <summary>What calls of a day to a country came to: those that have an entry and were not reversed. The guard compares days by it (D1).</summary>
/// <param name="Calls">How many calls.</param>
/// <param name="Charge">What they cost.</param>
/// <param name="ShortAbroad">Of them, the charged ones to another country that lasted a minute at most.</param>
/// <param name="OffHours">What of the charge is of calls at night or on a weekend, by the time of the caller's country.</param>
/// <param name="ForwardedAbroad">What of the charge is of calls that were forwarded or transferred to another country.</param>
internal readonly record struct DayUse(long Calls, Amount Charge, long ShortAbroad, Amount OffHours, Amount ForwardedAbroad)
{
    public static DayUse operator +(DayUse left, DayUse right) => new(
        left.Calls + right.Calls, left.Charge + right.Charge, left.ShortAbroad + right.ShortAbroad, left.OffHours + right.OffHours,
        left.ForwardedAbroad + right.ForwardedAbroad);

    public static DayUse operator -(DayUse left, DayUse right) => new(
        left.Calls - right.Calls, left.Charge - right.Charge, left.ShortAbroad - right.ShortAbroad, left.OffHours - right.OffHours,
        left.ForwardedAbroad - right.ForwardedAbroad);
}

/// <summary>What the use of a month is kept by.</summary>
/// <param name="Month">The month.</param>
/// <param name="User">The user, in lower case; empty for calls without one.</param>
internal readonly record struct UserMonthKey(Month Month, string User);

/// <summary>What one call adds to the sums that budgets and guard are decided by: a pure function of its record.</summary>
internal static class UseOfCall
{
    /// <summary>The longest call that counts as a short one, in seconds.</summary>
    public const int LongestShortCall = 60;

    private const int NightBegins = 22;
    private const int NightEnds = 5;

    private static readonly byte[][] Forwarding = [.. new[] { "user_out_forwarding", "user_out_transfer" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Whether a call counts: it has an entry, so that it is charged or paid from included minutes.</summary>
    public static bool Counts(in UsageCall call) => call.Sequence != 0 && !call.IsReversed;

    public static DayUseKey KeyOf(UsageBatch batch, in UsageCall call) =>
        new((int)(call.StartedAt.Ticks / TimeSpan.TicksPerDay), DialledCountry.Of(batch, call));

    [MethodImpl(HotPath.Compiled)]
    public static DayUse Of(UsageBatch batch, in UsageCall call, string country)
    {
        var isPaid = call.Charge > Amount.Zero;
        var isAbroad = isPaid && country.Length > 0 && !Ascii(batch.Bytes(call.UsageCountry), country);
        return new(
            1,
            call.Charge,
            isAbroad && call.Duration <= LongestShortCall ? 1 : 0,
            isPaid && IsOffHours(call.StartedAt, Tenants.Country.Find(batch.Bytes(call.UsageCountry))) ? call.Charge : Amount.Zero,
            isAbroad && IsForwarded(batch.Bytes(call.CallType)) ? call.Charge : Amount.Zero);
    }

    /// <summary>The user as sums are kept by: in lower case.</summary>
    public static string UserOf(ReadOnlySpan<byte> user) => Lower(System.Text.Encoding.UTF8.GetString(user));

    /// <summary>The lower case of ASCII letters, as both stores have it.</summary>
    public static string Lower(string user) => string.Create(user.Length, user, (target, text) =>
    {
        for (var i = 0; i < text.Length; i++)
            target[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
    });

    /// <summary>Whether an instant is at night (22 to 5 o'clock) or on a weekend, by the standard time of a country; UTC where none is known.</summary>
    [MethodImpl(HotPath.Compiled)]
    public static bool IsOffHours(Instant at, string? country)
    {
        var local = at.Ticks + (StandardTime.OffsetOf(country) * TimeSpan.TicksPerHour);
        var hour = local / TimeSpan.TicksPerHour % 24;
        return hour is >= NightBegins or < NightEnds || StandardTime.IsWeekend((DayOfWeek)(((local / TimeSpan.TicksPerDay) + 1) % 7), country);
    }

    private static bool IsForwarded(ReadOnlySpan<byte> callType)
    {
        foreach (var name in Forwarding)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(callType, name))
                return true;
        }

        return false;
    }

    private static bool Ascii(ReadOnlySpan<byte> text, string country) => System.Text.Ascii.EqualsIgnoreCase(text, country);
}
