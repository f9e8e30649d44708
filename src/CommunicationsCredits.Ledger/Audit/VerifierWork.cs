using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>What a verification works in, a tenant after another: its memory is made once, not for each of 10,000 tenants.</summary>
internal sealed class VerifierWork
{
    /// <summary>Hashes entries.</summary>
    public HashChain Chain { get; } = new();

    /// <summary>Hashes the contents of many records at once.</summary>
    public DigestLanes Lanes { get; } = new();

    /// <summary>The records that are read in order.</summary>
    public UsageBatch Batch { get; } = new();

    /// <summary>A record that was rated later than it was posted.</summary>
    public UsageBatch Rated { get; } = new();
}
