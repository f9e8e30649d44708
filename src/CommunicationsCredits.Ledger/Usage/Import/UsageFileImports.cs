using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>
/// Imports small files one after another, each as an import of its own, and several as one commit: while one is written, the next is
/// decided on and those after it are read and priced. A file that is accepted is imported, unless the work is stopped or the ledger fails.
/// </summary>
public sealed class UsageFileImports : IDisposable
{
    /// <summary>A file that is larger may be more than one batch, and does as well by itself.</summary>
    public const long LargestFile = 3 * 1024 * 1024;

    /// <summary>The files of a commit at most, however small they are.</summary>
    private const int MostTogether = 32;

    /// <summary>The calls that lie in memory at most, besides those of the next file.</summary>
    private const int MostCalls = 3 * UsageBatch.Capacity;

    /// <summary>How long a commit waits for the next file, which may be about to be decided.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly ImportPorts _ports;
    private readonly UsageImportOptions _options;
    private readonly Func<FileImport, CancellationToken, UsageImport> _importAlone;
    private readonly CancellationToken _stop;
    private readonly ConcurrentBag<UsageBatch> _empty;
    private readonly BlockingCollection<FileImport> _accepted = new(2 * MostTogether);
    private readonly BlockingCollection<FileImport> _read = new(MostTogether);
    private readonly BlockingCollection<FileImport> _decided = new(MostTogether);
    private readonly BlockingCollection<FileImport> _done = [];
    private readonly ConcurrentDictionary<long, int> _underWay = new();
    private readonly Thread[] _threads;
    private readonly object _room = new();
    private int _calls;
    private volatile bool _isBroken;

    internal UsageFileImports(
        ImportPorts ports, UsageImportOptions options, ConcurrentBag<UsageBatch> empty,
        Func<FileImport, CancellationToken, UsageImport> importAlone, CancellationToken stop)
    {
        (_ports, _options, _empty, _importAlone, _stop) = (ports, options, empty, importAlone, stop);
        _threads =
        [
            Start("Usage files: read", Read, _read), Start("Usage files: decide", Decide, _decided), Start("Usage files: write", Write, _done),
        ];
    }

