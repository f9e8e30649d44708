using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>One entry of a tenant's chain (I2, H1).</summary>
internal struct LedgerEntry
{
    public long Sequence;
    public CreditTransactionKind Kind;
    public Amount Amount;
    public Amount BalanceAfter;
    public Instant EffectiveAt;
    public Instant PostedAt;
    public string Actor;
    public string? Reference;
    public string? Description;

    /// <summary>The lot it made, forfeited or released; of a call, the one lot that paid all of it; or null.</summary>
    public long? Lot;

    /// <summary>The usage record it charges, or null.</summary>
    public long? Record;

    /// <summary>The sequence of the entry it undoes, or null.</summary>
    public long? Reverses;

    /// <summary>The entry's id at the border.</summary>
    public static string IdOf(string tenantId, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{tenantId}/{sequence}");

    /// <summary>The entry as the border shows it.</summary>
    public readonly CreditTransaction ToContract(Tenant tenant) => new()
    {
        TransactionId = IdOf(tenant.Id, Sequence),
        TenantId = tenant.Id,
        TenantName = tenant.Name,
        Sequence = Sequence,
        Kind = Kind,
        Amount = Amount.ToDecimal(),
        BalanceAfter = BalanceAfter.ToDecimal(),
        Currency = tenant.Currency,
        EffectiveAt = EffectiveAt.ToDateTimeOffset(),
        PostedAt = PostedAt.ToDateTimeOffset(),
        Actor = Actor,
        Reference = Reference,
        Description = Description,
    };
}
