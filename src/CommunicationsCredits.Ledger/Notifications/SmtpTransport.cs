using System.Globalization;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>Sends notices as mail. One connection serves a whole run; after a failure the next notice gets a new one.</summary>
internal sealed class SmtpTransport : INoticeTransport
{
    private const int LongestLine = 76;

    private readonly SmtpDelivery _delivery;
    private readonly SmtpClient _client;
    private readonly MailAddress _from;
    private readonly IReadOnlyList<MailAddress> _to;

    public SmtpTransport(SmtpDelivery delivery, int port, MailAddress from, IReadOnlyList<MailAddress> to)
    {
        _delivery = delivery;
        _from = from;
        _to = to;
        _client = new(delivery.Server, port)
        {
            EnableSsl = delivery.UseSsl,
            Credentials = delivery.Credential,
            Timeout = (int)delivery.Timeout.TotalMilliseconds,
        };
    }

    public TimeSpan Patience => _delivery.Timeout + TimeSpan.FromSeconds(30);

    public bool Reaches(Tenant tenant) => _to.Count > 0 || tenant.NotificationEmail.Count > 0;

    public HandOver Send(Tenant tenant, Notice notice)
    {
        using var mail = Compose(tenant, notice);
        try
        {
            _client.Send(mail);
            return new(HandOverOutcome.Taken, null);
        }
        catch (SmtpFailedRecipientException refusal)
        {
            // With somebody left to take it, the mail has gone out: sending it again would reach those people twice.
            var refused = refusal is SmtpFailedRecipientsException several ? several.InnerExceptions : [refusal];
            var reason = Clean("refused: " + string.Join("; ", refused.Select(one => $"{one.FailedRecipient} {Reason(one)}")));
            return new(refused.Length < mail.To.Count ? HandOverOutcome.Taken : HandOverOutcome.Refused, reason);
        }
        catch (SmtpException problem)
        {
            var isRefusal = (int)problem.StatusCode is >= 400 and < 600 && !IsOfConnection(problem.StatusCode);
            return new(isRefusal ? HandOverOutcome.Refused : HandOverOutcome.NotReached, Clean(Reason(problem)));
        }
        catch (Exception problem) when (problem is IOException or InvalidOperationException or FormatException
            or System.Security.Authentication.AuthenticationException or System.Net.Sockets.SocketException)
        {
            return new(HandOverOutcome.NotReached, Clean(Reason(problem)));
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>
    /// A notice's Message-ID, which is the same whenever it is sent, so that a mail that came twice can be recognised.
    /// </summary>
    public static string MessageId(Tenant tenant, Notice notice, string host)
    {
        var identity = string.Create(
            CultureInfo.InvariantCulture, $"{Tenant.KeyOf(tenant.Id)}\n{notice.Number}\n{notice.RaisedAt.Ticks}\n{notice.Kind}");
        return $"<{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(identity)), 0, 16).ToLowerInvariant()}@{host}>";
    }

    private static bool IsOfConnection(SmtpStatusCode code) => code is SmtpStatusCode.ServiceNotAvailable
        or SmtpStatusCode.MustIssueStartTlsFirst or SmtpStatusCode.ClientNotPermitted or SmtpStatusCode.GeneralFailure;

    private static string Reason(Exception problem)
    {
        var cause = problem.GetBaseException();
        return ReferenceEquals(cause, problem) ? problem.Message : $"{problem.Message} {cause.Message}";
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

    private string Clean(string reason) =>
        $"{_delivery.Server}: {RemoteText.Clean(reason, _delivery.Credential?.Password)}";

    private MailMessage Compose(Tenant tenant, Notice notice)
    {
        var mail = new MailMessage
        {
            From = _from,
            Subject = OneLine(notice.Subject),
            SubjectEncoding = Encoding.UTF8,
            BodyEncoding = Encoding.UTF8,
            Body = Text(tenant, notice),
        };
        foreach (var address in _to.Count > 0 ? _to : tenant.NotificationEmail.Select(address => new MailAddress(address)))
            mail.To.Add(address);
        mail.Headers["Message-ID"] = MessageId(tenant, notice, _from.Host);

        // Nobody's absence is to be answered with.
        mail.Headers["Auto-Submitted"] = "auto-generated";
        return mail;
    }

    private static string Text(Tenant tenant, Notice notice)
    {
        var contract = notice.ToContract(tenant.Id);
        var whose = tenant.Name == tenant.Id ? tenant.Id : $"{tenant.Name} ({tenant.Id})";
        return string.Join(
            "\r\n",
            Wrapped(notice.Body),
            string.Empty,
            $"Account: {whose}",
            string.Create(CultureInfo.InvariantCulture, $"Time: {contract.RaisedAt:yyyy-MM-dd HH:mm} UTC"),
            $"Notice: {contract.NotificationId}",
            string.Empty);
    }
}
