using System.Runtime.ExceptionServices;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Import;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>
/// Imports the usage records of a pipeline, each tenant's as one import. Records are posted on a thread of the pool while the
/// pipeline goes on: when there are enough of them, when the oldest has waited long enough, and when the pipeline ends, however
/// it ends. For a preview they are kept until the end, so that no lock is held while something upstream may want it.
/// </summary>
internal sealed class UsageObjects : IDisposable
{
    private const int HandOver = 2048;
    private const int MostWaiting = 16 * HandOver;
    private static readonly TimeSpan CommitDelay = TimeSpan.FromMilliseconds(200);

    private readonly LedgerSession _ledger;
    private readonly UsageImportOptions _options;
    private readonly Dictionary<string, TenantUsage> _tenants = new(StringComparer.OrdinalIgnoreCase);
    private readonly Timer? _timer;

    // _posting is held by whoever posts; _gate only for the lists and the failure.
    private readonly object _posting = new();
    private readonly object _gate = new();
    private readonly List<TenantUsage> _inOrder = [];
    private List<(TenantUsage Tenant, UsageRow Row)> _waiting = [];
    private List<(TenantUsage Tenant, UsageRow Row)> _spare = [];
    private Task _handedOver = Task.CompletedTask;
    private ExceptionDispatchInfo? _failure;
    private bool _isTimed;
    private bool _isEnded;

    public UsageObjects(LedgerSession ledger, UsageImportOptions options)
    {
        _ledger = ledger;
        _options = options;
        Events = new(options.Preview);
        if (!options.Preview)
            _timer = new(_ => Post(commit: true));
    }

    /// <summary>What the imports find.</summary>
    public UsageEvents Events { get; }

    /// <summary>Whether a tenant of that id has records in this import.</summary>
    public bool Has(string tenantId) => _tenants.ContainsKey(tenantId);

    /// <summary>The tenant that a message names, or null.</summary>
    public string? TenantIn(string message) => _tenants.Keys.FirstOrDefault(id =>
        message.Contains($"'{id}'", StringComparison.OrdinalIgnoreCase) || message.Contains($"({id})", StringComparison.OrdinalIgnoreCase));

    /// <summary>Begins a tenant's import; its records may follow.</summary>
    public void Begin(string tenantId)
    {
        var tenant = new TenantUsage(tenantId);
        _tenants.Add(tenantId, tenant);
        lock (_gate)
            _inOrder.Add(tenant);
    }

    /// <summary>Accepts a record: from now on it will be posted, whatever becomes of the pipeline.</summary>
    /// <exception cref="CreditException">The ledger could not be written.</exception>
    public void Add(string tenantId, UsageRow row)
    {
        int count;
        bool isFirst;
        lock (_gate)
        {
            _failure?.Throw();
            _waiting.Add((_tenants[tenantId], row));
            count = _waiting.Count;
            isFirst = !_isTimed;
            _isTimed = true;
        }

        if (_timer is null)
            return;
        if (isFirst)
            _timer.Change(CommitDelay, Timeout.InfiniteTimeSpan);
        if (count < HandOver)
            return;
        if (_handedOver.IsCompleted)
            _handedOver = Task.Run(() => Post(commit: false));
        else if (count >= MostWaiting)
            _handedOver.Wait();
    }

    /// <summary>Posts and commits all that was accepted.</summary>
    /// <exception cref="CreditException">The ledger could not be written.</exception>
    public void Flush()
    {
        if (_options.Preview)
            return;
        Post(commit: true);
        lock (_gate)
            _failure?.Throw();
    }

    /// <summary>Posts what is left, ends each tenant's import, and says what it did.</summary>
    /// <exception cref="CreditException">The ledger could not be written.</exception>
    public IEnumerable<UsageImport> Complete()
    {
        Flush();
        lock (_posting)
            _isEnded = true;
        foreach (var tenant in _inOrder)
        {
            if (Complete(tenant) is { } import)
                yield return import;
        }
    }

    /// <summary>Posts what was accepted, where nobody is left to receive a failure.</summary>
    public void Stop()
    {
        if (!_options.Preview)
            Post(commit: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        Stop();
        lock (_posting)
        {
            foreach (var tenant in _inOrder)
            {
                try
                {
                    // What was stopped in the middle ends as an import too, with what it has.
                    if (_failure is null)
                        tenant.Import?.Complete();
                }
                catch (CreditException)
                {
                    // The records stand; the ledger's trouble will meet whoever uses it next.
                }
                finally
                {
                    tenant.Import?.Dispose();
                    tenant.Import = null;
                }
            }

            _isEnded = true;
        }
    }

    private UsageImport? Complete(TenantUsage tenant)
    {
        lock (_posting)
        {
            if (_options.Preview)
            {
                foreach (var (owner, row) in _waiting)
                {
                    if (owner == tenant)
                        Post(tenant, row);
                }
            }

            if (tenant.Import is null)
                return null;
            try
            {
                return tenant.Import.Complete();
            }
            finally
            {
                tenant.Import.Dispose();
                tenant.Import = null;
            }
        }
    }

    private void Post(bool commit)
    {
        lock (_posting)
        {
            List<(TenantUsage Tenant, UsageRow Row)> rows;
            TenantUsage[] tenants;
            lock (_gate)
            {
                if (_isEnded || _failure is not null)
                    return;
                (rows, _waiting) = (_waiting, _spare);
                tenants = [.. _inOrder];
                if (commit)
                    _isTimed = false;
            }

            try
            {
                foreach (var (tenant, row) in rows)
                    Post(tenant, row);
                if (commit)
                {
                    foreach (var tenant in tenants)
                        Flush(tenant);
                }
            }
            catch (Exception failure)
            {
                lock (_gate)
                    _failure = ExceptionDispatchInfo.Capture(failure);
            }

            rows.Clear();
            _spare = rows;
        }
    }

    private void Post(TenantUsage tenant, in UsageRow row)
    {
        if (tenant.IsRefused)
            return;
        try
        {
            var import = tenant.Import ??= _ledger.Usage.ImportObjects(tenant.Id, _options, Events);
            import.Begin();
            foreach (var name in row.Unknown ?? [])
                import.Unknown(name);
            for (var i = 0; i < row.Names.Length; i++)
            {
                if (row.Names[i] is { } name)
                    import.Set((UsageField)i, name, row.Values[i]);
            }

            import.End(row.Twice);
        }
        catch (CreditException refused) when (!refused.ErrorId.EndsTheLedger())
        {
            Refuse(tenant, refused);
            return;
        }

        if (tenant.Import.IsFull)
            Do(tenant, import => import.HandOn());
    }

    private void Flush(TenantUsage tenant) => Do(tenant, import => import.Flush());

    private void Do(TenantUsage tenant, Action<UsageObjectImport> post)
    {
        if (tenant.IsRefused || tenant.Import is not { } import)
            return;
        try
        {
            post(import);
        }
        catch (CreditException refused) when (!refused.ErrorId.EndsTheLedger())
        {
            Refuse(tenant, refused);
        }
    }

    /// <summary>Says once what is wrong with a tenant; the rest of its records is passed over.</summary>
    private void Refuse(TenantUsage tenant, CreditException refused)
    {
        tenant.IsRefused = true;
        Events.Refused(new(refused.ErrorId, refused.Message, tenant.Id, refused));
        tenant.Import?.Dispose();
        tenant.Import = null;
    }

    /// <summary>A tenant's share of the pipeline.</summary>
    private sealed class TenantUsage(string id)
    {
        public string Id { get; } = id;

        public UsageObjectImport? Import { get; set; }

        public bool IsRefused { get; set; }
    }
}
