namespace CommunicationsCredits;

/// <summary>What a webhook is sent.</summary>
public enum WebhookFormat : long
{
    /// <summary>A JSON document of the notice: id, tenantId, tenantName, kind, subject, body, currency, raisedAt, and the others of its episode.</summary>
    Json = 0,

    /// <summary>An Adaptive Card in the envelope that a workflow of Teams takes.</summary>
    AdaptiveCard = 1,
}
