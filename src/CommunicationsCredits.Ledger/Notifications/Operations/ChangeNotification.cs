using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Notifications.Operations;

/// <summary>Writes what has become of a notification, unless somebody else has written something else meanwhile (N3).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="before">The notification as it was read.</param>
/// <param name="after">The notification as it is to be.</param>
internal sealed class ChangeNotification(string tenantId, Notification before, Notification after) : LedgerOperation<bool>
{
    internal override bool DecidesUnderLock => true;

    internal override Needs Needs => Needs.Of(tenantId) with { Notifications = [before.Number] };

    internal override bool Decide(Draft draft)
    {
        if (draft.State.Notifications.GetValueOrDefault(before.Number) != before)
            return false;
        draft.Changes.Notifications[after.Number] = after;
        return true;
    }
}
