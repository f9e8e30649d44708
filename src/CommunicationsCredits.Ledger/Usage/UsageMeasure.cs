using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>Which usage is to be added up, and by what it is grouped.</summary>
public sealed record UsageMeasure
{
    /// <summary>What it is grouped by, in this order; nothing makes one group of a tenant.</summary>
    public IReadOnlyList<UsageDimension> By { get; init; } = [];

    /// <summary>The earliest start, or null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The start before which calls are, or null.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The statuses that count; empty for all but <c>Reversed</c>.</summary>
    public IReadOnlyCollection<UsageStatus> Statuses { get; init; } = [];

    /// <summary>How many groups of each tenant are wanted, the dearest first; or null.</summary>
    public int? Top { get; init; }
}

/// <summary>What the usage of one group came to.</summary>
/// <param name="Keys">The group, in the order of what it is grouped by: text, or a number as text; null where calls say nothing of it.</param>
/// <param name="Calls">How many calls there were.</param>
/// <param name="Seconds">How long they were connected.</param>
/// <param name="BilledSeconds">How long they were billed, pooled seconds included.</param>
/// <param name="PooledSeconds">What included minutes paid of that.</param>
/// <param name="Charge">What they cost.</param>
/// <param name="TenantCharge">What the calls of all groups cost.</param>
internal sealed record UsageGroup(
    IReadOnlyList<string?> Keys, long Calls, long Seconds, long BilledSeconds, long PooledSeconds, Amount Charge, Amount TenantCharge);

/// <summary>Groups of usage as the border shows them.</summary>
internal static class UsageGroups
{
    private const string Nothing = "(none)";

    public static CreditUsage ToContract(UsageGroup group, IReadOnlyList<UsageDimension> by, Tenants.Tenant tenant)
    {
        string? Of(UsageDimension dimension)
        {
            for (var i = 0; i < by.Count; i++)
            {
                if (by[i] == dimension)
                    return InWords(dimension, group.Keys[i]);
            }

            return null;
        }

        var service = Of(UsageDimension.Service);
        return new()
        {
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            Name = tenant.Name,
            Currency = tenant.Currency,
            Group = string.Join(", ", by.Select((dimension, i) => InWords(dimension, group.Keys[i]) ?? Nothing)),
            User = Of(UsageDimension.User),
            Department = Of(UsageDimension.Department),
            CostCenter = Of(UsageDimension.CostCenter),
            AdministrativeUnit = Of(UsageDimension.AdministrativeUnit),
            Country = Of(UsageDimension.Country),
            Destination = Of(UsageDimension.Destination),
            Service = service is null ? null : Enum.Parse<UsageService>(service),
            Capability = Of(UsageDimension.Capability),
            Number = Of(UsageDimension.Number),
            Sheet = Of(UsageDimension.Sheet),
            Day = Of(UsageDimension.Day),
            Month = Of(UsageDimension.Month),
            Calls = group.Calls,
            Duration = TimeSpan.FromSeconds(group.Seconds),
            PooledMinutes = decimal.Round(group.PooledSeconds / 60m, 2),
            Charge = group.Charge.ToDecimal(),
            Share = group.TenantCharge.Micros == 0 ? 0 : decimal.Round(100m * group.Charge.Micros / group.TenantCharge.Micros, 2),
        };
    }

    private static string? InWords(UsageDimension dimension, string? key) => key is null ? null : dimension switch
    {
        UsageDimension.Service => ((UsageService)int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)).ToString(),
        UsageDimension.Day => new Instant(long.Parse(key, System.Globalization.CultureInfo.InvariantCulture) * TimeSpan.TicksPerDay)
            .ToDateTimeOffset().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        UsageDimension.Month => new Month(int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)).ToString(),
        _ => key,
    };
}
