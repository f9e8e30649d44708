namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>What an import reported on one thread, kept in its order until another thread replays it to an observer.</summary>
internal sealed class ImportFindings : IUsageImportObserver
{
    private readonly List<Action<IUsageImportObserver>> _found = [];

    /// <summary>Forgets all: the import is decided anew.</summary>
    public void Clear() => _found.Clear();

    /// <summary>Tells it in the order in which it was found.</summary>
    public void Tell(IUsageImportObserver observer) => _found.ForEach(found => found(observer));

    /// <inheritdoc/>
    public void Refused(CreditException refusal) => _found.Add(observer => observer.Refused(refusal));

    /// <inheritdoc/>
    public void Warn(string message) => _found.Add(observer => observer.Warn(message));

    /// <inheritdoc/>
    public void PageEnded(string source, bool hasNextLink) => _found.Add(observer => observer.PageEnded(source, hasNextLink));

    /// <inheritdoc/>
    public void Progress(long records, double? fraction)
    {
        // It would come too late.
    }

    /// <inheritdoc/>
    public void Foresee(LedgerForesight foresight) => _found.Add(observer => observer.Foresee(foresight));
}
