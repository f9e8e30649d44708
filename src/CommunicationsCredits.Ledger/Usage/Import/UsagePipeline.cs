using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>
/// The first of the three stages of an import: reads and prices batches on a thread of its own while the caller decides on the ones
/// before and the store writes those before these. Few batches go round, so that a file of any size takes the same memory.
/// </summary>
internal sealed class UsagePipeline : IDisposable
{
    private const int Ahead = 1;

    /// <summary>The batches that are kept for the next source.</summary>
    private const int MostKept = 4;

    private readonly BlockingCollection<(UsageBatch Batch, CallPricing Pricing)> _ready = new(Ahead);
    private readonly ConcurrentBag<UsageBatch> _empty;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Begins to read.</summary>
    /// <param name="reader">The source.</param>
    /// <param name="importer">What prices its batches.</param>
    /// <param name="empty">Batches to be filled; what becomes of small ones, the next source gets.</param>
    public UsagePipeline(UsageReader reader, UsageImporter importer, ConcurrentBag<UsageBatch> empty)
    {
        _empty = empty;
        _thread = new(() => Run(reader, importer)) { IsBackground = true, Name = "Usage reader" };
        _thread.Start();
    }

    /// <summary>The batches in the order of the source; each is the caller's until it gives it back.</summary>
    public IEnumerable<(UsageBatch Batch, CallPricing Pricing)> Batches()
    {
        foreach (var ready in _ready.GetConsumingEnumerable())
            yield return ready;
        _failure?.Throw();
    }

    /// <summary>Takes a batch back, to be filled again.</summary>
    public void Return(UsageBatch? batch)
    {
        if (batch is not null)
            _empty.Add(batch);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        if (!_empty.All(batch => batch.IsSmall) || _empty.Count > MostKept)
            _empty.Clear();
        _ready.Dispose();
        _stop.Dispose();
    }

    private void Run(UsageReader reader, UsageImporter importer)
    {
        try
        {
            var buffers = new PricingBuffers();
            UsageBatch? last = null;
            while (!_stop.IsCancellationRequested)
            {
                if (!_empty.TryTake(out var batch))
                    batch = new(last);
                last = batch;
                batch.Reset();
                if (!reader.Read(batch))
                {
                    _empty.Add(batch);
                    break;
                }

                _ready.Add((batch, importer.Price(batch, buffers)), _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller wants no more.
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }
}
