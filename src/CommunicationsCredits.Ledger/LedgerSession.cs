using System.Text;
using CommunicationsCredits.Ledger.Budgets.Operations;
using CommunicationsCredits.Ledger.Guard.Operations;
using CommunicationsCredits.Ledger.Users.Operations;
using CommunicationsCredits.Ledger.Audit;
using CommunicationsCredits.Ledger.Backup;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Notifications.Operations;
using CommunicationsCredits.Ledger.Pools.Operations;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Storage.PostgreSql;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage.Import;

namespace CommunicationsCredits.Ledger;

/// <summary>How a ledger is opened.</summary>
public sealed record LedgerOptions
{
    /// <summary>Whether nothing will be written.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The clock; the machine's where none is given.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Who posts (I2): account@machine of the process where nothing is given.</summary>
    public string Actor { get; init; } = $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>The folder of the user's configuration on this machine; the usual one where nothing is given.</summary>
    public string? ConfigurationFolder { get; init; }

    /// <summary>Reads a secret by its name, or answers null; environment variables where nothing is given.</summary>
    public Func<string, string?> Secrets { get; init; } = Environment.GetEnvironmentVariable;
}

/// <summary>
/// An open ledger: what it holds can be read, and operations carried out on it. Safe to use from several threads; other processes
/// may have the same ledger open.
/// </summary>
public sealed class LedgerSession : IDisposable
{
    private readonly LedgerStore _store;
    private readonly Decider _decider;
    private readonly OperationRunner _runner;

    private LedgerSession(LedgerStore store, LedgerOptions options)
    {
        _store = store;
        var clock = options.Clock;
        var configuration = new ConfigurationFolder(options.ConfigurationFolder);
        var gateways = new Gateways(configuration);
        var protection = new TokenProtection(configuration, options.Secrets);
        var means = new RechargeMeans(gateways, protection);
        _decider = new(
            store,
            () => new(options.Actor, Instant.Now(clock)),
            (tenant, trigger, now) => new EvaluateRecharge(tenant, trigger, means, now),
            text => means.Seal(Encoding.UTF8.GetBytes(text)),
            store.LeaveNoTrace);
        var run = new RechargeRun(_decider, means, new AttemptRequests(gateways, protection, new(options.Secrets)).Send);
        _runner = new(_decider, run);
        var books = new RateBooks();

        Tenants = new(store);
        Funds = new(store, clock);
        Rates = new(store, store, books, clock);
        Usage = new(store, new(store, _decider, run, books, clock), Rates);
        Pools = new(store, Rates, clock);
        Recharges = new(store, _runner, gateways, clock);
        Notifications = new(store, _decider, options.Secrets, clock);
        Users = new(store, clock);
        Budgets = new(store, clock);
        Guards = new(store);
        Reports = new(store, clock);
        Audit = new(store);
        Backups = new(this, store, options);
    }

    /// <summary>Where the ledger is: a full path, or the address of a database without any secret.</summary>
    public string Location => _store.Location;

    /// <summary>Whether it was opened for reading only.</summary>
    public bool ReadOnly => _store.ReadOnly;

    /// <summary>The tenants.</summary>
    public TenantService Tenants { get; }

    /// <summary>Funds, balances and the entries behind them.</summary>
    public FundsService Funds { get; }

    /// <summary>What the rates say.</summary>
    public RateService Rates { get; }

    /// <summary>Usage records and their imports.</summary>
    public UsageRecordService Usage { get; }

    /// <summary>Included minutes, and the service gate.</summary>
    public PoolService Pools { get; }

    /// <summary>Auto-recharge and maintenance.</summary>
    public RechargeService Recharges { get; }

    /// <summary>Notifications, and their delivery.</summary>
    public NotificationService Notifications { get; }

    /// <summary>Where users belong.</summary>
    public UserService Users { get; }

    /// <summary>Budgets, and what of them is used.</summary>
    public BudgetService Budgets { get; }

    /// <summary>How the guard watches tenants, and what it has found.</summary>
    public GuardService Guards { get; }

    /// <summary>Statements, forecasts, reports and exports.</summary>
    public ReportService Reports { get; }

    /// <summary>The verification.</summary>
    public AuditService Audit { get; }

    /// <summary>Backup and restore.</summary>
    public BackupService Backups { get; }

    internal LedgerStore Store => _store;

    /// <summary>Opens the ledger in a file, creates it where it is missing, and brings an older one up to date.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="options">How it is opened.</param>
    /// <exception cref="CreditException">
    /// <c>LedgerNotFound</c>, <c>LedgerUnreadable</c>, <c>LedgerTooNew</c>, <c>LedgerReadOnly</c>, <c>LedgerBusy</c>.
    /// </exception>
    public static LedgerSession Open(string path, LedgerOptions? options = null)
    {
        options ??= new();
        return Open(SqliteStore.Open(Path.GetFullPath(path), options.ReadOnly), options);
    }

