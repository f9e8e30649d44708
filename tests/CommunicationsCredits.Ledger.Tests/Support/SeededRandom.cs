namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>Numbers that a seed repeats, on every runtime (SplitMix64).</summary>
internal sealed class SeededRandom(int seed)
{
    // Seeds are spread over all states: as multiples of the step, neighbours would share one stream.
    private ulong _state = Mix(unchecked((ulong)seed * 0xD1342543DE82EF95));

    /// <summary>0 or more, below the limit.</summary>
    public int Next(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>The least or more, below the limit.</summary>
    public int Next(int least, int limit) => least + Next(limit - least);

    public bool Chance(int percent) => Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var other = Next(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    public ulong Next() => Mix(_state = unchecked(_state + 0x9E3779B97F4A7C15));

    private static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
