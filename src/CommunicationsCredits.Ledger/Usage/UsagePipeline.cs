using System.Collections.Concurrent;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>
/// Reads and prices batches on a thread of its own while the caller posts the ones before, a few at a time, so that a file of
/// any size takes the same memory.
/// </summary>
internal sealed class UsagePipeline : IDisposable
{
    private const int Ahead = 1;

    private readonly BlockingCollection<(UsageBatch Batch, CallPricing Pricing)> _ready = new(Ahead);
    private readonly ConcurrentBag<UsageBatch> _empty = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private Exception? _failure;

    public UsagePipeline(UsageReader reader, UsageImporter importer)
    {
        _thread = new(() => Run(reader, importer)) { IsBackground = true, Name = "Usage reader" };
        _thread.Start();
    }

    /// <summary>The batches in the order of the source. Each is emptied when the next one is asked for.</summary>
    public IEnumerable<(UsageBatch Batch, CallPricing Pricing)> Batches()
    {
        foreach (var ready in _ready.GetConsumingEnumerable())
        {
            yield return ready;
            _empty.Add(ready.Batch);
        }

        if (_failure is not null)
            throw _failure;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _ready.Dispose();
        _stop.Dispose();
    }

    private void Run(UsageReader reader, UsageImporter importer)
    {
        try
        {
            var chain = new HashChain();
            while (!_stop.IsCancellationRequested)
            {
                if (!_empty.TryTake(out var batch))
                    batch = new();
                batch.Reset();
                if (!reader.Read(batch))
                    break;
                _ready.Add((batch, importer.Price(batch, chain)), _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller wants no more.
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }
}
