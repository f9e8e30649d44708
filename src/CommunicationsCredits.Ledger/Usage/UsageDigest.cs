using System.Buffers.Binary;
using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>
/// The digests of a usage record that its entry's hash includes (H1). Personal data goes in as a salted digest of its own, so
/// that it can be blanked and the chain still verifies (C4).
/// </summary>
internal static class UsageDigest
{
    /// <summary>Writes the content of a record that its entry vouches for.</summary>
    /// <param name="chain">Where to.</param>
    /// <param name="batch">The batch with the record's text.</param>
    /// <param name="call">The record.</param>
    /// <param name="import">The number of the import that brought it.</param>
    /// <param name="personal">The digest of its personal data.</param>
    /// <param name="digest">Receives 32 bytes.</param>
    public static void Compute(
        HashChain chain, UsageBatch batch, in UsageCall call, long import, ReadOnlySpan<byte> personal, Span<byte> digest)
    {
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(key, call.Key);
        chain.Begin().Write(key).Write(batch.Bytes(call.RecordId)).Write(import).Write(call.StartedAt.Ticks).Write(call.Duration)
            .Write(batch.Bytes(call.CallType)).Write((long?)call.Service).Write(batch.Bytes(call.Capability))
            .Write(batch.Bytes(call.Destination)).Write(batch.Bytes(call.Country))
            .Write(call.IsDomestic is { } domestic ? (domestic ? 1 : 0) : -1).Write(call.BilledSeconds).Write(call.PooledSeconds)
            .Write(call.Charge.Micros).Write(call.OwnCharge == OwnCharge.Known ? call.RecordedCharge.Micros : -1)
            .Write(call.HasRatedCharge ? call.RatedCharge.Micros : -1).Write(batch.Bytes(call.Currency)).Write(call.Sheet)
            .Write(personal)
            .Finish(digest);
    }

    /// <summary>The salted digest of a record's numbers and names.</summary>
    public static void Personal(HashChain chain, UsageBatch batch, in UsageCall call, Span<byte> digest)
    {
        Span<byte> salt = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(salt, call.Salt);
        chain.Begin().Write(salt).Write(batch.Bytes(call.Caller)).Write(batch.Bytes(call.Callee)).Write(batch.Bytes(call.User))
            .Finish(digest);
    }
}
