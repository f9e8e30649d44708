using System.Globalization;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>A real ledger in a folder of its own, with a clock that the test sets.</summary>
internal sealed class TestLedger : IDisposable
{
    /// <summary>The tenant most tests need.</summary>
    public const string Contoso = "contoso.com";

    public const string RatesUsd =
        "Prefix,Price / min,Destination Name,Country\n1,0.013,United States,US\n44,0.015,United Kingdom,GB\n53,0.7,Cuba,CU\n";

    private readonly PgDatabase? _database;
    private int _files;

    /// <summary>A ledger in a file, or in a database.</summary>
    /// <param name="now">What the clock says.</param>
    /// <param name="contoso">Whether it has that tenant.</param>
    /// <param name="database">The database, which ends with it; without one, a file.</param>
    public TestLedger(string now = "2026-03-15T12:00:00Z", bool contoso = true, PgDatabase? database = null)
    {
        _database = database;
        Clock = new(At(now));
        Session = Open();
        if (contoso)
            AddTenant(Contoso);
    }

    public TempFolder Folder { get; } = new();

    /// <summary>Its database, or null.</summary>
    public PgDatabase? Database => _database;

    public ManualClock Clock { get; }

    public LedgerSession Session { get; private set; }

    /// <summary>The user's configuration: gateways and the key of the tokens.</summary>
    public string Configuration => Folder.File("configuration");

    /// <summary>The secrets of this machine, by name.</summary>
    public Dictionary<string, string> Secrets { get; } = [];

    public string File => Folder.File("ledger.db");

    public static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public LedgerSession Open(bool readOnly = false)
    {
        var options = new LedgerOptions
        {
            Clock = Clock,
            Actor = "tester@machine",
            ReadOnly = readOnly,
            ConfigurationFolder = Configuration,
            Secrets = name => Secrets.GetValueOrDefault(name),
        };
        return _database is null ? LedgerSession.Open(File, options) : LedgerSession.OpenDatabase(_database.ConnectionString, options);
    }

    /// <summary>Closes the ledger and opens it again.</summary>
    public void Reopen()
    {
        Session.Dispose();
        Session = Open();
    }

    public void SetClock(string now) => Clock.Now = At(now);

    public CreditTenant AddTenant(string id, TenantSettings? settings = null) =>
        Session.Execute(new AddTenant(id, settings ?? new()));

    public CreditFunds AddFunds(
        decimal amount, string? purchasedAt = null, string? expiresAt = null, int? priority = null, string? reference = null,
        string? key = null, string tenant = Contoso) => Session.Execute(new AddFunds(tenant, amount)
        {
            PurchasedAt = purchasedAt is null ? null : At(purchasedAt),
            ExpiresAt = expiresAt is null ? null : At(expiresAt),
            Priority = priority,
            Reference = reference,
            IdempotencyKey = key,
        });

    public CreditRateSheet AddRates(
        string csv = RatesUsd, string name = "PSTN", string from = "2020-01-01", string currency = "USD",
        CreditRateService service = CreditRateService.Outbound, decimal fee = 0, int initial = 60, int increment = 60,
        int decimals = 4, CreditRounding rounding = CreditRounding.HalfUp) => Session.Execute(new AddRateSheet(
            name, RateListReader.ReadFile(Folder.Write($"rates-{++_files}.csv", csv)))
        {
            EffectiveFrom = At(from),
            Currency = currency,
            Service = service,
            ConnectionFee = fee,
            InitialIncrement = initial,
            Increment = increment,
            Decimals = decimals,
            Rounding = rounding,
        });

    /// <summary>Imports calls as the Teams export.</summary>
    public Imported Import(params Call[] calls) => Import(Call.Csv(calls));

    public Imported Import(
        string text, ConflictAction onConflict = ConflictAction.Error, PricingSource source = PricingSource.Auto,
        string? quarantine = null, string tenant = Contoso, bool preview = false, CancellationToken cancellation = default) =>
        ImportFile(Folder.Write($"usage-{++_files}", text), new()
        {
            OnConflict = onConflict,
            PricingSource = source,
            QuarantinePath = quarantine,
            Preview = preview,
        }, tenant, cancellation);

