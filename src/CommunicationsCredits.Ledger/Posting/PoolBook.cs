using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>
/// The included minutes of a tenant while calls are posted: what the state knows, changed in copies that the draft's posting gets.
/// </summary>
internal sealed class PoolBook
{
    private readonly Draft _draft;
    private readonly List<Series> _series = [];
    private readonly Dictionary<PoolMonthKey, PoolMonth> _months = [];

    /// <summary>Opens the book.</summary>
    /// <param name="draft">The draft; its state has to know the months of the calls that are applied.</param>
    public PoolBook(Draft draft)
    {
        _draft = draft;
        foreach (var settings in draft.State.PoolSettings.GroupBy(setting => (setting.Capability, setting.Country)))
            _series.Add(new([.. settings]));
    }

    /// <summary>Whether there are no pools, so that no month needs to be known.</summary>
    public bool IsEmpty => _series.Count == 0;

    /// <summary>Lets the included minutes pay what they cover of a call, in the order of posting (A2).</summary>
    public void Apply(UsageBatch batch, ref UsageCall call)
    {
        if (IsEmpty || !call.IsPoolable || call.BilledSeconds == 0 || call.Status == UsageStatus.Unrated
            || Find(batch, call) is not { } month)
            return;
        var kind = KindOf(month, call);
        var left = month.LeftOf(kind);
        var (pooled, rest) = Take(call, left);
        if (pooled == 0 && rest == 0)
        {
            // Fewer licenses may have used it up meanwhile.
            if (left == 0)
                _draft.Notifications.PoolUsed(month);
            return;
        }

        kind.Used += pooled;
        kind.Unusable += rest;
        _draft.Changes.PoolMonths[month.Key] = month;
        call.PooledSeconds = pooled;
        call.UnusableSeconds = rest;
        if (call.Status == UsageStatus.Charged)
        {
            if (call.IsRatedBySheet)
                call.Charge = Rater.Cost(call.Rate!, call.BilledSeconds - pooled);
            if (pooled == call.BilledSeconds)
                call.Status = UsageStatus.Pooled;
        }

        _draft.Notifications.PoolUsed(month);
    }

    /// <summary>Gives back what a call took (C1).</summary>
    public void Return(UsageBatch batch, in UsageCall call)
    {
        if ((call.PooledSeconds == 0 && call.UnusableSeconds == 0) || Find(batch, call) is not { } month)
            return;
        var kind = KindOf(month, call);
        kind.Used -= call.PooledSeconds;
        kind.Unusable -= call.UnusableSeconds;
        _draft.Changes.PoolMonths[month.Key] = month;
    }

    /// <summary>Takes what a call took before once more: it was given back, and the call is posted anew (C1a).</summary>
    public void TakeAgain(UsageBatch batch, in UsageCall call)
    {
        if ((call.PooledSeconds == 0 && call.UnusableSeconds == 0) || Find(batch, call) is not { } month)
            return;
        var kind = KindOf(month, call);
        kind.Used += call.PooledSeconds;
        kind.Unusable += call.UnusableSeconds;
        _draft.Changes.PoolMonths[month.Key] = month;
    }

    /// <summary>Lets the state know what the draft, which is accepted, made of the months.</summary>
    public void Accept()
    {
        foreach (var month in _draft.Changes.PoolMonths.Values)
            _draft.State.PoolMonths[month.Key] = month;
    }

    private static (int Pooled, int Unusable) Take(in UsageCall call, long left)
    {
        // A call with a charge of its own was split by Microsoft: it is counted, whole seconds as they are.
        if (!call.IsRatedBySheet)
            return call.Charge.Micros == 0 ? ((int)Math.Min(left, call.BilledSeconds), 0) : (0, 0);
        var rate = call.Rate!;
        return PoolRules.Take(left, call.BilledSeconds, rate.InitialIncrement, rate.Increment);
    }

    private static PoolMinutes KindOf(PoolMonth month, in UsageCall call) =>
        call.Service == UsageService.International ? month.International : month.Domestic;

    private static string UserOf(Series series, UsageBatch batch, in UsageCall call) =>
        series.First.IsPerUser ? batch.String(call.User)?.ToLowerInvariant() ?? string.Empty : string.Empty;

    private PoolMonth? Find(UsageBatch batch, in UsageCall call)
    {
        foreach (var series in _series)
        {
            if (series.First.Takes(batch, call))
                return At(series, Month.Of(call.StartedAt), UserOf(series, batch, call));
        }

        return null;
    }

    private PoolMonth At(Series series, Month month, string user)
    {
        var key = new PoolMonthKey(month, series.First.Capability, series.First.Country, user);
        if (!_months.TryGetValue(key, out var state))
        {
            if (_draft.State.PoolMonthsLoaded is not var (first, last) || month < first || month > last)
                throw new InvalidOperationException($"The included minutes of {month} were not asked for.");
            var known = _draft.State.PoolMonths.GetValueOrDefault(key) ?? new(key.Capability, key.Country, month, user);
            _months.Add(key, state = known.Under(PoolRules.InForce(series.Settings, month)));
        }

        return state;
    }

    /// <summary>The settings of one pool.</summary>
    private sealed class Series(IReadOnlyList<PoolSetting> settings)
    {
        public PoolSetting First => settings[0];

        public IReadOnlyList<PoolSetting> Settings => settings;
    }
}
