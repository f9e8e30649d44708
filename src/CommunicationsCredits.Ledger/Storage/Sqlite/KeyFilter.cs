namespace CommunicationsCredits.Ledger.Storage.Sqlite;

/// <summary>
/// Says of an identity that it is certainly new, or that it may be known: about one in a hundred new ones may. It takes a byte and a
/// half for each identity, in parts that double, so that it grows with what it knows (a blocked Bloom filter).
/// </summary>
internal sealed class KeyFilter
{
    private const int FirstCapacity = 16 * 1024;
    private const int BitsPerKey = 12;
    private const int WordsPerBlock = 8;
    private const int BitsPerBlock = WordsPerBlock * 64;
    private const int Probes = 6;
    private const int BitsPerProbe = 9;

    private readonly List<ulong[]> _parts = [];
    private int _left;

    public void Add(UInt128 key)
    {
        if (_left == 0)
        {
            _left = FirstCapacity << _parts.Count;
            _parts.Add(new ulong[_left * BitsPerKey / BitsPerBlock * WordsPerBlock]);
        }

        _left--;
        var (place, bits) = Hash(key);
        var block = BlockOf(_parts[^1], place);
        for (var probe = 0; probe < Probes; probe++, bits >>= BitsPerProbe)
            block[(int)(bits >> 6) & (WordsPerBlock - 1)] |= 1UL << (int)(bits & 63);
    }

    /// <summary>Whether an identity may be known; false only where it is not.</summary>
    public bool MayContain(UInt128 key)
    {
        var (place, bits) = Hash(key);
        foreach (var part in _parts)
        {
            if (Contains(BlockOf(part, place), bits))
                return true;
        }

        return false;
    }

    private static bool Contains(ReadOnlySpan<ulong> block, ulong bits)
    {
        for (var probe = 0; probe < Probes; probe++, bits >>= BitsPerProbe)
        {
            if ((block[(int)(bits >> 6) & (WordsPerBlock - 1)] & (1UL << (int)(bits & 63))) == 0)
                return false;
        }

        return true;
    }

    private static Span<ulong> BlockOf(ulong[] part, uint place) =>
        part.AsSpan((int)(((ulong)place * (ulong)(part.Length / WordsPerBlock)) >> 32) * WordsPerBlock, WordsPerBlock);

    /// <summary>Ids are often numbered or share their ends: every bit of them counts in every bit of this.</summary>
    private static (uint Place, ulong Bits) Hash(UInt128 key)
    {
        var mixed = Mix((ulong)(key >> 64) + (Mix((ulong)key) * 0x9E3779B97F4A7C15));
        return ((uint)mixed, Mix(mixed + 0x9E3779B97F4A7C15));
    }

    private static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
