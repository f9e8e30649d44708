using System.Security.Cryptography;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>SHA-256 of a short message, through a hash that each thread keeps: making one costs as much as the message does.</summary>
internal static class Digest
{
    [ThreadStatic]
    private static IncrementalHash? _hash;

    /// <summary>The SHA-256 of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="digest">Receives 32 bytes; may be part of the message.</param>
    public static void Of(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        var hash = _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(message);
        hash.GetHashAndReset(digest);
    }
}
