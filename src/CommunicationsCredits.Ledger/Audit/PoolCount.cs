using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Audit;

/// <summary>Counts anew what calls took of a tenant's pools.</summary>
internal sealed class PoolCount
{
    private readonly IReadOnlyList<PoolSetting> _pools;

    private PoolCount(IReadOnlyList<PoolSetting> pools) => _pools = pools;

    /// <summary>Counts the pools of these settings.</summary>
    public static PoolCount Of(IEnumerable<PoolSetting> settings) =>
        new([.. settings.GroupBy(setting => (setting.Capability, setting.Country)).Select(pool => pool.First())]);

    /// <summary>The pools with a call whose user's name was blanked, so that nobody can say any more who took what (C4).</summary>
    public HashSet<(Month Month, string Capability, string Country)> Blanked { get; } = [];

    /// <summary>Adds what a call took; one that was reversed took nothing.</summary>
    public void Add(Dictionary<PoolMonthKey, PoolMonth> months, UsageBatch batch, in UsageCall call)
    {
        foreach (var pool in _pools)
        {
            if (!pool.Takes(batch, call))
                continue;
            var user = pool.IsPerUser ? batch.String(call.User)?.ToLowerInvariant() ?? string.Empty : string.Empty;
            var key = new PoolMonthKey(Month.Of(call.StartedAt), pool.Capability, pool.Country, user);
            if (!call.Personal.IsEmpty)
                Blanked.Add((key.Month, key.Capability, key.Country));
            if (call.IsReversed)
                return;
            if (!months.TryGetValue(key, out var month))
                months.Add(key, month = new(key.Capability, key.Country, key.Month, user));
            var kind = call.Service == UsageService.International ? month.International : month.Domestic;
            kind.Used += call.PooledSeconds;
            kind.Unusable += call.UnusableSeconds;
            return;
        }
    }
}
