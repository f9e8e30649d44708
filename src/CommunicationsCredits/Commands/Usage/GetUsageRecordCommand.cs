using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands;

/// <summary>Gets tenants' calls as they were imported and charged. -From and -To go by StartedAt.</summary>
[Cmdlet(VerbsCommon.Get, "UsageRecord",
    HelpUri = HelpPages.Folder + "Get-UsageRecord.md", SupportsPaging = true)]
[OutputType(typeof(UsageRecord))]
public sealed class GetUsageRecordCommand : PagedTenantReadCommandBase<UsageRecord>
{
    private readonly HashSet<string> _found = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The records, by their own ids; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[]? RecordId { get; set; }

    /// <summary>The imports that brought them, by their ids; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImportIdCompleter))]
    public string[]? ImportId { get; set; }

    /// <summary>The funds that paid for them, by their ids. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FundsIdCompleter))]
    public string[]? FundsId { get; set; }

    /// <summary>The statuses wanted. By default all.</summary>
    [Parameter]
    public UsageStatus[] Status { get; set; } = [];

    /// <summary>The services wanted. By default all.</summary>
    [Parameter]
    public UsageService[] Service { get; set; } = [];

    /// <summary>The user, with * and ? as wildcards. By default all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string? User { get; set; }

    /// <summary>The other party's countries, ISO 3166-1 alpha-2. By default all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CountryCompleter))]
    public string[] Country { get; set; } = [];

    /// <summary>How many are wanted of all tenants asked for, the dearest first, for each currency. By default all, as they came.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Top { get; set; }

    private protected override Func<IEnumerable<UsageRecord>, IEnumerable<UsageRecord>>? Best => Top is not { } top ? null : records => records
        .GroupBy(record => record.Currency, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
        .SelectMany(group => group.OrderByDescending(record => record.Charge).Take(top));

    private protected override IEnumerable<UsageRecord> Records(TenantSelection tenants)
    {
        var (records, imports, _) = Asked(tenants);
        var hasWildcards = records.HasWildcards || imports.HasWildcards;
        var found = Ledger.Usage.GetRecords(tenants, Query(tenants, hasWildcards)).Where(record => records.Has(record.RecordId) && imports.Has(record.ImportId));

        // The dearest of those that match are known once all of them have been looked at.
        return hasWildcards && Best is { } best ? best(found.Where(record => Status.Length > 0 || record.Status != UsageStatus.Reversed)) : found;
    }

    private protected override long Count(TenantSelection tenants)
    {
        var (records, imports, _) = Asked(tenants);
        return records.HasWildcards || imports.HasWildcards ? Records(tenants).LongCount() : Ledger.Usage.CountRecords(tenants, Query(tenants));
    }

    private protected override object Output(UsageRecord record)
    {
        if (RecordId is not null)
            _found.Add(record.RecordId);
        return record;
    }

    private protected override void ReportUnknown(IReadOnlyList<TenantSelection> selections)
    {
        var queries = selections.Select(tenants => Query(tenants)).ToList();
        ReportUnknown(queries.SelectMany(query => query.ImportIds ?? []), Ledger.Usage.HasImport, CreditErrors.ImportNotFound);
        ReportUnknown(queries.SelectMany(query => query.FundsIds ?? []), Ledger.Funds.HasFunds, CreditErrors.FundsNotFound);
        ReportUnknown(
            queries.SelectMany(query => query.RecordIds ?? []),
            id => _found.Contains(id) || selections.Any(tenants => Ledger.Usage.CountRecords(tenants, new() { RecordIds = [id] }) > 0),
            CreditErrors.RecordNotFound);
    }

    /// <summary>What an object asks for is that thing alone; of an object's properties the narrowest counts.</summary>
    private (AskedIds Records, AskedIds Imports, AskedIds Funds) Asked(TenantSelection tenants) =>
        (IdsOf(tenants, nameof(RecordId), RecordId), IdsOf(tenants, nameof(ImportId), ImportId, RecordId), IdsOf(tenants, nameof(FundsId), FundsId, RecordId, ImportId));

    private UsageQuery Query(TenantSelection tenants, bool hasWildcards = false)
    {
        var (records, imports, funds) = Asked(tenants);
        return new()
        {
            From = From?.Value,
            To = To?.Value,
            Statuses = Status,
            Services = Service,
            User = string.IsNullOrEmpty(User) ? null : User,
            Countries = Country,
            RecordIds = records.Exact,
            ImportIds = imports.Exact,
            FundsIds = funds.Literal,
            Top = hasWildcards ? null : Top,
        };
    }
}
