using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>Where a tenant's account has got to.</summary>
internal sealed class AccountState
{
    /// <summary>The last entry's sequence; 0 before the first.</summary>
    public long Sequence { get; set; }

    /// <summary>The last entry's hash (H1).</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The last entry's PostedAt, which the next one's never precedes (I2).</summary>
    public Instant PostedAt { get; set; }

    /// <summary>The sum of all entries.</summary>
    public Amount Balance { get; set; }

    /// <summary>How many entries are of money, that is no settings (T1).</summary>
    public long MoneyEntries { get; set; }

    /// <summary>The last lot's number.</summary>
    public long Lots { get; set; }

    /// <summary>The last usage record's number.</summary>
    public long Records { get; set; }

    /// <summary>The last import's number.</summary>
    public long Imports { get; set; }
}
