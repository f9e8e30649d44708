namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>The gateways and the keys of this machine.</summary>
internal sealed class RechargeMeans(Gateways gateways, TokenProtection protection) : IRechargeMeans
{
    public string GatewayNamed(string name) => gateways.Get(name).Name;

    public byte[]? Reveal(ReadOnlySpan<byte> sealedContent) => protection.Reveal(sealedContent);

    public byte[] Seal(ReadOnlySpan<byte> content) => protection.Protect(content);

    public string NewKey() => Guid.NewGuid().ToString("D");

    public byte[] Request(
        string tenantId, string attemptId, string idempotencyKey, string amount, string currency, PaymentMethod method, string? token) =>
        GatewayRequest.Write(attemptId, idempotencyKey, tenantId, amount, currency, method, token);
}
