using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands;

/// <summary>Gets tenants' calls as they were imported and charged. -From and -To go by StartedAt.</summary>
[Cmdlet(VerbsCommon.Get, "UsageRecord",
    HelpUri = HelpPages.Folder + "Get-UsageRecord.md", SupportsPaging = true)]
[OutputType(typeof(UsageRecord))]
public sealed class GetUsageRecordCommand : PagedTenantReadCommandBase<UsageRecord>
{
    /// <summary>The records, by their own ids; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[]? RecordId { get; set; }

    /// <summary>The imports that brought them, by their ids; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImportIdCompleter))]
    public string[]? ImportId { get; set; }

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

    private protected override IEnumerable<UsageRecord> Records(TenantSelection tenants) => IsFiltered(tenants)
        ? Ledger.Usage.GetRecords(tenants, Query()).Where(record => IsWanted(tenants, RecordId, nameof(RecordId), record.RecordId)
            && IsWanted(tenants, ImportId, nameof(ImportId), record.ImportId))
        : Ledger.Usage.GetRecords(tenants, Query());

    private protected override long Count(TenantSelection tenants) =>
        IsFiltered(tenants) ? Records(tenants).LongCount() : Ledger.Usage.CountRecords(tenants, Query());

    private bool IsFiltered(TenantSelection tenants) => RecordId is not null || ImportId is not null || ThingOf(tenants) is not null;

    private UsageQuery Query() => new()
    {
        From = From?.Value,
        To = To?.Value,
        Statuses = Status,
        Services = Service,
        User = string.IsNullOrEmpty(User) ? null : User,
    };
}
