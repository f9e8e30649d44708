using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>The digests of a tenant's records that have no entry, recomputed by import (H1a).</summary>
internal static class RecordSums
{
    private const int PageSize = 4096;

    /// <summary>The sums by import; an import without such records has none.</summary>
    /// <param name="snapshot">The ledger.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="strays">Receives the records without an entry that have a part of one nevertheless.</param>
    /// <param name="work">What is worked in.</param>
    public static Dictionary<long, byte[]> Of(LedgerSnapshot snapshot, long tenant, List<long> strays, VerifierWork work)
    {
        var sums = new Dictionary<long, byte[]>();
        var (chain, lanes, batch) = (work.Chain, work.Lanes, work.Batch);
        for (long after = 0; ;)
        {
            batch.Reset();
            strays.AddRange(snapshot.Usage.ReadUncharged(tenant, after, PageSize, batch));
            if (batch.Count == 0)
                break;
            UsageDigest.AppendContents(chain, lanes, batch);
            for (var i = 0; i < batch.Count; i++)
                AddKept(sums, chain, batch, i);
            after = batch.Calls[^1].Record;
        }

        for (long after = 0; ;)
        {
            batch.Reset();
            var imports = snapshot.Usage.ReadRated(tenant, after, PageSize, batch);
            if (batch.Count == 0)
                break;
            for (var i = 0; i < imports.Count; i++)
                AddRated(sums, chain, batch, i, imports[i]);
            after = batch.Calls[^1].Record;
        }

        foreach (var (record, entry, import) in snapshot.Usage.Reversed(tenant))
        {
            if (entry is null && import is { } by)
            {
                var sum = sums.GetValueOrDefault(by);
                RecordDigests.AddReversed(ref sum, chain, record);
                sums[by] = sum!;
            }
        }

        return sums;
    }

    /// <summary>The digest of the charge of a record.</summary>
    public static ReadOnlySpan<byte> ChargeDigest(HashChain chain, UsageBatch batch, in UsageCall call, Span<byte> buffer)
    {
        if (!call.Content.IsEmpty)
            return UsageDigest.WriteCharge(batch.Bytes(call.Content), batch, call, call.Import, buffer);
        Span<byte> content = stackalloc byte[SHA256.HashSizeInBytes];
        UsageDigest.Content(chain, batch, call, content);
        return UsageDigest.WriteCharge(content, batch, call, call.Import, buffer);
    }

    private static void AddKept(Dictionary<long, byte[]> sums, HashChain chain, UsageBatch batch, int i)
    {
        ref readonly var call = ref batch.Calls[i];
        Span<byte> buffer = stackalloc byte[UsageDigest.MostBytes];
        var sum = sums.GetValueOrDefault(call.Import);
        RecordDigests.AddKept(ref sum, chain, call.Record, ChargeDigest(chain, batch, call, buffer));
        sums[call.Import] = sum!;
    }

    private static void AddRated(Dictionary<long, byte[]> sums, HashChain chain, UsageBatch batch, int i, long import)
    {
        ref readonly var call = ref batch.Calls[i];
        Span<byte> buffer = stackalloc byte[UsageDigest.MostBytes];
        var sum = sums.GetValueOrDefault(import);
        RecordDigests.AddRated(ref sum, chain, call.Record, ChargeDigest(chain, batch, call, buffer));
        sums[import] = sum!;
    }
}
