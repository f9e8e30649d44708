namespace CommunicationsCredits.Ledger.Usage;

/// <summary>How usage is imported.</summary>
public sealed record UsageImportOptions
{
    /// <summary>The format asked for; recognised by content where it is <see cref="UsageFormat.Auto"/>.</summary>
    public UsageFormat Format { get; init; }

    /// <summary>Which figure a call is charged by (G6).</summary>
    public PricingSource PricingSource { get; init; }

    /// <summary>What to do with a known record that comes with other billing content (U3).</summary>
    public ConflictAction OnConflict { get; init; }

    /// <summary>The full path of a file that refused records are added to, or null.</summary>
    public string? QuarantinePath { get; init; }

    /// <summary>Whether the recharge rule is left to the maintenance run (R8).</summary>
    public bool NoRecharge { get; init; }

    /// <summary>Whether nothing is kept: the import is carried out, answered for, and undone.</summary>
    public bool Preview { get; init; }
}

/// <summary>
/// Receives what an import finds, on the thread that called it. Nothing it does can change what is posted.
/// </summary>
public interface IUsageImportObserver
{
    /// <summary>A record was refused (U5), or is in conflict with the one kept (U3).</summary>
    void Refused(CreditException refusal);

    /// <summary>Something that the caller should know, once an import.</summary>
    void Warn(string message);

    /// <summary>A source of Graph has ended.</summary>
    /// <param name="source">What it is called.</param>
    /// <param name="hasNextLink">
    /// Whether its last page says that another one follows; where nothing follows it, calls are missing (U1).
    /// </param>
    void PageEnded(string source, bool hasNextLink)
    {
    }

    /// <summary>So many records have been posted, of so much of the source.</summary>
    /// <param name="records">The records read so far.</param>
    /// <param name="fraction">How much of the source has been read, 0 to 1, or null where that is not known.</param>
    void Progress(long records, double? fraction);

    /// <summary>What the import brings with it at its end: recharges and notifications; of a preview, what it would bring.</summary>
    void Foresee(LedgerForesight foresight)
    {
    }
}
