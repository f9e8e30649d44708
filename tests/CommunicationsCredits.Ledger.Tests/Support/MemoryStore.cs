using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>
/// A ledger in memory. Rules are tested on it without a database; and as a second implementation of the port it proves that what
/// posting asks of a store says nothing of SQL.
/// </summary>
internal sealed class MemoryStore : ILedgerStore
{
    private readonly Lock _writer = new();
    private MemoryBook _book = new();

    /// <summary>Is run once before the next write begins: whoever is faster than it.</summary>
    public Action? BeforeWrite { get; set; }

    /// <summary>How many writes were begun; previews begin none.</summary>
    public int Writes { get; private set; }

    /// <summary>What is committed.</summary>
    public MemoryBook Book => _book;

    public ILedgerRead BeginFacts() => new Read(_book);

    public IStoreWrite BeginWrite(IReadOnlyCollection<long> tenants)
    {
        var faster = BeforeWrite;
        BeforeWrite = null;
        faster?.Invoke();
        _writer.Enter();
        Writes++;
        return new Write(this);
    }

    /// <summary>The facts of one book.</summary>
    private abstract class Facts(MemoryBook book)
    {
        /// <summary>The book; a write replaces what it changes in a copy of its own.</summary>
        protected MemoryBook Book => book;

        public IReadOnlyList<TenantState?> Load(IReadOnlyList<Needs> needs)
        {
            var states = new Dictionary<string, TenantState?>();
            foreach (var key in needs.Select(need => Tenant.KeyOf(need.TenantId)))
                states[key] = Book.Find(key)?.NewState();
            foreach (var need in needs)
            {
                if (states[Tenant.KeyOf(need.TenantId)] is { } state)
                    LoadMore([(state, need)]);
            }

            return [.. needs.Select(need => states[Tenant.KeyOf(need.TenantId)])];
        }

        public void LoadMore(IReadOnlyList<(TenantState State, Needs Needs)> more)
        {
            foreach (var (state, needs) in more)
                Book.Tenants[state.Tenant.Number].LoadMore(state, needs);
        }

        public void FindKeys(long tenant, ReadOnlySpan<UInt128> sortedKeys, Span<long> records)
        {
            for (var i = 0; i < sortedKeys.Length; i++)
                records[i] = Book.Tenants[tenant].UsageKeys.GetValueOrDefault(sortedKeys[i]);
        }

        public void LoadRecords(long tenant, IReadOnlyList<long> records, UsageBatch batch)
        {
            foreach (var record in records.Distinct().Order())
                Book.Tenants[tenant].LoadRecord(record, batch);
        }

        public void LoadPage(long tenant, RecordPage page, UsageBatch batch) => Book.Tenants[tenant].LoadPage(page, batch);

        public IReadOnlyDictionary<long, long> LoadFormer(long tenant, IReadOnlyList<long> records, UsageBatch batch) =>
            Book.Tenants[tenant].LoadFormer(records, batch);

        public ILookup<long, DrawRow> LoadDraws(long tenant, IReadOnlyList<long> entries) => Book.Tenants[tenant].DrawsOf(entries);

        public LedgerHead LedgerHead() => Book.Head;

        public IReadOnlyList<Tenant> TenantsCalled(IReadOnlyCollection<string> texts) =>
            [.. Book.Tenants.Values.Select(tenant => tenant.Tenant).Where(tenant => tenant.RemovedAt is null && texts.Any(tenant.IsCalled))];

        public IReadOnlyList<RateSheet> LoadSheets() =>
        [
            .. Book.Sheets.Values.Select(kept => kept.Sheet).OrderBy(sheet => sheet.NameKey, StringComparer.Ordinal)
                .ThenBy(sheet => sheet.Service).ThenBy(sheet => sheet.Currency, StringComparer.Ordinal)
                .ThenBy(sheet => sheet.EffectiveFrom).ThenBy(sheet => sheet.Revision),
        ];

