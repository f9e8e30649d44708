using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Schedules;

/// <summary>A worker was ended, as a process that is killed; nothing of what it had not committed is kept.</summary>
internal sealed class WorkerEndedException : Exception;

/// <summary>
/// Lets one of several workers run at a time, and chooses by a seed who goes on wherever one of them meets the store or a gateway: a schedule
/// that fails is run again by its seed.
/// </summary>
internal sealed class Scheduler(SeededRandom random, int killPercent) : IDisposable
{
    private readonly List<Worker> _workers = [];
    private readonly SemaphoreSlim _turn = new(0);
    private readonly ThreadLocal<Worker?> _current = new();
    private Worker? _writer;

    /// <summary>Who ran, in order.</summary>
    public List<string> Trace { get; } = [];

    /// <summary>How many were ended.</summary>
    public int Killed { get; private set; }

    /// <summary>Adds a worker; it begins with <see cref="Run"/>.</summary>
    public void Add(string name, Action work)
    {
        var worker = new Worker(name);
        worker.Thread = new(() =>
        {
            _current.Value = worker;
            worker.Turn.Wait();
            try
            {
                work();
            }
            catch (WorkerEndedException)
            {
            }
            catch (Exception problem)
            {
                worker.Problem = problem;
            }

            worker.IsDone = true;
            _turn.Release();
        })
        {
            IsBackground = true,
        };
        _workers.Add(worker);
        worker.Thread.Start();
    }

    /// <summary>Runs all workers to their end.</summary>
    public void Run()
    {
        while (true)
        {
            var ready = _workers.Where(worker => !worker.IsDone && (!worker.WantsToWrite || _writer is null)).ToList();
            if (ready.Count == 0)
                break;
            var next = random.Pick(ready);
            Trace.Add(next.Name);
            next.Turn.Release();
            _turn.Wait();
            if (next.Problem is { } problem)
                throw new InvalidOperationException($"{next.Name}: {problem.Message}", problem);
        }

        Assert.All(_workers, worker => Assert.True(worker.IsDone, $"{worker.Name} waits for ever."));
        foreach (var worker in _workers)
            worker.Thread!.Join();
    }

    /// <summary>Lets another go on; whoever is not a worker just goes on.</summary>
    public void Yield(bool mayEnd = true)
    {
        if (_current.Value is not { } worker)
            return;
        _turn.Release();
        worker.Turn.Wait();
        if (mayEnd && random.Chance(killPercent))
        {
            Killed++;
            Trace.Add($"({worker.Name} ends)");
            throw new WorkerEndedException();
        }
    }

    /// <summary>Waits until nobody writes.</summary>
    public void BeginWrite()
    {
        if (_current.Value is not { } worker)
            return;
        worker.WantsToWrite = true;
        Yield(mayEnd: false);
        worker.WantsToWrite = false;
        _writer = worker;
    }

    public void EndWrite()
    {
        if (_current.Value is not null)
            _writer = null;
    }

    /// <summary>After a failure workers still wait; what they wait for is left to them.</summary>
    public void Dispose()
    {
        if (_workers.Exists(worker => !worker.IsDone))
            return;
        _turn.Dispose();
        _current.Dispose();
        foreach (var worker in _workers)
            worker.Turn.Dispose();
    }

    private sealed class Worker(string name)
    {
        public string Name => name;

        public SemaphoreSlim Turn { get; } = new(0);

        public Thread? Thread { get; set; }

        public volatile bool IsDone;

        public bool WantsToWrite { get; set; }

        public Exception? Problem { get; set; }
    }
}
