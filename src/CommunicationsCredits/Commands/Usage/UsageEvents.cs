using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>Keeps what an import of objects finds, on whatever thread, for the pipeline's thread to write.</summary>
internal sealed class UsageEvents : IUsageImportObserver
{
    private readonly object _gate = new();
    private readonly Queue<(CreditException? Error, string? Warning)> _events = new();
    private volatile bool _isEmpty = true;

    /// <inheritdoc/>
    public void Refused(CreditException refusal) => Add((refusal, null));

    /// <inheritdoc/>
    public void Warn(string message) => Add((null, message));

    /// <inheritdoc/>
    public void PageEnded(string source, bool hasNextLink)
    {
    }

    /// <inheritdoc/>
    public void Progress(long records, double? fraction)
    {
    }

    /// <summary>Takes the oldest: a refused record, or a warning.</summary>
    public bool TryTake(out CreditException? error, out string? warning)
    {
        (error, warning) = (null, null);
        if (_isEmpty)
            return false;
        lock (_gate)
        {
            var any = _events.TryDequeue(out var taken);
            (error, warning) = taken;
            _isEmpty = _events.Count == 0;
            return any;
        }
    }

    private void Add((CreditException? Error, string? Warning) found)
    {
        lock (_gate)
        {
            _events.Enqueue(found);
            _isEmpty = false;
        }
    }
}
