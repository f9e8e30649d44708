namespace CommunicationsCredits.Ledger.Storage;

/// <summary>Says to those who wait that nobody wants them to, for as long as anybody says so.</summary>
internal sealed class StopSignal
{
    private readonly object _gate = new();
    private int _setters;

    /// <summary>Sets it, until the answer is disposed.</summary>
    public IDisposable Set()
    {
        lock (_gate)
        {
            _setters++;
            Monitor.PulseAll(_gate);
        }

        return new Setter(this);
    }

    /// <summary>Waits; answers whether it is set, then at once.</summary>
    public bool Wait(TimeSpan time)
    {
        lock (_gate)
        {
            if (_setters == 0)
                Monitor.Wait(_gate, time);
            return _setters > 0;
        }
    }

    private void Unset()
    {
        lock (_gate)
            _setters--;
    }

    private sealed class Setter(StopSignal signal) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                signal.Unset();
        }
    }
}