    public Imported ImportFile(
        string path, UsageImportOptions? options = null, string tenant = Contoso, CancellationToken cancellation = default)
    {
        var observer = new RecordingObserver();
        var result = Session.Usage.Import(tenant, path, options ?? new(), observer, cancellation);
        return new(result, observer);
    }

    public decimal Balance(string? asOf = null, string tenant = Contoso) => BalanceOf(asOf, tenant).Balance;

    public CreditBalance BalanceOf(string? asOf = null, string tenant = Contoso) =>
        Session.Funds.GetBalances(TenantSelection.One(tenant), asOf is null ? null : At(asOf)).Single();

    /// <summary>What calls may still draw of each lot, in order of purchase.</summary>
    public decimal[] Remaining(string tenant = Contoso) =>
        [.. Session.Funds.GetFunds(TenantSelection.One(tenant), includeSpent: true).Select(funds => funds.Remaining)];

    public List<CreditTransaction> Entries(string tenant = Contoso, params CreditTransactionKind[] kinds) =>
        [.. Session.Funds.GetTransactions(TenantSelection.One(tenant), new() { Kinds = kinds })];

    public List<CreditTransaction> Money(string tenant = Contoso) =>
        [.. Entries(tenant).Where(entry => entry.Kind != CreditTransactionKind.Setting)];

    public List<UsageRecord> Usage(string tenant = Contoso) => [.. Session.Usage.GetRecords(TenantSelection.One(tenant), new())];

    public UsageRecord Record(string id, string tenant = Contoso) => Usage(tenant).Single(record => record.RecordId == id);

    /// <summary>What is unpaid, read from the file itself: entry and amount, in order of the calls.</summary>
    public List<(long Entry, decimal Unpaid)> Debts(string tenant = Contoso)
    {
        using var tx = Session.Store.BeginRead();
        return [.. tx.Lots.DebtsBefore(tx.Tenants.Get(tenant).Number, Ledger.Time.Instant.Latest)
            .Select(debt => (debt.Entry, debt.Unpaid.ToDecimal()))];
    }

    /// <summary>Writes rows as they are, past every rule: what a killed process or a hostile hand would leave.</summary>
    public void Put(string tenant, Action<Ledger.Posting.TenantPosting> change)
    {
        using var write = Session.Store.BeginWrite([]);
        var state = write.Load([Ledger.Posting.Needs.Of(tenant)])[0]!;
        var posting = new Ledger.Posting.TenantPosting { Tenant = state.Tenant, Before = state.Account, After = state.Account };
        change(posting);
        write.Write(posting);
        write.Commit();
    }

    /// <summary>A notification as it is stored.</summary>
    public Ledger.Notifications.Notification Notice(string tenant, long number)
    {
        using var snapshot = Session.Store.BeginRead();
        return snapshot.Notifications.Find(snapshot.Tenants.Get(tenant).Number, number)!;
    }

    public List<CreditLedgerFinding> Verify() => [.. Session.Audit.Verify(TenantSelection.All)];

    public void Dispose()
    {
        Session.Dispose();
        _database?.Dispose();
        Folder.Dispose();
    }
}

/// <summary>What came of an import, and what it told.</summary>
internal sealed record Imported(UsageImport Result, RecordingObserver Told)
{
    public IEnumerable<UsageRejection> Rejections => Told.Refusals.Select(refusal => (UsageRejection)refusal.Target!);
}

/// <summary>Keeps what an import tells.</summary>
internal sealed class RecordingObserver : IUsageImportObserver
{
    public List<CreditException> Refusals { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>The sources that said that another page follows.</summary>
    public List<string> Incomplete { get; } = [];

    public List<long> Records { get; } = [];

    /// <summary>What came with it at its end.</summary>
    public List<LedgerForesight> Foresights { get; } = [];

    /// <summary>Is run when records have been posted.</summary>
    public Action<long>? OnProgress { get; init; }

    public void Refused(CreditException refusal) => Refusals.Add(refusal);

    public void Warn(string message) => Warnings.Add(message);

    public void Foresee(LedgerForesight foresight) => Foresights.Add(foresight);

    public void PageEnded(string source, bool hasNextLink)
    {
        if (hasNextLink)
            Incomplete.Add(source);
    }

    public void Progress(long records, double? fraction)
    {
        Records.Add(records);
        OnProgress?.Invoke(records);
    }
}
