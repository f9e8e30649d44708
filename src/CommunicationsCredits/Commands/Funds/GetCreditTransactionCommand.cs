using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the entries of tenants' ledgers, in order of sequence. -From and -To go by EffectiveAt.</summary>
[Cmdlet(VerbsCommon.Get, "CreditTransaction",
    HelpUri = HelpPages.Folder + "Get-CreditTransaction.md", SupportsPaging = true)]
[OutputType(typeof(CreditTransaction))]
public sealed class GetCreditTransactionCommand : PagedTenantReadCommandBase<CreditTransaction>
{
    /// <summary>The type that an entry has besides its own where its draws were asked for; it has a view of its own.</summary>
    private const string WithDraw = "CommunicationsCredits.CreditTransaction#IncludeDraw";

    /// <summary>The entries, by their ids; wildcards are understood. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TransactionIdCompleter))]
    public string[]? TransactionId { get; set; }

    /// <summary>The usage records that they are about, by their own ids: charges, ratings and reversals. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[]? RecordId { get; set; }

    /// <summary>The imports that posted them, by their ids. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImportIdCompleter))]
    public string[]? ImportId { get; set; }

    /// <summary>The funds that they made, drew from or gave back to, by their ids. By default all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FundsIdCompleter))]
    public string[]? FundsId { get; set; }

    /// <summary>The kinds wanted. By default all.</summary>
    [Parameter]
    public CreditTransactionKind[] Kind { get; set; } = [];

    /// <summary>How many are wanted of all tenants asked for, the newest first. By default all, in order of sequence.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Newest { get; set; }

    /// <summary>Tells what of which funds paid each entry, in its property Draw.</summary>
    [Parameter]
    public SwitchParameter IncludeDraw { get; set; }

    private protected override Func<IEnumerable<CreditTransaction>, IEnumerable<CreditTransaction>>? Best => Newest is not { } newest ? null : entries =>
        entries.OrderByDescending(entry => entry.PostedAt).ThenByDescending(entry => entry.Sequence).Take(newest);

    private protected override IEnumerable<CreditTransaction> Records(TenantSelection tenants)
    {
        var ids = IdsOf(tenants, nameof(TransactionId), TransactionId);
        var entries = Ledger.Funds.GetTransactions(tenants, Query(tenants)).Where(entry => ids.Has(entry.TransactionId));
        return ids.HasWildcards && Best is { } best ? best(entries) : entries;
    }

    private protected override long Count(TenantSelection tenants) => IdsOf(tenants, nameof(TransactionId), TransactionId).HasWildcards
        ? Records(tenants).LongCount()
        : Ledger.Funds.CountTransactions(tenants, Query(tenants));

    private protected override object Output(CreditTransaction record)
    {
        if (!IncludeDraw)
            return record;
        var output = new PSObject(record);
        output.TypeNames.Insert(0, WithDraw);
        return output;
    }

    private protected override void ReportUnknown(IReadOnlyList<TenantSelection> selections)
    {
        var queries = selections.Select(Query).ToList();
        ReportUnknown(queries.SelectMany(query => query.TransactionIds ?? []), Ledger.Funds.HasTransaction, CreditErrors.TransactionNotFound);
        ReportUnknown(queries.SelectMany(query => query.ImportIds ?? []), Ledger.Usage.HasImport, CreditErrors.ImportNotFound);
        ReportUnknown(queries.SelectMany(query => query.FundsIds ?? []), Ledger.Funds.HasFunds, CreditErrors.FundsNotFound);
        ReportUnknown(
            queries.SelectMany(query => query.RecordIds ?? []),
            id => selections.Any(tenants => Ledger.Usage.CountRecords(tenants, new() { RecordIds = [id] }) > 0),
            CreditErrors.RecordNotFound);
    }

    private TransactionQuery Query(TenantSelection tenants)
    {
        var ids = IdsOf(tenants, nameof(TransactionId), TransactionId);
        return new()
        {
            From = From?.Value,
            To = To?.Value,
            Kinds = Kind,
            TransactionIds = ids.Exact,
            RecordIds = IdsOf(tenants, nameof(RecordId), RecordId, TransactionId).Literal,
            ImportIds = IdsOf(tenants, nameof(ImportId), ImportId, TransactionId, RecordId).Literal,
            FundsIds = IdsOf(tenants, nameof(FundsId), FundsId, TransactionId, RecordId, ImportId).Literal,
            Newest = ids.HasWildcards ? null : Newest,
            IncludesDraw = IncludeDraw,
        };
    }
}
