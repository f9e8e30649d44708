using System.Text.Json;

namespace CommunicationsCredits.Ledger.TestHost;

/// <summary>
/// A payment gateway that is a program: a request on standard input, an answer on standard output, and faults as planned.
/// </summary>
public static class GatewayProgram
{
    /// <summary>Longer than any time-out of the tests, so that only a kill ends it.</summary>
    private static readonly TimeSpan Forever = TimeSpan.FromMinutes(2);

    public static int Run(GatewayBook book)
    {
        using var input = new MemoryStream();
        Console.OpenStandardInput().CopyTo(input);
        var request = input.ToArray();
        using var document = JsonDocument.Parse(request);
        var token = document.RootElement.GetProperty("paymentMethod").GetProperty("token").GetString();
        var behaviour = book.Take(request);
        switch (behaviour.Split(' ')[0])
        {
            case "decline":
                return Answer("declined", reason: behaviour.Length > 8 ? behaviour[8..] : "card_declined");
            case "pending":
                return Answer("pending");
            case "hang":
                Thread.Sleep(Forever);
                return 1;
            case "die":
                Console.Error.WriteLine($"Unhandled exception with {token}");
                return 3;
            case "slow":
                Thread.Sleep(int.Parse(behaviour[5..], System.Globalization.CultureInfo.InvariantCulture));
                break;
            case "rubbish":
                Console.Out.Write("<html>Service unavailable</html>");
                return 0;
            case "repeat-token":
                return Answer("declined", reason: $"no such token {token}", reference: token);
        }

        var charge = book.Charge(request);
        switch (behaviour)
        {
            case "charge-hang":
                Thread.Sleep(Forever);
                return 1;
            case "charge-die":
                return 3;
            case "charge-rubbish":
                Console.Out.Write("succeeded");
                return 0;
            case "charge-unicode":
                Console.Out.Write("""{"status":"\ud800"}""");
                return 0;
            case "charge-pending":
                return Answer("pending");
            case "charge-nothing":
                return 0;
            case "charge-twice":
                Answer("succeeded", charge.Reference);
                return Answer("succeeded", charge.Reference);
            case "charge-mark":
                using (var output = Console.OpenStandardOutput())
                    output.Write([0xEF, 0xBB, 0xBF]);
                break;
        }

        return Answer("succeeded", charge.Reference);
    }

    private static int Answer(string status, string? reference = null, string? reason = null)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(JsonSerializer.SerializeToUtf8Bytes(new { status, reference, reason }));
        return 0;
    }
}
