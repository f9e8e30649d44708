using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmtpServer;
using SmtpServer.IO;
using SmtpServer.Net;

namespace CommunicationsCredits.Ledger.TestHost;

/// <summary>Listens on a port that is already open.</summary>
internal sealed class TokenSignInListeners(TcpListener listener, Action connected) : IEndpointListenerFactory
{
    public IEndpointListener CreateListener(IEndpointDefinition endpointDefinition) => new Listener(listener, connected);

    private sealed class Listener(TcpListener listener, Action connected) : IEndpointListener
    {
        public async Task<ISecurableDuplexPipe> GetPipeAsync(ISessionContext context, CancellationToken cancellationToken)
        {
            var client = await listener.AcceptTcpClientAsync(cancellationToken);
            connected();
            return new TokenSignInPipe(client);
        }

        public void Dispose() => listener.Stop();
    }
}

/// <summary>
/// A connection, plain or by TLS, on which a sign-in by XOAUTH2 arrives as one by PLAIN with the token for its password, which is what
/// SmtpServer knows.
/// </summary>
internal sealed class TokenSignInPipe : ISecurableDuplexPipe
{
    private readonly TcpClient _client;
    private Stream _stream;
    private PipeReader _input;
    private PipeWriter _output;

    public TokenSignInPipe(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
        (_input, _output) = Over(_stream);
    }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    public bool IsSecure => _stream is SslStream;

    public SslProtocols SslProtocol => _stream is SslStream tls ? tls.SslProtocol : SslProtocols.None;

    public async Task UpgradeAsync(X509Certificate certificate, SslProtocols protocols, CancellationToken cancellationToken = default)
    {
        var tls = new SslStream(_stream);
        var options = new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = protocols };
        await tls.AuthenticateAsServerAsync(options, cancellationToken);
        _stream = tls;
        (_input, _output) = Over(tls);
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Abort() => _client.Client.Close(0);

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private static (PipeReader Input, PipeWriter Output) Over(Stream stream) =>
        (PipeReader.Create(new SignInStream(stream), new(leaveOpen: true)), PipeWriter.Create(stream, new(leaveOpen: true)));

    /// <summary>Reads what the client sends, one command at a time, since it waits for each one's answer before it sends the next.</summary>
    private sealed class SignInStream(Stream inner) : Stream
    {
        private static readonly byte[] Command = "AUTH XOAUTH2 "u8.ToArray();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            return buffer.Span[..read].StartsWith(Command) ? Translate(buffer.Span, read) : read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        /// <summary>"user=…", "auth=Bearer …", each with an end mark: RFC 7628's predecessor, as Exchange and Gmail take it.</summary>
        private static int Translate(Span<byte> buffer, int length)
        {
            var response = Encoding.ASCII.GetString(buffer[Command.Length..length]).TrimEnd('\r', '\n');
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(response)).Split('\u0001');
            var user = parts[0]["user=".Length..];
            var token = parts[1]["auth=Bearer ".Length..];
            var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{token}"));
            return Encoding.ASCII.GetBytes($"AUTH PLAIN {plain}\r\n", buffer);
        }
    }
}
