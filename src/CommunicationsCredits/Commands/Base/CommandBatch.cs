using System.Runtime.ExceptionServices;
using CommunicationsCredits.Ledger;

namespace CommunicationsCredits.Commands;

/// <summary>
/// Gathers what a pipeline asks for and carries it out as few commits: when it is full, when the oldest of it has waited long
/// enough (on a timer's thread, since the pipeline may be waiting upstream), and when it is told to. What came of it is kept for
/// the pipeline's thread to write.
/// </summary>
/// <typeparam name="T">What a command answers with.</typeparam>
internal sealed class CommandBatch<T> : IDisposable
{
    private const int Capacity = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly LedgerSession _ledger;
    private readonly bool _isPreview;

    // _committing is held while a batch is carried out, so that batches follow one another; _gate only for the lists.
    private readonly object _committing = new();
    private readonly object _gate = new();
    private readonly Queue<Outcome> _outcomes = new();
    private readonly Timer? _timer;
    private List<(object Target, LedgerCommand<T> Command)> _waiting = [];
    private ExceptionDispatchInfo? _failure;

    /// <param name="ledger">The ledger.</param>
    /// <param name="isPreview">Whether nothing is kept. Then all of it is carried out together at the end, and undone.</param>
    /// <param name="isAlone">Whether only one record comes, so that nothing will wait.</param>
    public CommandBatch(LedgerSession ledger, bool isPreview, bool isAlone)
    {
        _ledger = ledger;
        _isPreview = isPreview;
        if (!isPreview && !isAlone)
            _timer = new(_ => CommitQuietly());
    }

    /// <summary>Accepts a command: from now on it will be carried out, whatever becomes of the pipeline.</summary>
    public void Add(object target, LedgerCommand<T> command)
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
            _timer?.Change(Patience, Timeout.InfiniteTimeSpan);
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
            List<(object Target, LedgerCommand<T> Command)> batch;
            lock (_gate)
            {
                if (_waiting.Count == 0 || _failure is not null)
                    return;
                (batch, _waiting) = (_waiting, []);
            }

            var commands = new LedgerCommand<T>[batch.Count];
            for (var i = 0; i < commands.Length; i++)
                commands[i] = batch[i].Command;
            try
            {
                var outcomes = _ledger.Execute(commands, _isPreview);
                lock (_gate)
                {
                    for (var i = 0; i < commands.Length; i++)
                        _outcomes.Enqueue(new(batch[i].Target, outcomes[i].Result, outcomes[i].Error));
                }
            }
            catch (Exception failure)
            {
                // Whoever asks next is told, on whatever thread this is.
                lock (_gate)
                    _failure = ExceptionDispatchInfo.Capture(failure);
            }
        }
    }

    /// <summary>Carries out what is waiting, where nobody is left to be told of a failure.</summary>
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
    public readonly record struct Outcome(object Target, T? Result, CreditException? Error);
}
