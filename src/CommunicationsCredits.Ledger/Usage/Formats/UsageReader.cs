namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>Reads usage records of one format from a stream, a batch at a time, in the order of the source.</summary>
internal abstract class UsageReader : IDisposable
{
    /// <summary>The format it reads.</summary>
    public abstract UsageFormat Format { get; }

    /// <summary>
    /// Whether the source says that more of it is elsewhere: a page that ends with <c>@odata.nextLink</c> (U1). Known at the end.
    /// </summary>
    public virtual bool IsIncomplete => false;

    /// <summary>The period that the source says it covers, or null. Known at the end.</summary>
    public virtual ExportPeriod? Period => null;

    /// <summary>What the caller should know of the source's fields, in one sentence, or null. Known at the end.</summary>
    /// <param name="source">What to call the source.</param>
    public virtual string? Warning(string source) => null;

    /// <summary>
    /// Fills an empty batch with the next records, refused ones included.
    /// </summary>
    /// <returns>False where the source has ended and the batch is empty.</returns>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: the source is not of this format.</exception>
    public abstract bool Read(UsageBatch batch);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the source.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
