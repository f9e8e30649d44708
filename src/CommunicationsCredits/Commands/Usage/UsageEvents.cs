using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>Keeps what an import of objects finds, on whatever thread, for the pipeline's thread to write.</summary>
/// <param name="isPreview">Whether the imports are previews, whose foresight is to be shown.</param>
internal sealed class UsageEvents(bool isPreview) : IUsageImportObserver
{
    private readonly object _gate = new();
    private readonly Queue<Event> _events = new();
    private volatile bool _isEmpty = true;

    /// <inheritdoc/>
    public void Refused(CreditException refusal) => Add(new(refusal, null, null));

    /// <inheritdoc/>
    public void Warn(string message) => Add(new(null, message, null));

    /// <inheritdoc/>
    public void PageEnded(string source, bool hasNextLink)
    {
    }

    /// <inheritdoc/>
    public void Progress(long records, double? fraction)
    {
    }

    /// <inheritdoc/>
    public void Foresee(LedgerForesight foresight)
    {
        if (isPreview)
            Add(new(null, null, foresight));
    }

    /// <summary>Takes the oldest: a refused record, a warning, or what a preview would bring with it.</summary>
    public bool TryTake(out CreditException? error, out string? warning, out LedgerForesight? foresight)
    {
        (error, warning, foresight) = (null, null, null);
        if (_isEmpty)
            return false;
        lock (_gate)
        {
            var any = _events.TryDequeue(out var taken);
            if (any)
                (error, warning, foresight) = taken!;
            _isEmpty = _events.Count == 0;
            return any;
        }
    }

    private void Add(Event found)
    {
        lock (_gate)
        {
            _events.Enqueue(found);
            _isEmpty = false;
        }
    }

    private sealed record Event(CreditException? Error, string? Warning, LedgerForesight? Foresight);
}
