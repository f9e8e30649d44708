using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>A request as the server saw it.</summary>
internal sealed record SeenRequest(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>What the server does with a request.</summary>
/// <param name="Status">The HTTP status; 0: it breaks the connection; -1: it never answers.</param>
/// <param name="Body">The answer's body.</param>
/// <param name="Headers">Further header lines.</param>
internal sealed record ServerReply(int Status, byte[] Body, params string[] Headers)
{
    public static ServerReply Reset { get; } = new(0, []);

    public static ServerReply Never { get; } = new(-1, []);

    public static ServerReply Of(int status, string body = "", params string[] headers) =>
        new(status, Encoding.UTF8.GetBytes(body), headers);
}

/// <summary>A real HTTP server on loopback that can misbehave below HTTP too.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<SeenRequest, ServerReply> _handle;

    public LoopbackServer(Func<SeenRequest, ServerReply> handle)
    {
        _handle = handle;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Uri => new($"http://127.0.0.1:{Port}/charges");

    public List<SeenRequest> Seen { get; } = [];

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
            return;
        _stop.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = socket;
        try
        {
            await using var stream = new NetworkStream(socket);
            var request = await ReadAsync(stream);
            lock (Seen)
                Seen.Add(request);
            var reply = await Task.Run(() => _handle(request));
            switch (reply.Status)
            {
                case -1:
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                    break;
                case 0:
                    // A reset, not an orderly end.
                    socket.LingerState = new(true, 0);
                    socket.Close();
                    break;
                default:
                    var head = string.Join("\r\n",
                    [
                        $"HTTP/1.1 {reply.Status} X", $"Content-Length: {reply.Body.Length}", "Connection: close",
                        .. reply.Headers, "", "",
                    ]);
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
                    await stream.WriteAsync(reply.Body);
                    break;
            }
        }
        catch (Exception gone) when (gone
            is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client has gone, or the test is over.
        }
    }

    private static async Task<SeenRequest> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || Encoding.ASCII.GetString([.. head[^4..]]) != "\r\n\r\n")
        {
            if (await stream.ReadAsync(one) == 0)
                throw new IOException("The connection ended within a head.");
            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body);
        return new(lines[0], headers, body);
    }
}
