using System.Management.Automation;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>
/// Delivers the notices that are due, by mail or to a webhook: at least once each, with retries. Each is written as it stands then.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "CreditNotification", SupportsShouldProcess = true, DefaultParameterSetName = ByMail)]
[OutputType(typeof(CreditNotification))]
public sealed class SendCreditNotificationCommand : TenantReadCommand
{
    private const string ByMail = "Smtp";
    private const string ByWebhook = "Webhook";

    private NoticeDelivery? _delivery;

    /// <summary>The mail server's name or address.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByMail)]
    [ValidateNotNullOrEmpty]
    public string SmtpServer { get; set; } = string.Empty;

    /// <summary>The mail server's port. By default 587 with -UseSsl, else 25.</summary>
    [Parameter(ParameterSetName = ByMail)]
    public int? Port { get; set; }

    /// <summary>The sender's address.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByMail)]
    [ValidateNotNullOrEmpty]
    public string From { get; set; } = string.Empty;

    /// <summary>The addresses to send to instead of each tenant's own.</summary>
    [Parameter(ParameterSetName = ByMail)]
    public string[] To { get; set; } = [];

    /// <summary>The account at the mail server. It is used for this run and kept nowhere.</summary>
    [Parameter(ParameterSetName = ByMail)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Encrypts the connection by STARTTLS before anything is sent; a certificate that is not valid is refused.</summary>
    [Parameter(ParameterSetName = ByMail)]
    public SwitchParameter UseSsl { get; set; }

    /// <summary>The HTTPS address that gets each notice as a JSON document. Plain HTTP is for this machine itself only.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByWebhook)]
    [ValidateNotNull]
    public Uri? WebhookUri { get; set; }

    /// <summary>
    /// The name of the secret that requests are signed with: an environment variable, else what Get-Secret of
    /// Microsoft.PowerShell.SecretManagement has by that name.
    /// </summary>
    [Parameter(ParameterSetName = ByWebhook)]
    [ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    private protected override void Process(TenantSelection tenants)
    {
        if (!Stopping)
            WriteEach(Ledger.SendNotifications(tenants, _delivery ??= Delivery(), Approve, WriteWarning, StopToken));
    }

    /// <summary>Asks whether to send a notice, which is given as it will stand then; under -WhatIf that is what is written.</summary>
    private bool Approve(CreditNotification notice)
    {
        var what = notice.Status == CreditNotificationStatus.NoRecipient
            ? $"Note that there is nobody to send '{notice.NotificationId}' to: {notice.Subject}"
            : $"Send '{notice.NotificationId}': {notice.Subject}";
        var isConfirmed = Confirm(what, out var preview);
        if (!preview)
            return isConfirmed;
        WriteObject(notice);
        return false;
    }

    private NoticeDelivery Delivery() => WebhookUri is not null
        ? new WebhookDelivery(WebhookUri) { SecretName = SecretName }
        : new SmtpDelivery(SmtpServer, From)
        {
            Port = Port,
            To = To,
            Credential = Credential?.GetNetworkCredential(),
            UseSsl = UseSsl,
        };
}
