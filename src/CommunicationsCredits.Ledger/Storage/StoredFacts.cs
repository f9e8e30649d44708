using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>The facts of one state of a stored ledger.</summary>
/// <param name="snapshot">The state; it is ended with this.</param>
internal sealed class StoredFacts(LedgerSnapshot snapshot) : ILedgerRead
{
    public IReadOnlyList<TenantState?> Load(IReadOnlyList<Needs> needs) =>
        snapshot.States.Load(needs);

    public void LoadMore(IReadOnlyList<(TenantState State, Needs Needs)> more) =>
        snapshot.States.LoadMore(more);

    public void FindKeys(long tenant, ReadOnlySpan<UInt128> sortedKeys, Span<long> records) =>
        snapshot.Connection.FindKeys(tenant, sortedKeys, records);

    public void LoadRecords(long tenant, IReadOnlyList<long> records, UsageBatch batch) =>
        snapshot.Usage.Load(tenant, records, batch);

    public void LoadBillingContents(long tenant, IReadOnlyList<long> records, UsageBatch batch) =>
        snapshot.Usage.LoadBillingContents(tenant, records, batch);

    public void LoadPage(long tenant, RecordPage page, UsageBatch batch) =>
        snapshot.Usage.Load(tenant, page, batch);

    public IReadOnlyDictionary<long, long> LoadFormer(long tenant, IReadOnlyList<long> records, UsageBatch batch) =>
        snapshot.Usage.LoadFormer(tenant, records, batch);

    public ILookup<long, DrawRow> LoadDraws(long tenant, IReadOnlyList<long> entries) =>
        snapshot.States.LoadDraws(tenant, entries);

    public LedgerHead LedgerHead() =>
        snapshot.States.LedgerHead();

    public IReadOnlyList<Tenant> TenantsCalled(IReadOnlyCollection<string> texts) =>
        snapshot.Tenants.Called(texts);

    public IReadOnlyList<RateSheet> LoadSheets() =>
        snapshot.Rates.Sheets();

    public IReadOnlyList<RatedPrefix> LoadPrefixes(RateSheet sheet) =>
        snapshot.Rates.Prefixes(sheet);

    public bool IsSheetUsed(long sheet) =>
        snapshot.Rates.IsUsed(sheet);

    public IReadOnlyList<ImportPeriod> ImportPeriods(long tenant, long except) =>
        snapshot.Imports.Periods(tenant, except);

    public IReadOnlyList<ForeignImport> FindSamples(long tenant, IReadOnlyList<UInt128> keys) =>
        snapshot.Imports.FindSamples(tenant, keys);

    public void Dispose() => snapshot.Dispose();
}
