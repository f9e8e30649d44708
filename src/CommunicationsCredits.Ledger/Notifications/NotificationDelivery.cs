using System.Net;
using System.Security;
using CommunicationsCredits.Ledger.Recharge;
using MailKit.Security;
using MimeKit;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>How notices are delivered (N3): by mail or to a webhook.</summary>
public abstract record NotificationDelivery
{
    private protected NotificationDelivery()
    {
    }

    /// <summary>How long the other side is waited for, for each notice: 30 seconds where nothing is given.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Makes the way, after having checked that it makes sense.</summary>
    /// <exception cref="CreditException"><c>RuleInvalid</c>: an address, a port or a time-out that is not valid.</exception>
    internal INotificationTransport Open(Func<string, string?> secrets)
    {
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(10))
            throw Invalid($"A time-out of {Timeout} is not between 0.1 seconds and 10 minutes.", Timeout);
        return OpenChecked(secrets);
    }

    private protected static CreditException Invalid(string reason, object? target) =>
        new(CreditErrorId.RuleInvalid, reason, target);

    private protected abstract INotificationTransport OpenChecked(Func<string, string?> secrets);
}

/// <summary>Delivery by mail: SMTP, with the encryption that <see cref="Security"/> says.</summary>
/// <param name="Server">The mail server's name or address.</param>
/// <param name="From">The sender's address, with or without a name to show.</param>
public sealed record SmtpDelivery(string Server, string From) : NotificationDelivery
{
    private const int RelayPort = 25;
    private const int SubmissionPort = 587;

    /// <summary>The port of TLS from the first byte (RFC 8314).</summary>
    private const int TlsPort = 465;

    /// <summary>
    /// The port, 1 to 65535. Where nothing is given: 465 with <see cref="MailSecurity.Tls"/>; 587 with
    /// <see cref="MailSecurity.StartTls"/>, and where somebody signs in; 25 otherwise.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>Recipients instead of the tenants' own addresses; an empty list means the tenants' own.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>The account to sign in with, or null. It is used for this run and kept nowhere.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>
    /// The OAuth 2.0 access token to sign in with as <see cref="From"/> (XOAUTH2), or null. It is used for this run and kept nowhere.
    /// </summary>
    public SecureString? AccessToken { get; init; }

    /// <summary>How the connection is encrypted.</summary>
    public MailSecurity Security { get; init; }

    private bool SignsIn => Credential is not null || AccessToken is not null;

    private int UsedPort => Port ?? (Security switch
    {
        MailSecurity.Tls => TlsPort,
        MailSecurity.StartTls => SubmissionPort,
        MailSecurity.Auto when SignsIn => SubmissionPort,
        _ => RelayPort,
    });

    private protected override INotificationTransport OpenChecked(Func<string, string?> secrets)
    {
        if (string.IsNullOrWhiteSpace(Server) || Uri.CheckHostName(Server) == UriHostNameType.Unknown)
        {
            throw Invalid(
                $"'{Server}' is not the name of a mail server. Write it as in smtp.contoso.com, and its port as -Port.", Server);
        }

        if (Port is < 1 or > ushort.MaxValue)
            throw Invalid($"A port is 1 to {ushort.MaxValue}, not {Port}.", Port);
        if (Credential is not null && AccessToken is not null)
            throw Invalid("A mail server is signed in to with a password or with an access token, not with both.", null);
        if (AccessToken is { Length: 0 })
            throw Invalid("The access token is empty. Give the token that the identity provider issued for SMTP.", null);
        return new SmtpTransport(this, UsedPort, Encryption(UsedPort), Address(From), [.. To.Select(Address)]);
    }

    private SecureSocketOptions Encryption(int port) => Security switch
    {
        MailSecurity.None => SecureSocketOptions.None,
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ when port == TlsPort => SecureSocketOptions.SslOnConnect,
        _ when SignsIn => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.StartTlsWhenAvailable,
    };

    private static MailboxAddress Address(string text) =>
        EmailAddress.TryParse(text) ?? throw Invalid(
            $"'{text}' is not an e-mail address. Write it as in billing@contoso.com.", text);
}

/// <summary>
/// Delivery to a webhook: a JSON document an HTTPS POST (plain HTTP to this machine itself only), signed where there is a secret.
/// </summary>
/// <param name="Uri">The address.</param>
public sealed record WebhookDelivery(Uri Uri) : NotificationDelivery
{
    /// <summary>What is posted.</summary>
    public WebhookFormat Format { get; init; }

    /// <summary>The name of the secret that requests are signed with, or null. It is read for each, and kept nowhere.</summary>
    public string? SecretName { get; init; }

    private protected override INotificationTransport OpenChecked(Func<string, string?> secrets)
    {
        if (!Gateways.IsSafe(Uri))
        {
            // The rest of a webhook's address is often its secret.
            var shown = Uri.IsAbsoluteUri ? $"{Uri.Scheme}://{Uri.Host}" : "The webhook's address";
            throw Invalid($"{shown} is not an HTTPS address. Plain HTTP is for this machine itself only.", null);
        }

        if (Uri.UserInfo.Length > 0)
            throw Invalid("The address holds a user or a password. Sign requests with -SecretName instead.", null);
        if (SecretName is not null && secrets(SecretName) is null)
        {
            throw Invalid(
                $"The secret '{SecretName}' is not there. Set an environment variable of that name, or store it with Set-Secret.",
                SecretName);
        }

        return new WebhookTransport(this, secrets);
    }
}
