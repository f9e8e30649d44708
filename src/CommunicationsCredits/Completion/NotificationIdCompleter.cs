using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes the ids of notices, the newest first.</summary>
public sealed class NotificationIdCompleter : TenantThingCompleter
{
    private const int Most = 200;

    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger, TenantSelection tenant, int share) =>
        ledger.Notifications.GetNotifications(tenant, [], []).Reverse().Take(Most / share).Select(notice =>
            (notice.NotificationId, $"{notice.Subject} ({Display.Word(notice.Status)}, {Display.Day(notice.RaisedAt)})"));
}
