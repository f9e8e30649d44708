using System.Text.Json;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>What a gateway made of a request.</summary>
/// <param name="State">Succeeded, Declined, Pending or Unknown.</param>
/// <param name="Reference">The gateway's own reference, or null.</param>
/// <param name="Reason">Why it was declined, or is not known; else null.</param>
internal sealed record GatewayAnswer(AutoRechargeAttemptState State, string? Reference, string? Reason)
{
    public static GatewayAnswer Declined(string reason) => new(AutoRechargeAttemptState.Declined, null, RemoteText.Clean(reason));

    public static GatewayAnswer Unknown(string reason) => new(AutoRechargeAttemptState.Unknown, null, RemoteText.Clean(reason));

    /// <summary>Reads a gateway's answer; one that cannot be read says nothing of whether it was paid.</summary>
    public static GatewayAnswer Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var answer = document.RootElement;
            if (answer.ValueKind != JsonValueKind.Object)
                return Unknown("the gateway's answer is not a JSON object");
            var reference = Text(answer, "reference");
            var reason = Text(answer, "reason");
            return Text(answer, "status") switch
            {
                "succeeded" => new(AutoRechargeAttemptState.Succeeded, reference, null),
                "declined" => Declined(reason ?? "the gateway gave no reason"),
                "pending" => new(AutoRechargeAttemptState.Pending, reference, reason),
                var status => Unknown($"the gateway answered with status '{status}'"),
            };
        }
        catch (JsonException)
        {
            return Unknown("the gateway's answer is not JSON");
        }
    }

    private static string? Text(JsonElement answer, string name)
    {
        if (!answer.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return RemoteText.Clean(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
    }
}
