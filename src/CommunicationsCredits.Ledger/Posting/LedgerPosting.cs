using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>What an entry of the ledger's own chain is about (H1b).</summary>
internal enum LedgerEntryKind
{
    TenantAdded = 0,
    TenantRemoved = 1,
    SheetAdded = 2,
    SheetRemoved = 3,
    Migrated = 4,
    Restored = 5,
}

/// <summary>The heads of the ledger's own chain, and the counters of what belongs to no tenant.</summary>
/// <param name="Sequence">The last entry's sequence; 0 before the first.</param>
/// <param name="Hash">The last entry's hash.</param>
/// <param name="Tenants">The last tenant's number.</param>
/// <param name="Sheets">The last rate sheet's number.</param>
/// <param name="RateVersion">Counts the changes of rates.</param>
internal sealed record LedgerHead(long Sequence, byte[] Hash, long Tenants, long Sheets, long RateVersion);

/// <summary>Something that the ledger's own chain gets.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Subject">To what, by its number.</param>
/// <param name="Description">In words.</param>
/// <param name="Digest">The digest of its content, or null.</param>
internal sealed record LedgerChange(LedgerEntryKind Kind, string Subject, string Description, byte[]? Digest = null);

/// <summary>An entry of the ledger's own chain, which has no money (H1b).</summary>
internal sealed record LedgerChainEntry(
    long Sequence, LedgerEntryKind Kind, Instant At, string Actor, string Subject, string Description, byte[]? Digest, byte[] Hash)
{
    /// <summary>The hash of an entry after another.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> previous, long sequence, LedgerChange change, Instant at, string actor)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        new HashChain().Begin().Write(previous).Write(sequence).Write((long)change.Kind).Write(at.Ticks).Write(actor)
            .Write(change.Subject).Write(change.Description).Write(change.Digest).Finish(hash);
        return hash;
    }
}

/// <summary>What was decided for the ledger as a whole, and is to be written.</summary>
/// <param name="head">Where its chain has got to.</param>
internal sealed class LedgerPosting(LedgerHead head)
{
    /// <summary>The heads afterwards.</summary>
    public LedgerHead After { get; private set; } = head;

    public List<LedgerChainEntry> Entries { get; } = [];

    /// <summary>The rate sheets to be added, with their rows.</summary>
    public List<(RateSheet Sheet, IReadOnlyList<RateRow> Rows)> AddedSheets { get; } = [];

    public List<long> RemovedSheets { get; } = [];

    /// <summary>The digests of sheets that older versions stored without.</summary>
    public List<(long Sheet, byte[] Digest)> SheetDigests { get; } = [];

    /// <summary>The number of a new tenant.</summary>
    public long NextTenant()
    {
        After = After with { Tenants = After.Tenants + 1 };
        return After.Tenants;
    }

    /// <summary>Adds a rate sheet, and numbers it.</summary>
    public RateSheet Add(RateSheet sheet, IReadOnlyList<RateRow> rows)
    {
        After = After with { Sheets = After.Sheets + 1, RateVersion = After.RateVersion + 1 };
        sheet = sheet with { Number = After.Sheets };
        AddedSheets.Add((sheet, rows));
        return sheet;
    }

    /// <summary>Removes a rate sheet.</summary>
    public void Remove(long sheet)
    {
        After = After with { RateVersion = After.RateVersion + 1 };
        RemovedSheets.Add(sheet);
    }

    /// <summary>Lets rates that were read of another ledger with this version, or of this one, be out of date.</summary>
    public void RaiseRateVersion(long other) => After = After with { RateVersion = Math.Max(After.RateVersion, other) + 1 };

    /// <summary>Appends to the ledger's own chain.</summary>
    public void Append(LedgerChange change, PostingContext context)
    {
        var sequence = After.Sequence + 1;
        var hash = LedgerChainEntry.HashOf(After.Hash, sequence, change, context.Now, context.Actor);
        Entries.Add(new(sequence, change.Kind, context.Now, context.Actor, change.Subject, change.Description, change.Digest, hash));
        After = After with { Sequence = sequence, Hash = hash };
    }
}
