using System.Net;
using System.Net.Mail;
using CommunicationsCredits.Ledger.Recharge;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>How notices are delivered (N3): by mail or to a webhook.</summary>
public abstract record NoticeDelivery
{
    private protected NoticeDelivery()
    {
    }

    /// <summary>How long the other side is waited for, for each notice: 30 seconds where nothing is given.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Makes the way, after having checked that it makes sense.</summary>
    /// <exception cref="CreditException"><c>RuleInvalid</c>: an address, a port or a time-out that is none.</exception>
    internal INoticeTransport Open(Func<string, string?> secrets)
    {
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(10))
            throw Invalid($"A time-out of {Timeout} is not between 0.1 seconds and 10 minutes.", Timeout);
        return OpenChecked(secrets);
    }

    private protected static CreditException Invalid(string reason, object? target) =>
        new(CreditErrorId.RuleInvalid, reason, target);

    private protected abstract INoticeTransport OpenChecked(Func<string, string?> secrets);
}

/// <summary>Delivery by mail: SMTP, plain or with STARTTLS.</summary>
/// <param name="Server">The mail server's name or address.</param>
/// <param name="From">The sender's address, with or without a name to show.</param>
public sealed record SmtpDelivery(string Server, string From) : NoticeDelivery
{
    private const int SubmissionPort = 587;
    private const int RelayPort = 25;

    /// <summary>The port, 1 to 65535; 587 with <see cref="UseSsl"/> and 25 without where nothing is given.</summary>
    public int? Port { get; init; }

    /// <summary>Whom to send to instead of the tenants' own addresses; none leaves it at those.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>The account to sign in with, or null. It is used for this run and kept nowhere.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>
    /// Whether the connection is encrypted by STARTTLS before anything is sent; a certificate that is not valid is refused.
    /// </summary>
    public bool UseSsl { get; init; }

    private protected override INoticeTransport OpenChecked(Func<string, string?> secrets)
    {
        if (string.IsNullOrWhiteSpace(Server) || Uri.CheckHostName(Server) == UriHostNameType.Unknown)
        {
            throw Invalid(
                $"'{Server}' is not the name of a mail server. Write it as in smtp.contoso.com, and its port as -Port.", Server);
        }

        if (Port is < 1 or > ushort.MaxValue)
            throw Invalid($"A port is 1 to {ushort.MaxValue}, not {Port}.", Port);
        return new SmtpTransport(this, Port ?? (UseSsl ? SubmissionPort : RelayPort), Address(From), [.. To.Select(Address)]);
    }

    private static MailAddress Address(string text) =>
        EmailAddress.TryParse(text) ?? throw Invalid(
            $"'{text}' is not an e-mail address. Write it as in billing@contoso.com.", text);
}

/// <summary>
/// Delivery to a webhook: a JSON document an HTTPS POST (plain HTTP to this machine itself only), signed where there is a secret.
/// </summary>
/// <param name="Uri">The address.</param>
public sealed record WebhookDelivery(Uri Uri) : NoticeDelivery
{
    /// <summary>The name of the secret that requests are signed with, or null. It is read for each, and kept nowhere.</summary>
    public string? SecretName { get; init; }

    private protected override INoticeTransport OpenChecked(Func<string, string?> secrets)
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
