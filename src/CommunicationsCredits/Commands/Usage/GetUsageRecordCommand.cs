using System.Management.Automation;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands;

/// <summary>Gets tenants' calls as they were imported and charged. -From and -To go by StartedAt.</summary>
[Cmdlet(VerbsCommon.Get, "UsageRecord", SupportsPaging = true)]
[OutputType(typeof(UsageRecord))]
public sealed class GetUsageRecordCommand : PagedTenantReadCommandBase<UsageRecord>
{
    /// <summary>The statuses wanted. By default all.</summary>
    [Parameter]
    public UsageStatus[] Status { get; set; } = [];

    /// <summary>The services wanted. By default all.</summary>
    [Parameter]
    public UsageService[] Service { get; set; } = [];

    /// <summary>The user, with * and ? as wildcards. By default all.</summary>
    [Parameter]
    [SupportsWildcards]
    public string? User { get; set; }

    private protected override IEnumerable<UsageRecord> Records(TenantSelection tenants) => Ledger.GetUsage(tenants, Query());

    private protected override long Count(TenantSelection tenants) => Ledger.CountUsage(tenants, Query());

    private UsageQuery Query() => new()
    {
        From = From?.Value,
        To = To?.Value,
        Statuses = Status,
        Services = Service,
        User = string.IsNullOrEmpty(User) ? null : User,
    };
}
