namespace CommunicationsCredits.Ledger.Usage;

/// <summary>
/// The record ids of an import whose hashes are the smallest. Two imports of the same calls have the same sample, however they were split
/// or sorted, so that a file which was given to two tenants is noticed at the price of one small question an import.
/// </summary>
internal sealed class ImportSample
{
    /// <summary>How many ids are kept of an import.</summary>
    public const int Size = 16;

    private readonly SortedList<ulong, UInt128> _smallest = new(Size + 1);
    private ulong _limit = ulong.MaxValue;

    /// <summary>The identities, those of the smallest hashes first.</summary>
    public IReadOnlyList<UInt128> Keys => [.. _smallest.Values];

    /// <summary>Adds an identity; it is kept where its hash is among the smallest.</summary>
    public void Add(UInt128 key)
    {
        var hash = HashOf(key);
        if (hash > _limit || !_smallest.TryAdd(hash, key))
            return;
        if (_smallest.Count > Size)
            _smallest.RemoveAt(Size);
        if (_smallest.Count == Size)
            _limit = _smallest.GetKeyAtIndex(Size - 1);
    }

    /// <summary>A hash that is the same in every version: ledgers keep what it chose.</summary>
    private static ulong HashOf(UInt128 key)
    {
        var hash = (ulong)key ^ ulong.RotateLeft((ulong)(key >> 64), 29);
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}

/// <summary>An import of another tenant that brought some of the same calls.</summary>
/// <param name="TenantId">That tenant's id.</param>
/// <param name="TenantName">That tenant's name.</param>
/// <param name="Import">The import's number.</param>
/// <param name="Records">How many of the sample it has.</param>
internal sealed record ForeignImport(string TenantId, string TenantName, long Import, int Records);
