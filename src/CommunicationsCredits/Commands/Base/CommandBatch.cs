using System.Runtime.ExceptionServices;
using CommunicationsCredits.Ledger;

namespace CommunicationsCredits.Commands;

/// <summary>
/// Gathers what a pipeline asks for and carries it out as few commits: when it is full, when the oldest of it has waited long
/// enough (on a timer's thread, since the pipeline may be waiting upstream), and on request. What came of it is kept for
/// the pipeline's thread to write.
/// </summary>
/// <typeparam name="T">What a command answers with.</typeparam>
internal sealed class CommandBatch<T> : IDisposable
{
    private const int Capacity = 500;
    private static readonly TimeSpan CommitDelay = TimeSpan.FromMilliseconds(200);

    private readonly LedgerSession _ledger;
    private readonly bool _isPreview;
    private readonly bool _endsAtRefusal;

    // _committing is held while a batch is carried out, so that batches follow one another; _gate only for the lists.
    private readonly object _committing = new();
    private readonly object _gate = new();
    private readonly Queue<Outcome> _outcomes = new();
    private readonly Timer? _timer;
    private List<(object Target, LedgerOperation<T> Command)> _waiting = [];
    private ExceptionDispatchInfo? _failure;
    private bool _hasEnded;

    /// <param name="ledger">The ledger.</param>
    /// <param name="isPreview">Whether nothing is kept. Then all of it is carried out together at the end, and undone.</param>
    /// <param name="isAlone">Whether only one record comes, so that nothing will wait.</param>
    /// <param name="endsAtRefusal">Whether nothing after a refused command is carried out.</param>
    public CommandBatch(LedgerSession ledger, bool isPreview, bool isAlone, bool endsAtRefusal)
    {
        _endsAtRefusal = endsAtRefusal;
        _ledger = ledger;
        _isPreview = isPreview;
        if (!isPreview && !isAlone)
            _timer = new(_ => CommitQuietly());
    }

    /// <summary>Accepts a command: from now on it will be carried out, whatever becomes of the pipeline.</summary>
    public void Add(object target, LedgerOperation<T> command)
    {
        int count;
        lock (_gate)
        {
            _waiting.Add((target, command));
            count = _waiting.Count;
        }

        if (_isPreview)
            return;
        if (count >= Capacity)
            Commit();
        else if (count == 1)
            _timer?.Change(CommitDelay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What has come of a command since this was asked last, in order.</summary>
    /// <exception cref="CreditException">The ledger could not be written.</exception>
    public bool TryTake(out Outcome outcome)
    {
        lock (_gate)
        {
            if (_outcomes.TryDequeue(out outcome))
                return true;
            _failure?.Throw();
            return false;
        }
    }

    /// <summary>Carries out what is waiting.</summary>
    /// <exception cref="CreditException">The ledger could not be written; nothing of it was posted.</exception>
    public void Commit()
    {
        lock (_committing)
        {
            List<(object Target, LedgerOperation<T> Command)> batch;
            lock (_gate)
            {
                if (_waiting.Count == 0 || _failure is not null || _hasEnded)
                    return;
                (batch, _waiting) = (_waiting, []);
            }

            var commands = new LedgerOperation<T>[batch.Count];
            for (var i = 0; i < commands.Length; i++)
                commands[i] = batch[i].Command;
            try
            {
                Keep(batch, _ledger.Execute(commands, _isPreview, _endsAtRefusal));
            }
            catch (CreditException failure)
            {
                // The next caller receives it, on whatever thread this is.
                lock (_gate)
                    _failure = ExceptionDispatchInfo.Capture(failure);
            }
            catch (Exception) when (!_isPreview)
            {
                // Nothing of the batch was posted. Each is carried out alone, so that one record's failure undoes no other's.
                CommitEach(batch);
            }
        }
    }

    private void CommitEach(List<(object Target, LedgerOperation<T> Command)> batch)
    {
        foreach (var (target, command) in batch)
        {
            try
            {
                var outcome = _ledger.Execute([command])[0];
                lock (_gate)
                    _outcomes.Enqueue(new(target, outcome.Result, outcome.Error, outcome.Foresight));
                if (outcome.Error is not null && (_hasEnded = _endsAtRefusal))
                    break;
            }
            catch (CreditException failure)
            {
                lock (_gate)
                    _failure = ExceptionDispatchInfo.Capture(failure);
                break;
            }
            catch (Exception unforeseen)
            {
                lock (_gate)
                    _outcomes.Enqueue(new(target, default, unforeseen));
                if (_hasEnded = _endsAtRefusal)
                    break;
            }
        }
    }

    private void Keep(List<(object Target, LedgerOperation<T> Command)> batch, IReadOnlyList<LedgerOutcome<T>> outcomes)
    {
        lock (_gate)
        {
            for (var i = 0; i < outcomes.Count; i++)
                _outcomes.Enqueue(new(batch[i].Target, outcomes[i].Result, outcomes[i].Error, outcomes[i].Foresight));
            _hasEnded = _endsAtRefusal && outcomes.Any(outcome => outcome.Error is not null);
        }
    }

    /// <summary>Carries out what is waiting, where nobody is left to receive a failure.</summary>
    public void CommitQuietly()
    {
        if (!_isPreview)
            Commit();
    }

    /// <summary>Keeps what was accepted: when a command upstream fails, nothing else is called.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        CommitQuietly();
    }

    /// <summary>What came of one command.</summary>
    /// <param name="Target">What it was about.</param>
    /// <param name="Result">Its answer, where there is no error.</param>
    /// <param name="Error">Why nothing was posted, or null.</param>
    /// <param name="Foresight">What came with the batch for its tenant, or would; null where there is no tenant.</param>
    public readonly record struct Outcome(object Target, T? Result, Exception? Error, LedgerForesight? Foresight = null);
}