        public IReadOnlyList<RatedPrefix> LoadPrefixes(RateSheet sheet) =>
        [
            .. Book.Sheets[sheet.Number].Rows.Select(row =>
                new RatedPrefix(sheet, row.Prefix, row.PricePerMinute, row.Destination, row.Country) { Terms = row.Terms }),
        ];

        public IReadOnlyList<ImportPeriod> ImportPeriods(long tenant, long except) =>
        [
            .. Book.Tenants[tenant].Imports.Values
                .Where(import => import.Number != except && import.Kind == ImportKind.Usage && import.Status != UsageImportStatus.Reversed)
                .Select(ImportPeriod.Of).OfType<ImportPeriod>(),
        ];

        public IReadOnlyList<ForeignImport> FindSamples(long tenant, IReadOnlyList<UInt128> keys) =>
        [
            .. Book.Tenants.Values.Where(other => other.Tenant.Number != tenant && other.Tenant.RemovedAt is null)
                .Select(other => other.FindSample(keys)).OfType<ForeignImport>(),
        ];

        public bool IsSheetUsed(long sheet) => Book.Tenants.Values.Any(tenant => tenant.SheetsUsed.Contains(sheet));
    }

    private sealed class Read(MemoryBook book) : Facts(book), ILedgerRead
    {
        public void Dispose()
        {
        }
    }

    private sealed class Write(MemoryStore store) : Facts(store._book.Copy()), IStoreWrite
    {
        private readonly HashSet<long> _own = [];
        private bool _isEnded;

        public long RateVersion => Book.Head.RateVersion;

        public AccountState? HeadOf(long tenant) => Book.Tenants.GetValueOrDefault(tenant)?.Account;

        public LedgerHead LockLedger() => Book.Head;

        void IStoreWrite.Write(TenantPosting posting)
        {
            var number = posting.Tenant.Number;
            if (_own.Add(number))
            {
                Book.Tenants[number] = Book.Tenants.TryGetValue(number, out var known)
                    ? known.Copy()
                    : new() { Tenant = posting.Tenant, Account = new() };
            }

            Book.Tenants[number].Apply(posting);
        }

        public void AddKeys(long tenant)
        {
            // They are added with their records.
        }

        void IStoreWrite.Write(LedgerPosting posting)
        {
            Book.Head = posting.After;
            Book.Entries.AddRange(posting.Entries);
            foreach (var (sheet, rows) in posting.AddedSheets)
                Book.Sheets.Add(sheet.Number, (sheet, rows));
            foreach (var sheet in posting.RemovedSheets)
                Book.Sheets.Remove(sheet);
            foreach (var (sheet, digest) in posting.SheetDigests)
                Book.Sheets[sheet] = (Book.Sheets[sheet].Sheet with { Digest = digest }, Book.Sheets[sheet].Rows);
        }

        public void Commit() => store._book = Book;

        public void Dispose()
        {
            if (_isEnded)
                return;
            _isEnded = true;
            store._writer.Exit();
        }
    }
}

/// <summary>What a ledger in memory holds. Once it is committed, nobody changes it any more.</summary>
internal sealed class MemoryBook
{
    public LedgerHead Head { get; set; } = new(0, HashChain.Start, 0, 0, 0);

    public List<LedgerChainEntry> Entries { get; private init; } = [];

    public Dictionary<long, MemoryTenant> Tenants { get; private init; } = [];

    public Dictionary<long, (RateSheet Sheet, IReadOnlyList<RateRow> Rows)> Sheets { get; private init; } = [];

    /// <summary>The tenant of a key, as <see cref="Tenant.KeyOf"/> makes it, or null.</summary>
    public MemoryTenant? Find(string key) => Tenants.Values.FirstOrDefault(known => known.Tenant.RemovedAt is null && Tenant.KeyOf(known.Tenant.Id) == key);

    public MemoryBook Copy() => new() { Head = Head, Entries = [.. Entries], Tenants = new(Tenants), Sheets = new(Sheets) };
}
