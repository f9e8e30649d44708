using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// SHA-256 of several short messages at once, one in each lane of the processor's vectors. A digest of a record costs the library
/// more for the call than for the bytes, and an import needs two for each record; where the processor has no such vectors, the
/// library is asked all the same.
/// </summary>
internal sealed class DigestLanes
{
    /// <summary>How many messages are digested together.</summary>
    public const int Count = 8;

    private const int BlockLength = 64;
    private const int WordsPerBlock = BlockLength / sizeof(uint);

    private static readonly uint[] RoundConstants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private readonly int[] _starts = new int[Count];
    private readonly int[] _lengths = new int[Count];
    private readonly Vector256<uint>[] _schedule = new Vector256<uint>[RoundConstants.Length];
    private byte[] _padded = new byte[Count * 8 * BlockLength];
    private int _used;

    /// <summary>How many messages were added.</summary>
    public int Added { get; private set; }

    /// <summary>Adds a message; there is room for <see cref="Count"/>.</summary>
    [MethodImpl(HotPath.Compiled)]
    public void Add(ReadOnlySpan<byte> message)
    {
        var padded = BlocksOf(message.Length) * BlockLength;
        if (_padded.Length - _used < padded)
            Array.Resize(ref _padded, Math.Max(_padded.Length * 2, _used + padded));
        var target = _padded.AsSpan(_used, padded);
        message.CopyTo(target);
        target[message.Length] = 0x80;
        target[(message.Length + 1)..].Clear();
        BinaryPrimitives.WriteInt64BigEndian(target[^sizeof(long)..], (long)message.Length * 8);
        (_starts[Added], _lengths[Added]) = (_used, message.Length);
        _used += padded;
        Added++;
    }

    /// <summary>Digests what was added, and begins anew.</summary>
    /// <param name="digests">Receives 32 bytes of each message, in their order.</param>
    [MethodImpl(HotPath.Compiled)]
    public void Finish(Span<byte> digests)
    {
        if (Vector256.IsHardwareAccelerated && Added > 1)
        {
            DigestTogether(digests);
        }
        else
        {
            for (var lane = 0; lane < Added; lane++)
                Digest.Of(_padded.AsSpan(_starts[lane], _lengths[lane]), digests.Slice(lane * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes));
        }

        (Added, _used) = (0, 0);
    }

    private static int BlocksOf(int length) => (length + 1 + sizeof(long) + BlockLength - 1) / BlockLength;

    private static Vector256<uint> RotateRight(Vector256<uint> value, [System.Diagnostics.CodeAnalysis.ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(value, bits) : (value >>> bits) | (value << (32 - bits));

    private void DigestTogether(Span<byte> digests)
    {
        Span<uint> blocks = stackalloc uint[Count];
        uint most = 0;
        for (var lane = 0; lane < Count; lane++)
        {
            blocks[lane] = lane < Added ? (uint)BlocksOf(_lengths[lane]) : 0;
            most = Math.Max(most, blocks[lane]);
        }

        var left = Vector256.Create<uint>(blocks);
        Span<Vector256<uint>> state =
        [
            Vector256.Create(0x6a09e667u), Vector256.Create(0xbb67ae85u), Vector256.Create(0x3c6ef372u), Vector256.Create(0xa54ff53au),
            Vector256.Create(0x510e527fu), Vector256.Create(0x9b05688cu), Vector256.Create(0x1f83d9abu), Vector256.Create(0x5be0cd19u),
        ];
        for (uint block = 0; block < most; block++)
        {
            Load((int)block, blocks);
            Advance(state, Vector256.GreaterThan(left, Vector256.Create(block)));
        }

        for (var word = 0; word < state.Length; word++)
        {
            for (var lane = 0; lane < Added; lane++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(
                    digests[((lane * SHA256.HashSizeInBytes) + (word * sizeof(uint)))..], state[word].GetElement(lane));
            }
        }
    }

    /// <summary>Puts a block of each message into the lanes; a message that has ended gets whatever lies there.</summary>
    private void Load(int block, ReadOnlySpan<uint> blocks)
    {
        var words = MemoryMarshal.Cast<Vector256<uint>, uint>(_schedule.AsSpan(0, WordsPerBlock));
        for (var lane = 0; lane < Count; lane++)
        {
            if (block >= blocks[lane])
                continue;
            var source = MemoryMarshal.Cast<byte, uint>(_padded.AsSpan(_starts[lane] + (block * BlockLength), BlockLength));
            for (var word = 0; word < WordsPerBlock; word++)
                words[(word * Count) + lane] = BinaryPrimitives.ReverseEndianness(source[word]);
        }
    }

    [MethodImpl(HotPath.Compiled)]
    private void Advance(Span<Vector256<uint>> state, Vector256<uint> active)
    {
        var w = _schedule.AsSpan();
        for (var i = WordsPerBlock; i < w.Length; i++)
        {
            var (early, late) = (w[i - 15], w[i - 2]);
            w[i] = w[i - 16] + w[i - 7]
                + (RotateRight(early, 7) ^ RotateRight(early, 18) ^ (early >>> 3))
                + (RotateRight(late, 17) ^ RotateRight(late, 19) ^ (late >>> 10));
        }

        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var i = 0; i < w.Length; i++)
        {
            var first = h + (RotateRight(e, 6) ^ RotateRight(e, 11) ^ RotateRight(e, 25)) + ((e & f) ^ Vector256.AndNot(g, e))
                + Vector256.Create(RoundConstants[i]) + w[i];
            var second = (RotateRight(a, 2) ^ RotateRight(a, 13) ^ RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        Span<Vector256<uint>> next = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < next.Length; i++)
            state[i] = Vector256.ConditionalSelect(active, state[i] + next[i], state[i]);
    }
}
