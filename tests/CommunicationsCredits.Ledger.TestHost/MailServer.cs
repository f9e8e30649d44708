using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace CommunicationsCredits.Ledger.TestHost;

/// <summary>How the mail server of the tests behaves once a mail has been handed to it.</summary>
public enum MailServerMode
{
    /// <summary>It takes every mail; a recipient whose address begins with "refused" it does not.</summary>
    Accept,

    /// <summary>It never answers a mail's end.</summary>
    Stall,

    /// <summary>It ends the connection within a mail.</summary>
    Disconnect,

    /// <summary>It refuses every mail at its end.</summary>
    Refuse,
}

/// <summary>Whom the mail server knows, and how it encrypts.</summary>
/// <param name="Certificate">Its certificate, with the private key.</param>
/// <param name="User">The account that has to sign in, or null where nobody has to.</param>
/// <param name="Password">The password, or the access token (XOAUTH2).</param>
/// <param name="IsImplicit">Whether it speaks TLS from the first byte on; else by STARTTLS.</param>
public sealed record MailServerAccess(X509Certificate2 Certificate, string? User = null, string? Password = null, bool IsImplicit = false);

/// <summary>A mail as it came in.</summary>
/// <param name="From">The sender of the envelope.</param>
/// <param name="To">The recipients of the envelope.</param>
/// <param name="IsEncrypted">Whether it came over TLS.</param>
/// <param name="SignedInAs">The account that had signed in, or null.</param>
/// <param name="Content">What was sent, as it was sent.</param>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, bool IsEncrypted, string? SignedInAs, string Content)
{
    /// <summary>The mail, read.</summary>
    public MimeMessage Message { get; } = MimeMessage.Load(new MemoryStream(System.Text.Encoding.Latin1.GetBytes(Content)));

    /// <summary>The text, with line feeds only.</summary>
    public string Text => (Message.TextBody ?? string.Empty).Replace("\r\n", "\n", StringComparison.Ordinal);
}

/// <summary>A real mail server on a port of loopback, in the process of the tests: SmtpServer, and XOAUTH2 in front of it.</summary>
public sealed class MailServer : IDisposable
{
    private static readonly TimeSpan LongestShutdown = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ReceivedMail> _mails = new();
    private readonly MailServerMode _mode;
    private readonly MailServerAccess? _access;
    private readonly Task _running;
    private int _connections;

    /// <summary>Starts it.</summary>
    public MailServer(MailServerMode mode = MailServerMode.Accept, MailServerAccess? access = null)
    {
        _mode = mode;
        _access = access;
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = (IPEndPoint)listener.LocalEndpoint;
        Port = address.Port;
        var options = new SmtpServerOptionsBuilder().ServerName("mail.example").Endpoint(endpoint =>
        {
            endpoint.Endpoint(address).SessionTimeout(TimeSpan.FromMinutes(10));
            if (access is null)
                return;
            endpoint.Certificate(access.Certificate).IsSecure(access.IsImplicit)
                .AuthenticationRequired(access.User is not null).AllowUnsecureAuthentication(false);
        }).Build();
        var services = new ServiceProvider();
        services.Add(new TokenSignInListeners(listener, () => Interlocked.Increment(ref _connections)));
        services.Add((ISmtpCommandFactory)new Commands());
        services.Add((IUserAuthenticator)new Accounts(this));
        services.Add((IMailboxFilter)new Mailboxes());
        services.Add((IMessageStore)new Store(this));
        _running = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
    }

    /// <summary>The port that it listens on.</summary>
    public int Port { get; }

    /// <summary>How many connections were made to it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What it took, in order.</summary>
    public IReadOnlyList<ReceivedMail> Mails => _mails.ToArray();

    /// <summary>A certificate for localhost that nobody trusts who was not asked to.</summary>
    public static X509Certificate2 SelfMadeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        // Windows serves TLS only with a key that was imported.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        try
        {
            _running.Wait(LongestShutdown);
        }
        catch (AggregateException)
        {
            // Sessions that a test left open end with an error.
        }

        _stop.Dispose();
    }

    /// <summary>Offers XOAUTH2 besides what SmtpServer knows; its sign-in comes as a PLAIN one.</summary>
    private sealed class Commands : SmtpCommandFactory
    {
        public override SmtpCommand CreateEhlo(string domainOrAddress) => new Greeting(domainOrAddress);

        private sealed class Greeting(string domain) : EhloCommand(domain)
        {
            protected override IEnumerable<string> GetExtensions(ISessionContext context) =>
                base.GetExtensions(context).Select(extension => extension.StartsWith("AUTH ", StringComparison.Ordinal) ? extension + " XOAUTH2" : extension);
        }
    }

    private sealed class Accounts(MailServer server) : IUserAuthenticator
    {
        public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) =>
            Task.FromResult(server._access is { } access && user == access.User && password == access.Password);
    }

    private sealed class Mailboxes : IMailboxFilter
    {
        public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) =>
            Task.FromResult(true);

        public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
            to.User.StartsWith("refused", StringComparison.Ordinal)
                ? throw new SmtpResponseException(new(SmtpReplyCode.MailboxUnavailable, "No such person here"))
                : Task.FromResult(true);
    }

    private sealed class Store(MailServer server) : IMessageStore
    {
        public async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            switch (server._mode)
            {
                case MailServerMode.Stall:
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    break;
                case MailServerMode.Disconnect:
                    ((TokenSignInPipe)context.Pipe).Abort();
                    break;
                case MailServerMode.Refuse:
                    return new(SmtpReplyCode.TransactionFailed, "Not wanted here");
                default:
                    server._mails.Enqueue(new(
                        Address(transaction.From),
                        transaction.To.Select(Address).ToArray(),
                        context.Pipe.IsSecure,
                        context.Authentication.IsAuthenticated ? context.Authentication.User : null,
                        System.Text.Encoding.Latin1.GetString(buffer.ToArray())));
                    break;
            }

            return SmtpResponse.Ok;
        }

        private static string Address(IMailbox mailbox) => $"{mailbox.User}@{mailbox.Host}";
    }
}
