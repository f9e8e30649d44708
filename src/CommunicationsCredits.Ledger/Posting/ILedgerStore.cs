using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>What decisions are made upon, for one tenant or for five hundred in the same few queries; nothing is asked row by row.</summary>
internal interface ILedgerFacts
{
    /// <summary>Loads the state of tenants.</summary>
    /// <param name="needs">What is needed, at most once for each tenant.</param>
    /// <returns>The states in the order of the needs; null where there is no such tenant.</returns>
    IReadOnlyList<TenantState?> Load(IReadOnlyList<Needs> needs);

    /// <summary>Loads more for states that were loaded before.</summary>
    void LoadMore(IReadOnlyList<(TenantState State, Needs Needs)> more);

    /// <summary>Which records the identities stand for; those that are not known are left out.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="sortedKeys">The identities in ascending order.</param>
    /// <param name="records">Receives the record of each identity, or 0.</param>
    void FindKeys(long tenant, ReadOnlySpan<UInt128> sortedKeys, Span<long> records);

    /// <summary>Reads the current state of records into a batch, in the order asked for.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="records">Their numbers; each is known.</param>
    /// <param name="batch">Receives them.</param>
    void LoadRecords(long tenant, IReadOnlyList<long> records, UsageBatch batch);

    /// <summary>
    /// Reads of records what says whether another export of them is the same (U3), as <see cref="LoadRecords"/> reads all of them.
    /// </summary>
    void LoadBillingContents(long tenant, IReadOnlyList<long> records, UsageBatch batch) => LoadRecords(tenant, records, batch);

    /// <summary>Reads the next records into a batch, as many as it takes.</summary>
    void LoadPage(long tenant, RecordPage page, UsageBatch batch);

    /// <summary>
    /// Reads into a batch, for each record, the one that its identity stood for before it (C1a), in the order of the records before.
    /// </summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="records">Their numbers.</param>
    /// <param name="batch">Receives the former records.</param>
    /// <returns>For each of the records the number of its former one; nothing for a record that is the first of its identity.</returns>
    IReadOnlyDictionary<long, long> LoadFormer(long tenant, IReadOnlyList<long> records, UsageBatch batch);

    /// <summary>What lots paid of entries, in order; nothing of those that name the one lot that paid all of it.</summary>
    ILookup<long, DrawRow> LoadDraws(long tenant, IReadOnlyList<long> entries);

    /// <summary>Where the ledger's own chain has got to, as of now and without its lock (H1b).</summary>
    LedgerHead LedgerHead();

    /// <summary>The tenants whose id or name is one of some texts, in whatever case; others may be among them.</summary>
    IReadOnlyList<Tenant> TenantsCalled(IReadOnlyCollection<string> texts);

    /// <summary>All versions and revisions of the rate sheets.</summary>
    IReadOnlyList<RateSheet> LoadSheets();

    /// <summary>The prefixes of a sheet.</summary>
    IReadOnlyList<RatedPrefix> LoadPrefixes(RateSheet sheet);

    /// <summary>Whether any charge was made by a sheet.</summary>
    bool IsSheetUsed(long sheet);

    /// <summary>The periods of a tenant's imports of usage that were not undone.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="except">The import that is not wanted: the one at hand.</param>
    IReadOnlyList<ImportPeriod> ImportPeriods(long tenant, long except);

    /// <summary>The imports of other tenants that have records of a sample and were not undone: of each tenant the one with the most.</summary>
    /// <param name="tenant">The tenant's own number.</param>
    /// <param name="keys">The sample, at most <see cref="ImportSample.Size"/> identities.</param>
    IReadOnlyList<ForeignImport> FindSamples(long tenant, IReadOnlyList<UInt128> keys);
}

/// <summary>The facts of one state of a ledger, without any lock, until it is disposed.</summary>
internal interface ILedgerRead : ILedgerFacts, IDisposable;

/// <summary>The port that posting has to a store: it loads facts, and writes what was decided. It knows no rule.</summary>
internal interface ILedgerStore
{
    /// <summary>Begins to read one state of the ledger, which writers go on beside.</summary>
    ILedgerRead BeginFacts();

    /// <summary>
    /// Begins to write: takes the locks of the tenants in ascending order, and reads where their chains have got to.
    /// </summary>
    IStoreWrite BeginWrite(IReadOnlyCollection<long> tenants);

    /// <summary>
    /// Runs a unit of work, which reads what it needs and ends with one commit at most. A store across a network runs it again, from the
    /// beginning, where it was interrupted and nothing of the unit was kept.
    /// </summary>
    /// <param name="unit">The unit: what it keeps in mind of an earlier run must not matter.</param>
    T RunUnit<T>(Func<T> unit) => unit();
}

/// <summary>A write in progress; what it wrote is kept only once <see cref="Commit"/> has returned.</summary>
internal interface IStoreWrite : ILedgerFacts, IDisposable
{
    /// <summary>Where a tenant's chain has got to, under the lock; null where the tenant is gone.</summary>
    AccountState? HeadOf(long tenant);

    /// <summary>The version of the rates.</summary>
    long RateVersion { get; }

    /// <summary>Where the ledger's own chain has got to, under its lock (H1b).</summary>
    LedgerHead LockLedger();

    /// <summary>Writes a posting; several of one tenant in the order in which they were decided.</summary>
    void Write(TenantPosting posting);

    /// <summary>Writes what changes of the ledger as a whole.</summary>
    void Write(LedgerPosting posting);

    /// <summary>
    /// Lets the store bring its index of identities up to date, where it puts that off while records are written: many new
    /// identities are cheap to add only together.
    /// </summary>
    void AddKeys(long tenant);

    /// <summary>Makes all of it durable.</summary>
    void Commit();
}
