using Newtonsoft.Json.Linq;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>What a gateway is asked: the document that is stored with its attempt, and sent again as it is stored.</summary>
internal static class GatewayRequest
{
    /// <summary>The document.</summary>
    /// <param name="attemptId">The attempt's id.</param>
    /// <param name="idempotencyKey">The key under which the gateway charges only once.</param>
    /// <param name="tenantId">The tenant's id.</param>
    /// <param name="amount">The amount, with the currency's minor digits.</param>
    /// <param name="currency">The currency.</param>
    /// <param name="method">How it is paid.</param>
    /// <param name="token">The payment method's token in the clear, or null.</param>
    public static byte[] Write(
        string attemptId, string idempotencyKey, string tenantId, string amount, string currency, PaymentMethod method, string? token) =>
        JsonDocuments.Write(new JObject
        {
            ["attemptId"] = attemptId,
            ["idempotencyKey"] = idempotencyKey,
            ["tenantId"] = tenantId,
            ["amount"] = amount,
            ["currency"] = currency,
            ["paymentMethod"] = new JObject
            {
                ["name"] = method.Name,
                ["token"] = token,
                ["purchaseOrder"] = method.PurchaseOrder,
            },
        });

    /// <summary>The token in a document, or null.</summary>
    public static string? TokenOf(byte[] request) => (string?)JsonDocuments.Read(request)["paymentMethod"]!["token"];
}
