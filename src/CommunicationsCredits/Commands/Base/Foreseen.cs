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
            AutoRechargeAttemptState.Refused => $"Refuse '{tenant}' a recharge of {amount} ({Display.Word(due.Reason)})",
            AutoRechargeAttemptState.Declined => $"Decline '{tenant}' a recharge of {amount} ({due.Reason})",
            _ => $"Recharge '{tenant}' by {amount}",
        };
    }

    /// <summary>A recharge that was made, as in "'Contoso' was recharged by USD 600.00".</summary>
    public static string Brought(AutoRechargeAttempt made)
    {
        var tenant = Display.Text(made.TenantName);
        var amount = Display.InWords(made.Amount, made.Currency);
        return made.State switch
        {
            AutoRechargeAttemptState.Succeeded => $"'{tenant}' was recharged by {amount}.",
            AutoRechargeAttemptState.Refused => $"'{tenant}' was refused a recharge of {amount}: {Display.Word(made.Reason)}.",
            AutoRechargeAttemptState.Declined => $"'{tenant}' was declined a recharge of {amount}: {made.Reason}.",
            _ => $"A recharge of '{tenant}' by {amount} was started, and its outcome is not known yet.",
        };
    }

    /// <summary>A notification that was raised.</summary>
    public static string Brought(CreditNotification notice) => Display.Text(notice.Subject);

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
