using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the notices of what tenants' people should know.</summary>
[Cmdlet(VerbsCommon.Get, "CreditNotification",
    HelpUri = HelpPages.Folder + "Get-CreditNotification.md")]
[OutputType(typeof(CreditNotification))]
public sealed class GetCreditNotificationCommand : TenantReadCommandBase
{
    /// <summary>The notices, by their ids; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NotificationIdCompleter))]
    public string[]? NotificationId { get; set; }

    /// <summary>The kinds wanted. By default all.</summary>
    [Parameter]
    public CreditNotificationKind[] Kind { get; set; } = [];

    /// <summary>The statuses wanted. By default all.</summary>
    [Parameter]
    public CreditNotificationStatus[] Status { get; set; } = [];

    private protected override void Process(TenantSelection tenants) => WriteEach(
        Ledger.Notifications.GetNotifications(tenants, Kind, Status).Where(notice =>
            IsWanted(tenants, NotificationId, nameof(NotificationId), notice.NotificationId)));

    private protected override void ReportUnknown(IReadOnlyList<TenantSelection> selections) => ReportUnknown(
        selections.SelectMany(tenants => IdsOf(tenants, nameof(NotificationId), NotificationId).Exact ?? []),
        Ledger.Notifications.HasNotification, CreditErrors.NotificationNotFound);
}
