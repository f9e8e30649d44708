using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>The entry of a call.</summary>
internal static class UsageCharge
{
    /// <summary>Posts the charge of a call, dated its start, with the digest of its record (H1).</summary>
    /// <returns>The entry's sequence.</returns>
    public static long Post(
        TenantPosting posting, HashChain chain, UsageBatch batch, in UsageCall call, long record, long import,
        ReadOnlySpan<byte> personal)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        UsageDigest.Compute(chain, batch, call, import, personal, digest);
        var entry = new LedgerEntry
        {
            Kind = CreditTransactionKind.Usage,
            Amount = -call.Charge,
            EffectiveAt = call.StartedAt,
            Record = record,
        };
        return posting.Draw(ref entry, digest);
    }
}
