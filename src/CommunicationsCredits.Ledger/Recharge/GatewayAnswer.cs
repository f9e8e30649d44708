using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>What a gateway made of a request.</summary>
/// <param name="State">Succeeded, Declined, Pending or Unknown.</param>
/// <param name="Reference">The gateway's own reference, or null.</param>
/// <param name="Reason">Why it was declined, or is not known; else null.</param>
internal sealed record GatewayAnswer(AutoRechargeAttemptState State, string? Reference, string? Reason)
{
    /// <summary>
    /// Whether this says only that one request was not taken: it then was not paid by that request, but may have been by an
    /// earlier one.
    /// </summary>
    public bool IsOfOneRequest { get; init; }

    public static GatewayAnswer Declined(string reason) => new(AutoRechargeAttemptState.Declined, null, ExternalText.Clean(reason));

    /// <summary>The request was not taken: the gateway was not reached, or refused it as such.</summary>
    public static GatewayAnswer NotTaken(string reason) => Declined(reason) with { IsOfOneRequest = true };

    public static GatewayAnswer Unknown(string reason) => new(AutoRechargeAttemptState.Unknown, null, ExternalText.Clean(reason));

    /// <summary>Reads a gateway's answer; one that cannot be read says nothing of whether it was paid.</summary>
    public static GatewayAnswer Read(ReadOnlySpan<byte> json)
    {
        JToken document;
        try
        {
            document = JsonDocuments.Read(json);
        }
        catch (JsonException)
        {
            return Unknown("the gateway's answer is not JSON");
        }

        if (document is not JObject answer)
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

    /// <summary>The answer without what must not be repeated.</summary>
    public GatewayAnswer Without(string? secret) => this with
    {
        Reference = Reference is null ? null : ExternalText.Clean(Reference, secret),
        Reason = Reason is null ? null : ExternalText.Clean(Reason, secret),
    };

    private static string? Text(JObject answer, string name) => answer[name] switch
    {
        null or { Type: JTokenType.Null } => null,
        { Type: JTokenType.String } text => ExternalText.Clean((string)text!),
        var other => ExternalText.Clean(other.ToString(Formatting.None)),
    };
}
