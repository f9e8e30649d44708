using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>The entry of a call.</summary>
internal static class UsageCharge
{
    /// <summary>Posts the charge of a call, dated its start, with what the chain vouches for of its record (H1).</summary>
    /// <param name="posting">The posting.</param>
    /// <param name="call">The call.</param>
    /// <param name="record">The record's number.</param>
    /// <param name="import">The number of the import that brought it.</param>
    /// <param name="content">The digest of what the record says.</param>
    /// <returns>The entry's sequence.</returns>
    public static long Post(TenantPosting posting, in UsageCall call, long record, long import, ReadOnlySpan<byte> content)
    {
        Span<byte> vouched = stackalloc byte[UsageDigest.Length];
        UsageDigest.Vouch(content, call, import, vouched);
        var entry = new LedgerEntry
        {
            Kind = CreditTransactionKind.Usage,
            Amount = -call.Charge,
            EffectiveAt = call.StartedAt,
            Record = record,
        };
        return posting.Draw(ref entry, vouched);
    }
}
