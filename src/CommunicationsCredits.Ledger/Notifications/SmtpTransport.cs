using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>Sends messages as mail. One connection serves a whole run; after a failure the next message gets a new one.</summary>
internal sealed class SmtpTransport(
    SmtpDelivery delivery, int port, SecureSocketOptions encryption, MailboxAddress from, IReadOnlyList<MailboxAddress> to)
    : INotificationTransport
{
    private const int LongestLine = 76;
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);

    private readonly string? _password = delivery.Credential?.Password;
    private readonly string? _token = delivery.AccessToken is { } token ? new NetworkCredential(string.Empty, token).Password : null;
    private Connection? _connection;

    public TimeSpan SendLease => delivery.Timeout + TimeSpan.FromSeconds(30);

    public bool Reaches(Tenant tenant) => to.Count > 0 || tenant.NotificationEmail.Count > 0;

    public HandOver Send(Tenant tenant, NotificationMessage message, Instant now, CancellationToken cancellation)
    {
        using var mail = Compose(tenant, message, now);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(delivery.Timeout);
        var handOver = SendAsync(mail, timeout.Token, cancellation).GetAwaiter().GetResult();
        if (handOver.Outcome == HandOverOutcome.NotReached)
            Disconnect();
        return handOver;
    }

    public void Dispose()
    {
        if (_connection is { IsConnected: true } connection)
        {
            using var timeout = new CancellationTokenSource(LongestFarewell);
            try
            {
                connection.DisconnectAsync(quit: true, timeout.Token).GetAwaiter().GetResult();
            }
            catch (Exception problem) when (problem is OperationCanceledException || IsOfConnection(problem))
            {
                // Every mail has been answered for by now.
            }
        }

        Disconnect();
    }

    /// <summary>
    /// The Message-ID, which is the same whenever the same notices are sent, so that a mail that came twice can be recognised.
    /// </summary>
    public static string MessageId(Tenant tenant, NotificationMessage message, string host)
    {
        var identity = Tenant.KeyOf(tenant.Id) + string.Concat(message.Notices.Select(notice => string.Create(
            CultureInfo.InvariantCulture, $"\n{notice.Number}\n{notice.RaisedAt.Ticks}\n{notice.Kind}")));
        return $"{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(identity)), 0, 16).ToLowerInvariant()}@{host}";
    }

    private async Task<HandOver> SendAsync(MimeMessage mail, CancellationToken timeout, CancellationToken stop)
    {
        Connection connection;
        try
        {
            connection = await ConnectAsync(timeout).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Unanswered(stop);
        }
        catch (Exception problem) when (IsOfConnection(problem))
        {
            return new(HandOverOutcome.NotReached, Clean(Reason(problem)));
        }

        try
        {
            await connection.SendAsync(mail, timeout).ConfigureAwait(false);

            // The mail has gone out to the others: sending it again would reach them twice.
            return new(HandOverOutcome.Accepted, connection.Refusals.Count == 0 ? null : Clean("refused: " + string.Join("; ", connection.Refusals)));
        }
        catch (OperationCanceledException)
        {
            return Unanswered(stop);
        }
        catch (SmtpCommandException refusal) when (refusal.ErrorCode == SmtpErrorCode.RecipientNotAccepted)
        {
            return new(HandOverOutcome.Refused, Clean("refused: " + string.Join("; ", connection.Refusals)));
        }
        catch (SmtpCommandException refusal) when (!IsOfConnection(refusal.StatusCode))
        {
            return new(HandOverOutcome.Refused, Clean(Reason(refusal)));
        }
        catch (NotSupportedException problem)
        {
            // An address beyond ASCII, and a server without SMTPUTF8: the next mail may well go through.
            return new(HandOverOutcome.Refused, Clean(problem.Message));
        }
        catch (Exception problem) when (problem is SmtpCommandException || IsOfConnection(problem))
        {
            return new(HandOverOutcome.NotReached, Clean(Reason(problem)));
        }
    }

    private async Task<Connection> ConnectAsync(CancellationToken timeout)
    {
        if (_connection is { IsConnected: true } open)
        {
            try
            {
                // Servers end connections that were silent for a while, as when somebody was asked to confirm.
                await open.NoOpAsync(timeout).ConfigureAwait(false);
                open.Refusals.Clear();
                return open;
            }
            catch (Exception problem) when (problem is SmtpCommandException || IsOfConnection(problem))
            {
                // It has ended; a new one is opened.
            }
        }

        Disconnect();

        // As .NET's own HTTPS does: a mail must not wait for some authority's list of revoked certificates to be reachable.
        var connection = _connection = new() { CheckCertificateRevocation = false };
        await connection.ConnectAsync(delivery.Server, port, encryption, timeout).ConfigureAwait(false);
        if (_token is not null)
            await connection.AuthenticateAsync(new SaslMechanismOAuth2(from.Address, _token), timeout).ConfigureAwait(false);
        else if (delivery.Credential is { } credential)
            await connection.AuthenticateAsync(Encoding.UTF8, credential, timeout).ConfigureAwait(false);
        return connection;
    }

    private void Disconnect()
    {
        _connection?.Dispose();
        _connection = null;
    }

    /// <summary>What every other mail of the run would fare alike with.</summary>
    private static bool IsOfConnection(SmtpStatusCode code) => code is SmtpStatusCode.ServiceNotAvailable
        or SmtpStatusCode.AuthenticationRequired or SmtpStatusCode.TemporaryAuthenticationFailure;

    private static bool IsOfConnection(Exception problem) => problem is IOException or SocketException or ProtocolException
        or CommandException or ServiceNotConnectedException or ServiceNotAuthenticatedException or AuthenticationException
        or SslHandshakeException or NotSupportedException or InvalidOperationException or TimeoutException
        or System.Security.Authentication.AuthenticationException;

    private string Reason(Exception problem)
    {
        if (problem is SslHandshakeException handshake)
        {
            var reason = handshake.ServerCertificate is null
                ? handshake.GetBaseException().Message
                : $"the server's certificate is not trusted: {Untrusted(handshake)}";
            return delivery.Security == MailSecurity.Auto && encryption == SecureSocketOptions.StartTlsWhenAvailable
                ? $"{reason} (-Security None sends without encryption)"
                : reason;
        }

        var cause = problem.GetBaseException();
        return ReferenceEquals(cause, problem) ? problem.Message : $"{problem.Message} {cause.Message}";
    }

    /// <summary>Why a certificate was refused: MailKit lists the reasons below its own sentences.</summary>
    private static string Untrusted(SslHandshakeException handshake)
    {
        var reasons = handshake.Message.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('•'))
            .Select(line => line.TrimStart('•', ' ')).Where(line => !line.EndsWith(':'));
        return string.Join("; ", reasons) is { Length: > 0 } text ? text : handshake.GetBaseException().Message;
    }

    /// <summary>Text in lines that a plain mail shows as they are; a longer word keeps a line of its own.</summary>
    private static string Wrapped(string text)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' '))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= LongestLine)
                lines[^1] += " " + word;
            else
                lines.Add(word);
        }

        return string.Join("\r\n", lines);
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private string Clean(string reason) => $"{delivery.Server}: {ExternalText.Clean(reason, _password, _token)}";

    private HandOver Unanswered(CancellationToken stop) => new(
        HandOverOutcome.NotReached,
        stop.IsCancellationRequested
            ? $"the run was stopped before {delivery.Server} answered"
            : string.Create(
                CultureInfo.InvariantCulture, $"{delivery.Server} did not answer within {delivery.Timeout.TotalSeconds:0.#} s"));

    private MimeMessage Compose(Tenant tenant, NotificationMessage message, Instant now)
    {
        var mail = new MimeMessage
        {
            Subject = OneLine(message.Subject),
            Body = new TextPart("plain") { Text = Text(tenant, message) },
            Date = now.ToDateTimeOffset(),
            MessageId = MessageId(tenant, message, from.Domain),
        };
        mail.From.Add(from);
        mail.To.AddRange(to.Count > 0 ? to : tenant.NotificationEmail.Select(address => new MailboxAddress(null, address)));

        // RFC 3834: asks mail systems not to send out-of-office replies.
        mail.Headers["Auto-Submitted"] = "auto-generated";
        return mail;
    }

    private static string Text(Tenant tenant, NotificationMessage message) => string.Join(
        "\r\n",
        string.Join("\r\n\r\n", message.Shown.Select(notice => Wrapped(notice.Body))),
        string.Empty,
        $"Account: {NotificationMessage.AccountOf(tenant)}",
        string.Create(CultureInfo.InvariantCulture, $"Time: {message.Gravest.RaisedAt.ToDateTimeOffset():yyyy-MM-dd HH:mm} UTC"),
        $"Notice: {message.IdsOf(tenant)}",
        string.Empty);

    /// <summary>A connection that goes on where a server refuses some of a mail's recipients.</summary>
    private sealed class Connection : SmtpClient
    {
        /// <summary>The recipients that the last mail did not go to, with the server's reasons.</summary>
        public List<string> Refusals { get; } = [];

        /// <inheritdoc/>
        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
            Refusals.Add($"{mailbox.Address} {response.Response}");

        /// <inheritdoc/>
        protected override void OnNoRecipientsAccepted(MimeMessage message) => throw new SmtpCommandException(
            SmtpErrorCode.RecipientNotAccepted, SmtpStatusCode.TransactionFailed, "No recipient was accepted.");
    }
}
