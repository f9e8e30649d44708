using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>The heads of a tenant's chain, its counters, and the sums that every posting is checked against.</summary>
internal sealed record AccountState
{
    /// <summary>The last entry's sequence; 0 before the first.</summary>
    public long Sequence { get; set; }

    /// <summary>The last entry's hash (H1). It is replaced, never written into, so that copies may share it.</summary>
    public byte[] Hash { get; set; } = HashChain.Start;

    /// <summary>The last entry's PostedAt, which the next one's never precedes (I2).</summary>
    public Instant PostedAt { get; set; }

    /// <summary>The sum of all entries.</summary>
    public Amount Balance { get; set; }

    /// <summary>What of all entries no lot has paid (F4): 0 or more.</summary>
    public Amount Debt { get; set; }

    /// <summary>How many entries are of money, that is no settings (T1).</summary>
    public long MoneyEntries { get; set; }

    /// <summary>The last lot's number.</summary>
    public long Lots { get; set; }

    /// <summary>The last usage record's number.</summary>
    public long Records { get; set; }

    /// <summary>The last import's number.</summary>
    public long Imports { get; set; }

    /// <summary>The last recharge attempt's number.</summary>
    public long Attempts { get; set; }

    /// <summary>The last notification's number.</summary>
    public long Notifications { get; set; }

    /// <summary>The last episode's number (N2).</summary>
    public long Episodes { get; set; }

    /// <summary>
    /// Whether nothing was posted between the other state and this. The counters are compared as well: an import of nothing but
    /// duplicates or free calls makes no entry of its own, and yet numbers its records.
    /// </summary>
    public bool IsAt(AccountState other) =>
        (Sequence, Lots, Records, Imports, Attempts, Notifications, Episodes)
        == (other.Sequence, other.Lots, other.Records, other.Imports, other.Attempts, other.Notifications, other.Episodes)
        && Hash.AsSpan().SequenceEqual(other.Hash);
}
