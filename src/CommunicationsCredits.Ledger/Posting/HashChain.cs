using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// The hash of an entry: SHA-256 of the previous entry's hash, the entry's content, and the digest of its usage record (H1).
/// Numbers are written as 8 bytes, little endian; text as its length and its UTF-8 bytes; what is absent as length -1.
/// </summary>
internal sealed class HashChain
{
    /// <summary>The hash before the first entry.</summary>
    public static readonly byte[] Start = new byte[SHA256.HashSizeInBytes];

    private byte[] _buffer = new byte[1024];
    private int _length;

    /// <summary>The hash of an entry by the formula that it names.</summary>
    /// <param name="previous">The previous entry's hash.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="recordDigest">The digest of its usage record, or nothing.</param>
    /// <param name="hash">Receives 32 bytes; may be <paramref name="previous"/>.</param>
    [MethodImpl(HotPath.Compiled)]
    public void Advance(ReadOnlySpan<byte> previous, in LedgerEntry entry, ReadOnlySpan<byte> recordDigest, Span<byte> hash)
    {
        _length = 0;
        if (entry.Formula != LedgerEntry.FirstFormula)
            Write(entry.Formula);
        Write(previous);
        Write(entry.Sequence);
        Write((long)entry.Kind);
        Write(entry.Amount.Micros);
        Write(entry.BalanceAfter.Micros);
        Write(entry.EffectiveAt.Ticks);
        Write(entry.PostedAt.Ticks);
        if (entry.Formula != LedgerEntry.FirstFormula)
            Write(entry.RecordedAt.Ticks);
        Write(entry.Actor);
        Write(entry.Reference);
        Write(entry.Description);
        Write(entry.Lot);
        Write(entry.Record);
        Write(entry.Reverses);
        if (entry.Formula != LedgerEntry.FirstFormula)
            Write(entry.Digests);
        Write(recordDigest);
        Digest.Of(_buffer.AsSpan(0, _length), hash);
    }

    /// <summary>Starts the content of a record's digest.</summary>
    public HashChain Begin()
    {
        _length = 0;
        return this;
    }

    /// <summary>What was written since <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> Content => _buffer.AsSpan(0, _length);

    /// <summary>The digest of what was written since <see cref="Begin"/>.</summary>
    public void Finish(Span<byte> digest) => Digest.Of(_buffer.AsSpan(0, _length), digest);

    public HashChain Write(long value)
    {
        Ensure(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += sizeof(long);
        return this;
    }

    public HashChain Write(long? value) => value is { } known ? Write(sizeof(long)).Write(known) : Write(-1);

    public HashChain Write(string? text)
    {
        if (text is null)
            return Write(-1);
        Span<byte> utf8 = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes(text, utf8, out var length))
            return Write(utf8[..length]);
        return Write(Encoding.UTF8.GetBytes(text));
    }

    public HashChain Write(byte[]? bytes) => bytes is null ? Write(-1) : Write(bytes.AsSpan());

    public HashChain Write(ReadOnlySpan<byte> bytes)
    {
        Write((long)bytes.Length);
        Ensure(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
        return this;
    }

    private void Ensure(int more)
    {
        if (_buffer.Length - _length < more)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
    }
}