    /// <summary>Whether a file may be imported so: it is a file, and not large.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is imported.</param>
    public static bool Takes(string path, UsageImportOptions options)
    {
        if (options is not { Preview: false, QuarantinePath: null })
            return false;
        try
        {
            // A pipe has no length.
            return new FileInfo(path) is { Exists: true, Length: > 0 and <= LargestFile };
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Accepts a file.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Add(string tenantId, string path) => _accepted.Add(new(tenantId, path), _stop);

    /// <summary>Takes the next file whose import has ended, in the order in which they were accepted.</summary>
    /// <returns>Null where that is not known yet.</returns>
    public UsageFileImport? TryTake() => _done.TryTake(out var done) ? done : null;

    /// <summary>The files whose imports have not been taken yet, each once it has ended; no more is accepted.</summary>
    public IEnumerable<UsageFileImport> Rest()
    {
        _accepted.CompleteAdding();
        return _done.GetConsumingEnumerable();
    }

    /// <summary>Waits until all that was accepted is imported, or the work is stopped.</summary>
    public void Dispose()
    {
        _accepted.CompleteAdding();
        foreach (var thread in _threads)
            thread.Join();
        foreach (var queue in new[] { _accepted, _read, _decided, _done })
            queue.Dispose();
        while (_empty.TryTake(out _))
        {
            // What they took is as much as an import of a million calls takes; the next one may be in a year.
        }
    }

    private static Thread Start(string name, Action run, BlockingCollection<FileImport> next)
    {
        var thread = new Thread(() =>
        {
            try
            {
                run();
            }
            finally
            {
                next.CompleteAdding();
            }
        }) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    /// <summary>The first stage: reads and prices.</summary>
    private void Read()
    {
        var buffers = new PricingBuffers();
        var work = new ImportWork(_options.OnConflict);
        var rest = new UsageBatch();
        foreach (var file in _accepted.GetConsumingEnumerable())
        {
            WaitForRoom();
            if (_isBroken || _stop.IsCancellationRequested)
                continue;
            if (!_empty.TryTake(out var batch))
                batch = new();
            batch.Reset();
            rest.Reset();
            try
            {
                var name = Path.GetFileName(file.Path);
                var importer = new UsageImporter(_ports, file.TenantId, name, UsageFormat.Auto, _options, file.Findings, work);
                using var reader = UsageSource.OpenFile(file.Path, _options.Format);
                importer.Format = reader.Format;
                if (WholeSource.Read(name, reader, batch, rest) is { } whole)
                {
                    if (whole.Batch is not null)
                        importer.Price(batch, buffers);
                    (file.Importer, file.Source) = (importer, whole);
                }
            }
            catch (Exception)
            {
                // By itself it meets the same, and says so in its turn.
            }

            if (file.Source?.Batch is null)
                _empty.Add(batch);
            else
                Hold(batch.Count);
            _read.Add(file);
        }
    }

    /// <summary>The second stage: decides.</summary>
    private void Decide()
    {
        foreach (var file in _read.GetConsumingEnumerable())
        {
            // Behind another file of its tenant it can only be decided once that is written.
            if (file is { Importer: { } importer, Source.Batch: { } batch } && _underWay.AddOrUpdate(importer.Tenant, 1, (_, files) => files + 1) == 1)
            {
                try
                {
                    importer.DecideWhole(batch);
                }
                catch (Exception)
                {
                    // Under the lock it is decided again, and fails again if there is a reason.
                }
            }

            _decided.Add(file);
        }
    }

    /// <summary>The third stage: writes.</summary>
    private void Write()
    {
        var group = new List<FileImport>();
        FileImport? next = null;
        while (next is not null || _decided.TryTake(out next, Timeout.Infinite))
        {
            if (next.Source is null)
            {
                Finish(next, () => _importAlone(next, _stop));
                next = null;
                continue;
            }

            group.Clear();
            var calls = 0;
            do
            {
                group.Add(next);
                calls += next.Source!.Batch?.Count ?? 0;
                next = null;
            }
            while (calls < UsageBatch.Capacity && group.Count < MostTogether && _decided.TryTake(out next, Patience) && next.Source is not null);
            Write(group);
        }
    }

    private void Write(List<FileImport> group)
    {
        if (!_isBroken && !_stop.IsCancellationRequested)
        {
            try
            {
                WriteTogether(group, isAgain: false);
                foreach (var file in group)
                    Finish(file, () => file.Importer!.EndWhole(_stop));
            }
            catch (Exception failure) when (group.Count == 1 || (failure is CreditException ledger && ledger.ErrorId.EndsTheLedger()))
            {
                Fail(group[0], failure);
            }
            catch (Exception)
            {
                // One of them cannot be: each by itself.
                foreach (var file in group)
                {
                    Finish(file, () =>
                    {
                        WriteTogether([file], isAgain: true);
                        return file.Importer!.EndWhole(_stop);
                    });
                }
            }
        }

        foreach (var file in group)
        {
            if (file.Source!.Batch is { } batch)
            {
                _underWay.AddOrUpdate(file.Importer!.Tenant, 0, (_, files) => files - 1);
                Hold(-batch.Count);
                _empty.Add(batch);
            }
        }
    }

    private void WaitForRoom()
    {
        lock (_room)
        {
            while (_calls >= MostCalls)
                Monitor.Wait(_room);
        }
    }

    private void Hold(int calls)
    {
        lock (_room)
        {
            _calls += calls;
            Monitor.PulseAll(_room);
        }
    }

    private void WriteTogether(IReadOnlyList<FileImport> group, bool isAgain)
    {
        var tenants = group.Select(file => file.Importer!.Tenant).Distinct().ToList();
        _ports.Store.RunUnit(() =>
        {
            using var write = _ports.Store.BeginWrite(tenants);
            foreach (var file in group)
                file.Importer!.WriteWhole(write, file.Source!, file.Findings, isAgain);

            // Where it is run again, nothing of the first run was kept, and what that left in mind is of no use.
            isAgain = true;
            write.Commit();
            return group;
        });
    }

    private void Finish(FileImport file, Func<UsageImport> import)
    {
        if (_isBroken)
            return;
        try
        {
            file.Result = import();
            _done.Add(file);
        }
        catch (Exception failure)
        {
            Fail(file, failure);
        }
    }

    /// <summary>After an error of the ledger itself, nothing more is imported.</summary>
    private void Fail(FileImport file, Exception failure)
    {
        file.Failure = ExceptionDispatchInfo.Capture(failure);
        _isBroken = failure is not CreditException known || known.ErrorId.EndsTheLedger();
        _done.Add(file);
    }
}

/// <summary>The import of a small file, which has ended.</summary>
public abstract class UsageFileImport
{
    private protected UsageFileImport(string tenantId, string path) => (TenantId, Path) = (tenantId, path);

    /// <summary>The tenant as it was given.</summary>
    public string TenantId { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Tells what the import has found, and gives it.</summary>
    /// <param name="observer">Receives the refused records, the warnings and the progress.</param>
    /// <exception cref="CreditException">As of <see cref="UsageRecordService.Import"/>.</exception>
    public abstract UsageImport Take(IUsageImportObserver observer);
}

/// <summary>A small file on its way through the stages.</summary>
internal sealed class FileImport(string tenantId, string path) : UsageFileImport(tenantId, path)
{
    public ImportFindings Findings { get; } = new();

    /// <summary>What imports it; null where it has to be imported by itself.</summary>
    public UsageImporter? Importer { get; set; }

    public WholeSource? Source { get; set; }

    public UsageImport? Result { get; set; }

    public ExceptionDispatchInfo? Failure { get; set; }

    /// <inheritdoc/>
    public override UsageImport Take(IUsageImportObserver observer)
    {
        Findings.Tell(observer);
        Failure?.Throw();
        return Result!;
    }
}
