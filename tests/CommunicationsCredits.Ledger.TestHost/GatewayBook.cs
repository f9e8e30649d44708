using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace CommunicationsCredits.Ledger.TestHost;

/// <summary>A charge that a gateway has made.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="AttemptId">The attempt it was for.</param>
/// <param name="Amount">The amount.</param>
/// <param name="Currency">The currency.</param>
public sealed record GatewayCharge(string Key, string AttemptId, decimal Amount, string Currency)
{
    /// <summary>The gateway's own reference, which follows from the key.</summary>
    public string Reference => "ch_" + Key[..8];
}

/// <summary>
/// A payment gateway's own book, in a folder: what it was asked, byte for byte, and what it has charged, once a key. What it is
/// to do next is a file of lines, of which each request takes the first; without one it charges and says so. Several processes
/// may use it at once, and be killed at any moment.
/// </summary>
public sealed class GatewayBook(string folder)
{
    private readonly string _charges = Path.Combine(folder, "charges");
    private readonly string _requests = Path.Combine(folder, "requests");
    private readonly string _script = Path.Combine(folder, "script");

    /// <summary>What the gateway is to do with the next requests.</summary>
    public void Plan(params string[] behaviours) => WithLock(() => File.WriteAllLines(_script, behaviours));

    /// <summary>All charges, in the order they were made.</summary>
    public IReadOnlyList<GatewayCharge> Charges() => WithLock(() => File.Exists(_charges)
        ? File.ReadAllLines(_charges).Select(line => line.Split('\t')).Select(parts =>
            new GatewayCharge(parts[0], parts[1], decimal.Parse(parts[2], CultureInfo.InvariantCulture), parts[3])).ToList()
        : []);

    /// <summary>The SHA-256 of every request it was sent, by key, in order.</summary>
    public ILookup<string, string> Requests() => WithLock(() => (File.Exists(_requests) ? File.ReadAllLines(_requests) : [])
        .Select(line => line.Split('\t')).ToLookup(parts => parts[0], parts => parts[1]));

    /// <summary>Notes a request, and answers with what is to be done with it.</summary>
    public string Take(byte[] request)
    {
        var hash = Convert.ToHexString(SHA256.HashData(request));
        return WithLock(() =>
        {
            File.AppendAllText(_requests, $"{Read(request).Key}\t{hash}\n");
            var planned = File.Exists(_script) ? File.ReadAllLines(_script) : [];
            if (planned.Length == 0)
                return "succeed";
            File.WriteAllLines(_script, planned[1..]);
            return planned[0];
        });
    }

    /// <summary>Whether what a request asks for has been charged.</summary>
    public bool HasCharged(byte[] request)
    {
        var key = Read(request).Key;
        return Charges().Any(charge => charge.Key == key);
    }

    /// <summary>Charges what a request asks for, unless its key was charged before.</summary>
    public GatewayCharge Charge(byte[] request)
    {
        var charge = Read(request);
        return WithLock(() =>
        {
            if (File.Exists(_charges) && File.ReadLines(_charges).Any(
                line => line.StartsWith(charge.Key, StringComparison.Ordinal)))
                return charge;
            using var book = new FileStream(_charges, FileMode.Append, FileAccess.Write, FileShare.None);
            book.Write(System.Text.Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{charge.Key}\t{charge.AttemptId}\t{charge.Amount}\t{charge.Currency}\n")));
            book.Flush(flushToDisk: true);
            return charge;
        });
    }

    /// <summary>What a request asks for.</summary>
    public static GatewayCharge Read(byte[] request)
    {
        using var document = JsonDocument.Parse(request);
        var root = document.RootElement;
        return new(
            root.GetProperty("idempotencyKey").GetString()!,
            root.GetProperty("attemptId").GetString()!,
            decimal.Parse(root.GetProperty("amount").GetString()!, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture),
            root.GetProperty("currency").GetString()!);
    }

    private void WithLock(Action action) => WithLock(() =>
    {
        action();
        return true;
    });

    private T WithLock<T>(Func<T> action)
    {
        Directory.CreateDirectory(folder);
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var held = new FileStream(
                    Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return action();
            }
            catch (IOException) when (tries < 3000)
            {
                Thread.Sleep(5);
            }
        }
    }
}
