using CommunicationsCredits.Ledger;

namespace CommunicationsCredits.Commands;

/// <summary>What a change would bring with it, in the words of a question.</summary>
internal static class Foreseen
{
    /// <summary>A recharge, as in "Recharge 'Contoso' by USD 600.00".</summary>
    public static string InWords(AutoRechargeAttempt due)
    {
        var tenant = Display.Text(due.TenantName);
        var amount = Display.InWords(due.Amount, due.Currency);
        return due.State switch
        {
            AutoRechargeAttemptState.Refused => $"Refuse '{tenant}' a recharge of {amount} ({due.Reason})",
            AutoRechargeAttemptState.Declined => $"Decline '{tenant}' a recharge of {amount} ({due.Reason})",
            _ => $"Recharge '{tenant}' by {amount}",
        };
    }

    /// <summary>All that follows: the recharges, then who is notified of what.</summary>
    public static IEnumerable<string> InWords(LedgerForesight foresight) =>
        foresight.Recharges.Select(InWords).Concat(foresight.Notifications.Select(InWords));

    /// <summary>A notification; its subject begins with the tenant's name, which is not said twice.</summary>
    private static string InWords(CreditNotification notice)
    {
        var begin = notice.TenantName + ": ";
        var subject = notice.Subject.StartsWith(begin, StringComparison.Ordinal) ? notice.Subject[begin.Length..] : notice.Subject;
        return $"Notify '{Display.Text(notice.TenantName)}': {Display.Text(subject)}";
    }
}
