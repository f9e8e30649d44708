using System.Globalization;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>Notifications of one episode, which are delivered together: the gravest speaks for them (N2).</summary>
internal sealed class NotificationMessage
{
    /// <summary>The kinds, the gravest first.</summary>
    private static readonly CreditNotificationKind[] ByGravity =
    [
        CreditNotificationKind.BalanceExhausted, CreditNotificationKind.UnusualUse, CreditNotificationKind.RechargePaused,
        CreditNotificationKind.RechargeHeld, CreditNotificationKind.RechargeFailed, CreditNotificationKind.RechargeCapped,
        CreditNotificationKind.LowBalance, CreditNotificationKind.FundsExpired, CreditNotificationKind.FundsExpiring,
        CreditNotificationKind.PoolUsed, CreditNotificationKind.BudgetReached, CreditNotificationKind.RechargeSucceeded,
    ];

    /// <summary>Makes a message.</summary>
    /// <param name="notices">The notifications, at least one.</param>
    public NotificationMessage(IReadOnlyList<Notification> notices)
    {
        Notices = [.. notices.OrderBy(notice => Array.IndexOf(ByGravity, notice.Kind)).ThenBy(notice => notice.Number)];

        // A balance that is used up is low too: that is said once.
        Shown = Gravest.Kind == CreditNotificationKind.BalanceExhausted
            ? [.. Notices.Where(notice => notice.Kind != CreditNotificationKind.LowBalance)]
            : Notices;
    }

    /// <summary>What it delivers, the gravest first.</summary>
    public IReadOnlyList<Notification> Notices { get; }

    /// <summary>Those of them whose text it shows, the gravest first.</summary>
    public IReadOnlyList<Notification> Shown { get; }

    /// <summary>The notification that the message is named after.</summary>
    public Notification Gravest => Notices[0];

    /// <summary>What it is about, in one line.</summary>
    public string Subject => Shown.Count == 1
        ? Gravest.Subject
        : string.Create(CultureInfo.InvariantCulture, $"{Gravest.Subject} (and {Shown.Count - 1} more)");

    /// <summary>The ids of what it delivers, as <c>contoso.com/N1, contoso.com/N2</c>.</summary>
    public string IdsOf(Tenant tenant) => string.Join(", ", Notices.Select(notice => notice.IdOf(tenant)));

    /// <summary>Whose account it is about: name and id.</summary>
    public static string AccountOf(Tenant tenant) => tenant.Name == tenant.Id ? tenant.Id : $"{tenant.Name} ({tenant.Id})";
}
