using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>One entry of a tenant's chain (I2, H1).</summary>
internal struct LedgerEntry
{
    /// <summary>The formula of the entry's hash that 0.1.0 used.</summary>
    public const int FirstFormula = 1;

    /// <summary>The formula of the hash of new entries: it has RecordedAt and the digests of what steers money (H1a, H1b).</summary>
    public const int NewestFormula = 2;

    public long Sequence;
    public CreditTransactionKind Kind;
    public Amount Amount;
    public Amount BalanceAfter;
    public Instant EffectiveAt;
    public Instant PostedAt;

    /// <summary>What the clock read when it was posted (F8); <see cref="PostedAt"/> unless the clock had been set back.</summary>
    public Instant RecordedAt;
    public string Actor;
    public string? Reference;
    public string? Description;

    /// <summary>The lot it made, forfeited or released; of a call, the one lot that paid all of it; or null.</summary>
    public long? Lot;

    /// <summary>The usage record it charges, or null.</summary>
    public long? Record;

    /// <summary>The sequence of the entry it undoes, or null.</summary>
    public long? Reverses;

    /// <summary>The digests of the settings, attempts, keys and imports it changed, one line each (H1a); or null.</summary>
    public string? Digests;

    /// <summary>The formula of its hash.</summary>
    public int Formula;

    /// <summary>The entry's id at the border.</summary>
    public static string IdOf(string tenantId, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{tenantId}/{sequence}");

    /// <summary>The entry as the border shows it.</summary>
    public readonly CreditTransaction ToContract(Tenant tenant, CreditDraw[]? draw = null) => new()
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
        Draw = draw ?? [],
    };
}

/// <summary>An entry with its hash.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Hash">Its hash, 32 bytes.</param>
internal readonly record struct StoredEntry(LedgerEntry Entry, byte[] Hash);

/// <summary>What an idempotency key was used with before (C2).</summary>
/// <param name="Parameters">The parameters as given then.</param>
/// <param name="Entry">The sequence of the entry that came of it.</param>
internal readonly record struct IdempotencyUse(string Parameters, long Entry);

/// <summary>An entry that is not wholly paid.</summary>
/// <param name="Entry">Its sequence.</param>
/// <param name="EffectiveAt">When it counts: a call's start.</param>
/// <param name="Unpaid">What no lot has paid.</param>
/// <param name="Parts">How many draws it has.</param>
internal readonly record struct Debt(long Entry, Instant EffectiveAt, Amount Unpaid, int Parts);

/// <summary>A part that a lot paid of an entry, or that a reversal returned (negative).</summary>
/// <param name="Entry">The entry that was paid.</param>
/// <param name="Part">The place among the entry's draws.</param>
/// <param name="Lot">The lot.</param>
/// <param name="Amount">How much.</param>
/// <param name="Posted">The sequence of the entry whose posting drew it.</param>
internal readonly record struct DrawRow(long Entry, int Part, long Lot, Amount Amount, long Posted);
