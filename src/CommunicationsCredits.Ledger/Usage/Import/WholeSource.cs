using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>A small source that has been read to its end, and is closed.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Batch">Its records, priced; null where it has none.</param>
internal sealed record WholeSource(string Name, UsageBatch? Batch)
{
    /// <summary>The period that it says it covers, or null.</summary>
    public ExportPeriod? Period { get; private init; }

    private UsageFormat Format { get; init; }

    private bool IsIncomplete { get; init; }

    private string? Warning { get; init; }

    /// <summary>Reads a source, where one batch takes all of it.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="reader">The source.</param>
    /// <param name="batch">An empty batch.</param>
    /// <param name="rest">Another empty batch.</param>
    /// <returns>Null where it is larger.</returns>
    public static WholeSource? Read(string name, UsageReader reader, UsageBatch batch, UsageBatch rest)
    {
        var any = reader.Read(batch);
        return any && reader.Read(rest)
            ? null
            : new(name, any ? batch : null)
            {
                Period = reader.Period,
                Format = reader.Format,
                IsIncomplete = reader.IsIncomplete,
                Warning = reader.Warning(name),
            };
    }

    /// <summary>Tells what its reader has found.</summary>
    public void Tell(IUsageImportObserver observer)
    {
        if (Warning is not null)
            observer.Warn(Warning);
        if (Format == UsageFormat.GraphPstnCalls)
            observer.PageEnded(Name, IsIncomplete);
    }
}
