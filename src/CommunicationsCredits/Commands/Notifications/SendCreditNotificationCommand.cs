using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Tenants;
using System.Security;

namespace CommunicationsCredits.Commands;

/// <summary>
/// Delivers the notices that are due, by mail or to a webhook: at least once each, with retries, those of one episode as one message, the
/// gravest first. Each is written as it stands then.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "CreditNotification",
    HelpUri = HelpPages.Folder + "Send-CreditNotification.md", SupportsShouldProcess = true, DefaultParameterSetName = ByMail)]
[OutputType(typeof(CreditNotification))]
public sealed class SendCreditNotificationCommand : TenantReadCommandBase
{
    private const string ByMail = "Smtp";
    private const string ByMailWithToken = "SmtpToken";
    private const string ByWebhook = "Webhook";

    private NotificationDelivery? _delivery;

    /// <summary>The notices to send, by their ids; wildcards are understood. By default all that are due.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NotificationIdCompleter))]
    public string[]? NotificationId { get; set; }

    /// <summary>The mail server's name or address.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByMail)]
    [Parameter(Mandatory = true, ParameterSetName = ByMailWithToken)]
    [ValidateNotNullOrEmpty]
    public string SmtpServer { get; set; } = string.Empty;

    /// <summary>
    /// The mail server's port. By default 465 with -Security Tls; 587 with -Security StartTls, -Credential or -AccessToken; else 25.
    /// </summary>
    [Parameter(ParameterSetName = ByMail)]
    [Parameter(ParameterSetName = ByMailWithToken)]
    public int? Port { get; set; }

    /// <summary>The sender's address.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByMail)]
    [Parameter(Mandatory = true, ParameterSetName = ByMailWithToken)]
    [ValidateNotNullOrEmpty]
    public string From { get; set; } = string.Empty;

    /// <summary>The addresses to send to instead of each tenant's own.</summary>
    [Parameter(ParameterSetName = ByMail)]
    [Parameter(ParameterSetName = ByMailWithToken)]
    public string[] To { get; set; } = [];

    /// <summary>The account at the mail server. It is used for this run and kept nowhere.</summary>
    [Parameter(ParameterSetName = ByMail)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>
    /// The OAuth 2.0 access token to sign in with as -From (XOAUTH2), as a SecureString or as text. It is used for this run and kept
    /// nowhere.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ByMailWithToken)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? AccessToken { get; set; }

    /// <summary>
    /// How the connection is encrypted. Auto, the default, takes TLS on port 465 and STARTTLS on others where the server offers it, and
    /// insists on encryption where somebody signs in.
    /// </summary>
    [Parameter(ParameterSetName = ByMail)]
    [Parameter(ParameterSetName = ByMailWithToken)]
    public MailSecurity Security { get; set; }

    /// <summary>The HTTPS address that gets each message. Plain HTTP is for this machine itself only.</summary>
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

    /// <summary>What the webhook is sent: Json, the default, a document of the notice; AdaptiveCard, a card for a workflow of a Teams channel.</summary>
    [Parameter(ParameterSetName = ByWebhook)]
    public WebhookFormat Format { get; set; }

    private protected override void Process(TenantSelection tenants)
    {
        if (!Stopping)
        {
            WriteEach(Ledger.Notifications.Send(
                tenants, _delivery ??= Delivery(), notice => Approve(tenants, notice), WriteWarning, StopToken));
        }
    }

    /// <summary>Asks whether to send a notice, which is given as it will stand then; under -WhatIf that is what is written.</summary>
    private bool Approve(TenantSelection tenants, CreditNotification notice)
    {
        if (!IsWanted(tenants, NotificationId, nameof(NotificationId), notice.NotificationId))
            return false;
        var what = notice.Status == CreditNotificationStatus.NoRecipient
            ? $"Note that there is nobody to send '{notice.NotificationId}' to: {notice.Subject}"
            : $"Send '{notice.NotificationId}': {notice.Subject}";
        var isConfirmed = Confirm(what, out var preview);
        if (!preview)
            return isConfirmed;
        WriteObject(notice);
        return false;
    }

    private NotificationDelivery Delivery() => WebhookUri is not null
        ? new WebhookDelivery(WebhookUri) { SecretName = SecretName, Format = Format }
        : new SmtpDelivery(SmtpServer, From)
        {
            Port = Port,
            To = To,
            Credential = Credential?.GetNetworkCredential(),
            AccessToken = AccessToken,
            Security = Security,
        };
}
