using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>
/// A line to a database server that a test cuts when the client sends a word, or at any time. It has threads of its own: where the pool has none to
/// spare, what a client sends would lie here until the server ends the transaction that waits for it.
/// </summary>
internal sealed class CutLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly ConcurrentDictionary<TcpClient, TcpClient> _open = [];
    private volatile byte[]? _word;
    private volatile bool _arrives;
    private volatile bool _isCut;
    private volatile bool _staysCut;
    private long _bytes;
    private int _trips;
    private volatile bool _isAsked;

    public CutLine(string connectionString)
    {
        _server = new(connectionString);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        }.ConnectionString;
        new Thread(Accept) { IsBackground = true, Name = "line" }.Start();
    }

    /// <summary>The connection string that leads over this line.</summary>
    public string ConnectionString { get; }

    public bool IsCut => _isCut;

    /// <summary>How often the server was asked something, and answered.</summary>
    public int Trips => Volatile.Read(ref _trips);

    /// <summary>How much the clients have sent.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Cuts the connection that sends a word next.</summary>
    /// <param name="word">The word.</param>
    /// <param name="arrives">Whether the server still gets it, and only its answer is lost.</param>
    /// <param name="forGood">Whether nobody can connect any more, until <see cref="Mend"/>.</param>
    public void CutAt(string word, bool arrives, bool forGood = false)
    {
        (_isCut, _arrives, _staysCut) = (false, arrives, forGood);
        _word = Encoding.ASCII.GetBytes(word);
    }

    /// <summary>Lets clients connect again.</summary>
    public void Mend() => _staysCut = false;

    /// <summary>Cuts all connections as they are.</summary>
    public void CutAll()
    {
        foreach (var (client, server) in _open)
        {
            client.Close();
            server.Close();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        CutAll();
    }

    private void Accept()
    {
        try
        {
            while (true)
                Connect(_listener.AcceptTcpClient());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private void Connect(TcpClient client)
    {
        if (_isCut && _staysCut)
        {
            client.Close();
            return;
        }

        var server = new TcpClient();
        try
        {
            server.Connect(IPAddress.Loopback, _server.Port);
        }
        catch (SocketException)
        {
            // The server is away, and the client notices.
            client.Close();
            return;
        }

        _open[client] = server;
        new Thread(() => Forward(client, server, isFromClient: true)) { IsBackground = true, Name = "line to the server" }.Start();
        new Thread(() =>
        {
            Forward(server, client, isFromClient: false);
            _open.TryRemove(client, out _);
        }) { IsBackground = true, Name = "line to the client" }.Start();
    }

    private void Forward(TcpClient from, TcpClient to, bool isFromClient)
    {
        var buffer = new byte[65536];
        try
        {
            int length;
            while ((length = from.GetStream().Read(buffer)) > 0)
            {
                if (isFromClient)
                    Interlocked.Add(ref _bytes, length);
                else if (_isAsked)
                    Interlocked.Increment(ref _trips);
                _isAsked = isFromClient;
                if (isFromClient && _word is { } word && buffer.AsSpan(0, length).IndexOf(word) >= 0)
                {
                    _word = null;
                    _isCut = true;

                    // The client's side goes first, so that no answer comes through.
                    from.Close();
                    if (_arrives)
                        to.GetStream().Write(buffer, 0, length);
                    to.Client.Shutdown(SocketShutdown.Send);
                    return;
                }

                to.GetStream().Write(buffer, 0, length);
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or InvalidOperationException or SocketException)
        {
            // One side has gone; so does the other.
        }

        from.Close();
        to.Close();
    }
}
