using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Recharge;

/// <summary>How recharges are paid, as the ledger keeps it (R9).</summary>
internal sealed record PaymentMethod
{
    public required string Name { get; init; }

    /// <summary>The gateway's name.</summary>
    public required string Gateway { get; init; }

    /// <summary>The provider's token, protected; null without one.</summary>
    public byte[]? ProtectedToken { get; init; }

    /// <summary>The last characters of the token, to tell it by.</summary>
    public string? TokenEnd { get; init; }

    /// <summary>The last month in which the card is good, yyyy-MM, or null.</summary>
    public string? ExpiryMonth { get; init; }

    public string? PurchaseOrder { get; init; }

    /// <summary>The method as the border shows it.</summary>
    public CreditPaymentMethod ToContract(Tenant tenant) => new()
    {
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        Name = Name,
        Gateway = Gateway,
        Token = ProtectedToken is null ? null : "****" + TokenEnd,
        ExpiryMonth = ExpiryMonth,
        PurchaseOrder = PurchaseOrder,
    };
}
