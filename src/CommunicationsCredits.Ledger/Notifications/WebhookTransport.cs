using System.Globalization;
using System.Net.Http.Headers;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using Newtonsoft.Json.Linq;

namespace CommunicationsCredits.Ledger.Notifications;

/// <summary>Sends messages to a webhook. One that is sent again is the same document, recognizable by its id.</summary>
internal sealed class WebhookTransport : INotificationTransport
{
    private readonly WebhookDelivery _delivery;
    private readonly Func<string, string?> _secrets;
    private readonly HttpClient _client;

    public WebhookTransport(WebhookDelivery delivery, Func<string, string?> secrets)
    {
        _delivery = delivery;
        _secrets = secrets;
        _client = GatewayClient.NewHttpClient(delivery.Uri, delivery.Timeout);
    }

    public TimeSpan SendLease => _delivery.Timeout + TimeSpan.FromSeconds(30);

    public bool Reaches(Tenant tenant) => true;

    public HandOver Send(Tenant tenant, NotificationMessage message, Instant now, CancellationToken cancellation)
    {
        string? secret = null;
        if (_delivery.SecretName is { } name && (secret = _secrets(name)) is null)
            return new(HandOverOutcome.NotReached, $"the secret '{name}' is not there");

        var body = JsonDocuments.Write(_delivery.Format == WebhookFormat.AdaptiveCard ? AdaptiveCard.Of(tenant, message) : Document(tenant, message));
        using var request = new HttpRequestMessage(HttpMethod.Post, _delivery.Uri) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        if (secret is not null)
            request.Headers.Add("X-Signature", GatewayClient.Signature(body, secret));
        try
        {
            using var response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var code = (int)response.StatusCode;
            var status = string.Create(CultureInfo.InvariantCulture, $"{_delivery.Uri.Host} answered with HTTP {code}");
            return response.IsSuccessStatusCode ? new(HandOverOutcome.Accepted, null)
                : code >= 500 ? new(HandOverOutcome.NotReached, status)
                : new(HandOverOutcome.Refused, status);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(HandOverOutcome.NotReached, $"the run was stopped before {_delivery.Uri.Host} answered");
        }
        catch (OperationCanceledException)
        {
            var limit = string.Create(CultureInfo.InvariantCulture, $"{_delivery.Timeout.TotalSeconds:0.#} s");
            return new(HandOverOutcome.NotReached, $"{_delivery.Uri.Host} did not answer within {limit}");
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException)
        {
            var reason = ExternalText.Clean(problem.GetBaseException().Message, secret);
            return new(HandOverOutcome.NotReached, $"{_delivery.Uri.Host}: {reason}");
        }
    }

    public void Dispose() => _client.Dispose();

    private static JObject Document(Tenant tenant, NotificationMessage message)
    {
        var document = Notice(tenant, message.Gravest);
        document["others"] = new JArray(message.Shown.Skip(1).Select(notice => Notice(tenant, notice)));
        return document;
    }

    private static JObject Notice(Tenant tenant, Notification notice) => new()
    {
        ["id"] = notice.IdOf(tenant),
        ["tenantId"] = tenant.Id,
        ["tenantName"] = tenant.Name,
        ["kind"] = notice.Kind.ToString(),
        ["subject"] = notice.Subject,
        ["body"] = notice.Body,
        ["currency"] = tenant.Currency,
        ["raisedAt"] = notice.RaisedAt.ToString(),
    };
}