    /// <summary>Opens the ledger in a PostgreSQL database, and creates it where the database has none.</summary>
    /// <param name="connectionString">Npgsql's connection string; what it says of a password is kept in memory only.</param>
    /// <param name="options">How it is opened.</param>
    /// <exception cref="CreditException">
    /// <c>ConnectionInvalid</c>, <c>LedgerUnreachable</c>, <c>LedgerDenied</c>, <c>LedgerNotFound</c>, <c>LedgerUnreadable</c>, <c>LedgerTooNew</c>,
    /// <c>LedgerBusy</c>.
    /// </exception>
    public static LedgerSession OpenDatabase(string connectionString, LedgerOptions? options = null)
    {
        options ??= new();
        return Open(PgStore.Open(connectionString, options.ReadOnly), options);
    }

    /// <summary>Whether a text that names a ledger is a database's connection string, and not a path.</summary>
    public static bool IsConnectionString(string text) => PgOpening.IsConnectionString(text);

    /// <summary>Refuses a connection string with a password in it: on a command line it would stay in the history.</summary>
    /// <exception cref="CreditException"><c>ConnectionInvalid</c>.</exception>
    public static void RefusePassword(string connectionString) => PgOpening.RefusePassword(connectionString);

    /// <summary>What a connection string leads to, without any secret.</summary>
    /// <exception cref="CreditException"><c>ConnectionInvalid</c>.</exception>
    public static string LocationOf(string connectionString) => PgOpening.LocationOf(PgOpening.Settings(connectionString));

    /// <summary>A connection string with a user and a password in the place of those that it says.</summary>
    /// <exception cref="CreditException"><c>ConnectionInvalid</c>.</exception>
    public static string SignedIn(string connectionString, string user, string password) =>
        PgOpening.SignedIn(connectionString, user, password);

    private static LedgerSession Open(LedgerStore store, LedgerOptions options)
    {
        var session = new LedgerSession(store, options);
        try
        {
            if (!options.ReadOnly)
                FirstOpening.Complete(store, session._decider.Context);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>What this ledger is.</summary>
    /// <param name="seal">The seal that was just made of it; without one it is made for its digest.</param>
    public CreditLedger Describe(LedgerSeal? seal = null)
    {
        using var snapshot = _store.BeginRead();
        return new()
        {
            Kind = _store.Kind,
            Location = Location,
            SchemaVersion = LedgerStore.NewestSchema,
            TenantCount = snapshot.Tenants.Count(),
            ReadOnly = ReadOnly,
            Seal = (seal ?? LedgerSeal.Of(snapshot)).Digest,
        };
    }

    /// <summary>Carries out an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="preview">Whether nothing is kept: it is decided and answered for, and no lock is taken.</param>
    /// <exception cref="CreditException">It is refused; nothing was changed.</exception>
    public T Execute<T>(LedgerOperation<T> operation, bool preview = false)
    {
        var outcome = Execute([operation], preview)[0];
        return outcome.Error is null ? outcome.Result! : throw outcome.Error;
    }

    /// <summary>
    /// Carries out operations in their order as one commit. One that is refused changes nothing, and the others are kept.
    /// </summary>
    /// <param name="operations">The operations.</param>
    /// <param name="preview">Whether nothing is kept: they are decided and answered for, and no lock is taken.</param>
    /// <param name="endsAtRefusal">Whether nothing after a refused operation is carried out.</param>
    /// <param name="cancellation">Ends the wait for a gateway; the next run asks it again.</param>
    /// <returns>What came of each; of those after a refusal that ends the work, nothing.</returns>
    /// <exception cref="CreditException">The ledger cannot be written; nothing was changed.</exception>
    public IReadOnlyList<LedgerOutcome<T>> Execute<T>(
        IReadOnlyList<LedgerOperation<T>> operations, bool preview = false, bool endsAtRefusal = false,
        CancellationToken cancellation = default) => _runner.Execute(operations, preview, endsAtRefusal, cancellation);

    /// <summary>Carries out an operation on many records of a tenant, kept whole or not at all.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="preview">Whether nothing is kept.</param>
    /// <exception cref="CreditException">It is refused; nothing was changed.</exception>
    public T Execute<T>(PartedOperation<T> operation, bool preview = false) => _runner.Execute(operation, preview);

    /// <summary>Carries out a change of the ledger as a whole.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="preview">Whether nothing is kept.</param>
    /// <exception cref="CreditException">It is refused; nothing was changed.</exception>
    public T Execute<T>(LedgerWideOperation<T> operation, bool preview = false) => _decider.Decide(operation, preview);

    /// <summary>
    /// Lets nobody wait any more for a server that is away, until the answer is disposed: what waits, on whatever thread, fails with
    /// <c>LedgerUnreachable</c> instead. Where a commit is in doubt, the error says so.
    /// </summary>
    /// <returns>Ends it; null where the ledger has no server.</returns>
    public IDisposable? StopWaiting() => _store.StopWaiting();

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();
}
