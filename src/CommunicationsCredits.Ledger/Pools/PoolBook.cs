using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Pools;

/// <summary>
/// The included minutes of a tenant while calls are posted: read when first asked for, kept in memory, and written with the posting.
/// </summary>
internal sealed class PoolBook
{
    private readonly LedgerTransaction _tx;
    private readonly Tenant _tenant;
    private readonly Notices _notices;
    private readonly List<Series> _series = [];

    public PoolBook(LedgerTransaction tx, Tenant tenant, Notices notices)
    {
        _tx = tx;
        _tenant = tenant;
        _notices = notices;
        foreach (var settings in tx.Pools.Settings(tenant.Number).GroupBy(setting => (setting.Capability, setting.Country)))
            _series.Add(new([.. settings]));
    }

    /// <summary>Lets the included minutes pay what they cover of a call, in the order of posting (A2).</summary>
    public void Apply(UsageBatch batch, ref UsageCall call)
    {
        if (_series.Count == 0 || !call.IsPoolable || call.BilledSeconds == 0 || call.Status == UsageStatus.Unrated
            || Find(batch, call) is not { } month)
            return;
        var kind = KindOf(month, call);
        var left = month.LeftOf(kind);
        var (pooled, rest) = Take(call, left);
        if (pooled == 0 && rest == 0)
        {
            // Fewer licences may have used it up meanwhile.
            if (left == 0)
                _notices.PoolUsed(month);
            return;
        }

        kind.Used += pooled;
        kind.Void += rest;
        month.IsChanged = true;
        call.PooledSeconds = pooled;
        call.VoidSeconds = rest;
        if (call.Status == UsageStatus.Charged)
        {
            if (call.ByRate)
                call.Charge = Rater.Cost(call.Rate!, call.BilledSeconds - pooled);
            if (pooled == call.BilledSeconds)
                call.Status = UsageStatus.Pooled;
        }

        _notices.PoolUsed(month);
    }

    /// <summary>Gives back what a call took (C1).</summary>
    public void Return(UsageBatch batch, in UsageCall call)
    {
        if ((call.PooledSeconds == 0 && call.VoidSeconds == 0) || Find(batch, call) is not { } month)
            return;
        var kind = KindOf(month, call);
        kind.Used -= call.PooledSeconds;
        kind.Void -= call.VoidSeconds;
        month.IsChanged = true;
    }

    /// <summary>Counts anew what a call took: where nothing else is applied, the months then are what they should be.</summary>
    public PoolMonth? Recount(UsageBatch batch, in UsageCall call)
    {
        if (Find(batch, call, isNew: true) is not { } month)
            return null;
        var kind = KindOf(month, call);
        kind.Used += call.PooledSeconds;
        kind.Void += call.VoidSeconds;
        return month;
    }

    /// <summary>Writes what has changed.</summary>
    public void Save()
    {
        foreach (var month in _series.SelectMany(series => series.Months.Values).Where(month => month.IsChanged))
        {
            _tx.Pools.PutMonth(_tenant.Number, month);
            month.IsChanged = false;
        }
    }

    private static (int Pooled, int Void) Take(in UsageCall call, long left)
    {
        // A call with a charge of its own was split by Microsoft: it is counted, whole seconds as they are.
        if (!call.ByRate)
            return call.Charge.Micros == 0 ? ((int)Math.Min(left, call.BilledSeconds), 0) : (0, 0);
        var rate = call.Rate!;
        return PoolRules.Take(left, call.BilledSeconds, rate.InitialIncrement, rate.Increment);
    }

    private static PoolMinutes KindOf(PoolMonth month, in UsageCall call) =>
        call.Service == UsageService.International ? month.International : month.Domestic;

    private static string UserOf(Series series, UsageBatch batch, in UsageCall call) =>
        series.First.IsPerUser ? batch.String(call.User)?.ToLowerInvariant() ?? string.Empty : string.Empty;

    private PoolMonth? Find(UsageBatch batch, in UsageCall call, bool isNew = false)
    {
        var isDialOut = call.Service == UsageService.ConferenceDialOut;
        if (!isDialOut && call.Service is not (UsageService.Domestic or UsageService.International))
            return null;
        var capability = batch.Bytes(call.Capability);
        var country = batch.Bytes(call.Country);
        foreach (var series in _series)
        {
            if (isDialOut ? series.First.IsDialOut && LicenceCapability.IsDialOutPoolOf(series.First.Capability, capability) : series.First.Covers(capability, country))
                return series.At(_tx, _tenant, Month.Of(call.StartedAt), UserOf(series, batch, call), isNew);
        }

        return null;
    }

    /// <summary>The settings of one pool, and its months.</summary>
    private sealed class Series(IReadOnlyList<PoolSetting> settings)
    {
        public PoolSetting First => settings[0];

        public Dictionary<(Month Month, string User), PoolMonth> Months { get; } = [];

        public PoolMonth At(LedgerTransaction tx, Tenant tenant, Month month, string user, bool isNew)
        {
            if (!Months.TryGetValue((month, user), out var state))
            {
                state = isNew
                    ? new(First.Capability, First.Country, month, user)
                    : tx.Pools.Month(tenant.Number, PoolRules.InForce(settings, month), month, user);
                Months.Add((month, user), state);
            }

            return state;
        }
    }
}
