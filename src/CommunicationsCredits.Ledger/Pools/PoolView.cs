using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Pools;

/// <summary>A pool as the border shows it.</summary>
internal static class PoolView
{
    public static CreditPool At(Tenant tenant, PoolSetting setting, Month month, IEnumerable<PoolMonth> use)
    {
        var used = use.Where(state => state.Month == month && state.Capability == setting.Capability
            && state.Country == setting.Country);
        var all = new PoolMonth(setting.Capability, setting.Country, month, string.Empty);
        all.Domestic.Total = 60L * setting.Licenses * setting.DomesticMinutes;
        all.International.Total = 60L * setting.Licenses * setting.InternationalMinutes;
        foreach (var state in used)
        {
            Add(all.Domestic, state.Domestic);
            Add(all.International, state.International);
        }

        return new()
        {
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            Capability = setting.Capability,
            Country = setting.IsDialOut ? null : setting.Country,
            Licenses = setting.Licenses,
            Month = month.ToString(),
            Minutes = Minutes(all.Domestic.Total),
            MinutesUsed = Minutes(all.Domestic.Used + all.Domestic.Unusable),
            InternationalMinutes = Minutes(all.International.Total),
            InternationalMinutesUsed = Minutes(all.International.Used + all.International.Unusable),
            PercentUsed = decimal.Round(all.Percent, 2),
            Status = all.IsUsedUp ? CreditPoolStatus.UsedUp : CreditPoolStatus.Open,
        };
    }

    public static decimal Minutes(long seconds) => decimal.Round(seconds / 60m, 2);

    private static void Add(PoolMinutes all, PoolMinutes part)
    {
        all.Used += part.Used;
        all.Unusable += part.Unusable;
    }
}
