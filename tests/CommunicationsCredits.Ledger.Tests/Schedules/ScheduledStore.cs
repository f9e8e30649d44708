using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Schedules;

/// <summary>A ledger in memory where another worker may go on before each reading, each lock and each commit, and after it.</summary>
internal sealed class ScheduledStore(MemoryStore store, Scheduler scheduler, Action<MemoryBook> check) : ILedgerStore
{
    public ILedgerRead BeginFacts()
    {
        scheduler.Yield();
        return store.BeginFacts();
    }

    public IStoreWrite BeginWrite(IReadOnlyCollection<long> tenants)
    {
        scheduler.BeginWrite();
        return new Write(store.BeginWrite(tenants), scheduler, () => check(store.Book));
    }

    private sealed class Write(IStoreWrite write, Scheduler scheduler, Action committed) : IStoreWrite
    {
        public long RateVersion => write.RateVersion;

        public AccountState? HeadOf(long tenant) => write.HeadOf(tenant);

        public LedgerHead LockLedger() => write.LockLedger();

        void IStoreWrite.Write(TenantPosting posting) => write.Write(posting);

        void IStoreWrite.Write(LedgerPosting posting) => write.Write(posting);

        public void AddKeys(long tenant) => write.AddKeys(tenant);

        public void Commit()
        {
            scheduler.Yield();
            write.Commit();
            committed();

            // Killed here, it has happened, and nobody knows.
            scheduler.Yield();
        }

        public IReadOnlyList<TenantState?> Load(IReadOnlyList<Needs> needs) => write.Load(needs);

        public void LoadMore(IReadOnlyList<(TenantState State, Needs Needs)> more) => write.LoadMore(more);

        public void FindKeys(long tenant, ReadOnlySpan<UInt128> sortedKeys, Span<long> records) => write.FindKeys(tenant, sortedKeys, records);

        public void LoadRecords(long tenant, IReadOnlyList<long> records, UsageBatch batch) => write.LoadRecords(tenant, records, batch);

        public void LoadPage(long tenant, RecordPage page, UsageBatch batch) => write.LoadPage(tenant, page, batch);

        public ILookup<long, DrawRow> LoadDraws(long tenant, IReadOnlyList<long> entries) => write.LoadDraws(tenant, entries);

        public LedgerHead LedgerHead() => write.LedgerHead();

        public IReadOnlyList<Tenant> TenantsCalled(IReadOnlyCollection<string> texts) => write.TenantsCalled(texts);

        public IReadOnlyList<RateSheet> LoadSheets() => write.LoadSheets();

        public IReadOnlyList<RatedPrefix> LoadPrefixes(RateSheet sheet) => write.LoadPrefixes(sheet);

        public bool IsSheetUsed(long sheet) => write.IsSheetUsed(sheet);

        public IReadOnlyDictionary<long, long> LoadFormer(long tenant, IReadOnlyList<long> records, UsageBatch batch) => write.LoadFormer(tenant, records, batch);

        public IReadOnlyList<ImportPeriod> ImportPeriods(long tenant, long except) => write.ImportPeriods(tenant, except);

        public IReadOnlyList<ForeignImport> FindSamples(long tenant, IReadOnlyList<UInt128> keys) => write.FindSamples(tenant, keys);

        public void Dispose()
        {
            write.Dispose();
            scheduler.EndWrite();
        }
    }
}
