using System.Text.Json;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>What a gateway made of a request.</summary>
/// <param name="State">Succeeded, Declined, Pending or Unknown.</param>
/// <param name="Reference">The gateway's own reference, or null.</param>
/// <param name="Reason">Why it was declined, or is not known; else null.</param>
internal sealed record GatewayAnswer(AutoRechargeAttemptState State, string? Reference, string? Reason)
{
    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Whether this says only that one request was not taken: it then was not paid by that request, but may have been by an
    /// earlier one.
    /// </summary>
    public bool IsOfOneRequest { get; init; }

    public static GatewayAnswer Declined(string reason) => new(AutoRechargeAttemptState.Declined, null, RemoteText.Clean(reason));

    /// <summary>The request was not taken: the gateway was not reached, or refused it as such.</summary>
    public static GatewayAnswer NotTaken(string reason) => Declined(reason) with { IsOfOneRequest = true };

    public static GatewayAnswer Unknown(string reason) => new(AutoRechargeAttemptState.Unknown, null, RemoteText.Clean(reason));

    /// <summary>Reads a gateway's answer; one that cannot be read says nothing of whether it was paid.</summary>
    public static GatewayAnswer Read(ReadOnlyMemory<byte> json)
    {
        // Some shells begin what they write with a byte order mark.
        if (json.Span.StartsWith(Utf8Mark))
            json = json[Utf8Mark.Length..];
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
                "declined" => Declined(reason ?? "the gateway gave no reason") with { Reference = reference },
                "pending" => new(AutoRechargeAttemptState.Pending, reference, reason),
                var status => Unknown($"the gateway answered with status '{status}'"),
            };
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // The latter is text that is not Unicode.
            return Unknown("the gateway's answer is not JSON");
        }
    }

    /// <summary>The answer without what must not be repeated.</summary>
    public GatewayAnswer Without(string? secret) => this with
    {
        Reference = Reference is null ? null : RemoteText.Clean(Reference, secret),
        Reason = Reason is null ? null : RemoteText.Clean(Reason, secret),
    };

    private static string? Text(JsonElement answer, string name)
    {
        if (!answer.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return RemoteText.Clean(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
    }
}
