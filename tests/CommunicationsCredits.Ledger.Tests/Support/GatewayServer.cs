using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CommunicationsCredits.Ledger.TestHost;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>
/// A payment gateway that is a real HTTP server on loopback, with its own book. It plans: <c>succeed</c>, <c>decline</c>,
/// <c>pending</c>, <c>status N</c>, <c>reset</c>, <c>never</c>, <c>rubbish</c>, each but the first two also as <c>charge-…</c>:
/// it charges, and then behaves so.
/// </summary>
internal sealed class GatewayServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LoopbackServer _server;
    private readonly string? _secret;

    public GatewayServer(string? secret = null)
    {
        _secret = secret;
        Book = new(_folder.File("book"));
        _server = new(Handle);
    }

    public GatewayBook Book { get; }

    public Uri Uri => _server.Uri;

    /// <summary>What was wrong with the requests.</summary>
    public List<string> Faults { get; } = [];

    public int Requests => _server.Seen.Count;

    public CreditGateway Gateway(string name = "psp", string? secretName = null, double seconds = 20) => new()
    {
        Name = name,
        Command = null,
        ArgumentList = [],
        Uri = Uri,
        SecretName = secretName,
        Timeout = TimeSpan.FromSeconds(seconds),
    };

    /// <summary>From now on nothing listens there.</summary>
    public void Close() => _server.Dispose();

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private static ServerReply Answer(string status, string? reference = null, string? reason = null) =>
        ServerReply.Of(200, JsonSerializer.Serialize(new { status, reference, reason }));

    private ServerReply Handle(SeenRequest request)
    {
        Check(request);
        var behaviour = Book.Take(request.Body);

        // Of a key it has charged, a gateway never says that it was declined: that is what the key is for.
        if (behaviour is "decline" or "status 402" or "status 422" && Book.HasCharged(request.Body))
            behaviour = "succeed";
        if (behaviour == "decline")
            return Answer("declined", reason: "card_declined");
        var charges = behaviour == "succeed" || behaviour.StartsWith("charge-", StringComparison.Ordinal);
        var charge = charges ? Book.Charge(request.Body) : null;
        behaviour = behaviour.Replace("charge-", string.Empty, StringComparison.Ordinal);
        return behaviour.Split(' ')[0] switch
        {
            "succeed" => Answer("succeeded", charge!.Reference),
            "pending" => Answer("pending"),
            "reset" => ServerReply.Reset,
            "never" => ServerReply.Never,
            "rubbish" => ServerReply.Of(200, "{\"status\":"),
            "redirect" => ServerReply.Of(302, "", $"Location: {Uri}"),
            _ => ServerReply.Of(int.Parse(behaviour.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), "no"),
        };
    }

    private void Check(SeenRequest request)
    {
        lock (Faults)
        {
            if (request.Headers.GetValueOrDefault("Idempotency-Key") != GatewayBook.Read(request.Body).Key)
                Faults.Add("Idempotency-Key is not the request's");
            if (!request.Line.StartsWith("POST /charges ", StringComparison.Ordinal))
                Faults.Add(request.Line);
            if (request.Headers.GetValueOrDefault("Content-Type") != "application/json; charset=utf-8")
                Faults.Add($"Content-Type {request.Headers.GetValueOrDefault("Content-Type")}");
            var expected = _secret is null ? null : "sha256="
                + Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(_secret), request.Body)).ToLowerInvariant();
            if (request.Headers.GetValueOrDefault("X-Signature") != expected)
                Faults.Add($"X-Signature {request.Headers.GetValueOrDefault("X-Signature")}");
        }
    }
}
