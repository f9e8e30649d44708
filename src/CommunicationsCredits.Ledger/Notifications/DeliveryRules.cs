using System.Globalization;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>When a notice is tried, tried again, and given up: pure rules (N3).</summary>
internal static class DeliveryRules
{
    /// <summary>The tries after which a notice is given up: about six days where it is tried as soon as it is due.</summary>
    public const int MostAttempts = 10;

    /// <summary>How long the notices of an episode wait for the answer to its recharge (N2).</summary>
    private static readonly TimeSpan WaitForRecharge = TimeSpan.FromMinutes(15);

    /// <summary>How long is waited after each try; after further ones, as long as after the last of these.</summary>
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(12),
        TimeSpan.FromHours(24),
    ];

    /// <summary>Whether a notice is to be tried now.</summary>
    public static bool IsDue(Notification notice, Instant now) =>
        notice.NextAt is { } next && (next <= now || next > now.Add(Waits[^1])); // A longer wait is a clock's that was set back.

    /// <summary>Whether a notice's episode goes on: its recharge is open, and was started within the last 15 minutes (N2).</summary>
    public static bool MayFollowMore(Notification notice, Attempt? open, Instant now) =>
        open is not null && notice.Episode != 0 && open.Episode == notice.Episode
        && open.StartedAt <= now && now < open.StartedAt.Add(WaitForRecharge);

    /// <summary>The notice while somebody is trying it: until then nobody else does, and afterwards it is due again.</summary>
    public static Notification Claimed(Notification notice, Instant now, TimeSpan patience) =>
        notice with { Attempts = notice.Attempts + 1, NextAt = now.Add(patience) };

    /// <summary>The notice that has nobody to go to; it stays due, for when there is somebody.</summary>
    public static Notification Unaddressed(Notification notice) =>
        notice with { Status = CreditNotificationStatus.NoRecipient, LastError = null };

    /// <summary>The notice after a try that went well.</summary>
    public static Notification Delivered(Notification notice) => After(notice with { Attempts = notice.Attempts + 1 }, new(HandOverOutcome.Accepted, null), default);

    /// <summary>The notice after a try.</summary>
    public static Notification After(Notification claimed, HandOver result, Instant now)
    {
        if (result.Outcome == HandOverOutcome.Accepted)
            return claimed with { Status = CreditNotificationStatus.Sent, NextAt = null, LastError = result.Error };
        var isLast = claimed.Attempts >= MostAttempts;
        return claimed with
        {
            Status = CreditNotificationStatus.Failed,
            NextAt = isLast ? null : now.Add(Waits[Math.Min(claimed.Attempts, Waits.Length) - 1]),
            LastError = isLast
                ? string.Create(CultureInfo.InvariantCulture, $"{result.Error} (given up after {claimed.Attempts} tries)")
                : result.Error,
        };
    }
}
