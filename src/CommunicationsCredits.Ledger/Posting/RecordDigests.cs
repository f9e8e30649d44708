using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// The digests of records that have no entry (H1a): of each import the sum, modulo 2^256, of the SHA-256 hashes of what happened to
/// each. A sum can be added to batch by batch, and recomputed in any order.
/// </summary>
internal static class RecordDigests
{
    private const long Kept = 1;
    private const long WasRated = 2;
    private const long WasReversed = 3;

    /// <summary>Adds a record that was kept without an entry.</summary>
    public static void AddKept(ref byte[]? sum, HashChain chain, long record, ReadOnlySpan<byte> chargeDigest)
    {
        chain.Begin().Write(Kept).Write(record).Write(chargeDigest);
        Add(ref sum, chain);
    }

    /// <summary>Adds a record that was rated and got no entry.</summary>
    public static void AddRated(ref byte[]? sum, HashChain chain, long record, ReadOnlySpan<byte> chargeDigest)
    {
        chain.Begin().Write(WasRated).Write(record).Write(chargeDigest);
        Add(ref sum, chain);
    }

    /// <summary>Adds a record that was reversed and had no entry.</summary>
    public static void AddReversed(ref byte[]? sum, HashChain chain, long record)
    {
        chain.Begin().Write(WasReversed).Write(record);
        Add(ref sum, chain);
    }

    private static void Add(ref byte[]? sum, HashChain chain)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        chain.Finish(hash);
        sum = sum is null ? new byte[SHA256.HashSizeInBytes] : (byte[])sum.Clone();
        UInt128 carry = 0;
        for (var i = SHA256.HashSizeInBytes - sizeof(ulong); i >= 0; i -= sizeof(ulong))
        {
            carry += (UInt128)BinaryPrimitives.ReadUInt64BigEndian(sum.AsSpan(i)) + BinaryPrimitives.ReadUInt64BigEndian(hash[i..]);
            BinaryPrimitives.WriteUInt64BigEndian(sum.AsSpan(i), (ulong)carry);
            carry >>= 64;
        }
    }
}
