using System.Text;
using CommunicationsCredits.Ledger.Audit;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Rates.Operations;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Storage.PostgreSql;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Time;

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

/// <summary>What came of one of several operations: a result or an error, and what its posting brought with it.</summary>
/// <typeparam name="T">The result's type.</typeparam>
/// <param name="Result">The result, where there is no error.</param>
/// <param name="Error">Why nothing was posted, or null.</param>
/// <param name="Foresight">The recharges and notifications of its tenant that came with it, or would; null where there is no tenant.</param>
public readonly record struct LedgerOutcome<T>(T? Result, CreditException? Error, LedgerForesight? Foresight = null);

/// <summary>
/// An open ledger: what it holds can be read, and operations carried out on it. Safe to use from several threads; other processes
/// may have the same ledger open.
/// </summary>
public sealed partial class LedgerSession : IDisposable
{
    private readonly LedgerOptions _options;
    private readonly string _actor;
    private readonly Func<string, string?> _secrets;

    private LedgerSession(LedgerStore store, LedgerOptions options)
    {
        Store = store;
        _options = options;
        Clock = options.Clock;
        _actor = options.Actor;
        _secrets = options.Secrets;
        var configuration = new ConfigurationFolder(options.ConfigurationFolder);
        Gateways = new(configuration);
        Protection = new(configuration);
        RechargeMeans = new RechargeMeans(Gateways, Protection);
        Decider = new(
            store,
            () => Context,
            (tenant, trigger, now) => new EvaluateRecharge(tenant, trigger, RechargeMeans, now),
            text => RechargeMeans.Seal(Encoding.UTF8.GetBytes(text)),
            store.LeaveNoTrace);
        Recharges = new(this, new(options.Secrets));
    }

    /// <summary>Where the ledger is: a full path, or the address of a database without any secret.</summary>
    public string Location => Store.Location;

    /// <summary>Whether it was opened for reading only.</summary>
    public bool ReadOnly => Store.ReadOnly;

    internal LedgerStore Store { get; }

    internal Decider Decider { get; }

    internal IRechargeMeans RechargeMeans { get; }

    internal RechargeRun Recharges { get; }

    internal RateBooks Rates { get; } = new();

    internal TimeProvider Clock { get; }

    internal Gateways Gateways { get; }

    internal TokenProtection Protection { get; }

    /// <summary>The rates of a currency as they are now.</summary>
    internal RateBook BookOf(string currency)
    {
        using var facts = Store.BeginFacts();
        return Rates.Book(facts, currency);
    }

    internal Instant Now => Instant.From(Clock.GetUtcNow());

    internal PostingContext Context => new(_actor, Now);

    /// <summary>Opens the ledger in a file, creates it where there is none, and brings an older one up to date.</summary>
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
    /// <c>LedgerNotFound</c>, <c>LedgerUnreadable</c>, <c>LedgerTooNew</c>, <c>LedgerBusy</c>.
    /// </exception>
    public static LedgerSession OpenDatabase(string connectionString, LedgerOptions? options = null)
    {
        options ??= new();
        return Open(PgStore.Open(connectionString, options.ReadOnly), options);
    }

    /// <summary>Whether a text that names a ledger is a database's connection string, and not a path.</summary>
    public static bool IsConnectionString(string text) => PgOpening.IsConnectionString(text);

    /// <summary>A connection string with a user and a password in the place of those that it says.</summary>
    /// <exception cref="CreditException"><c>LedgerUnreadable</c>: it is no connection string.</exception>
    public static string SignedIn(string connectionString, string user, string password) =>
        PgOpening.SignedIn(connectionString, user, password);

    private static LedgerSession Open(LedgerStore store, LedgerOptions options)
    {
        var session = new LedgerSession(store, options);
        try
        {
            if (!options.ReadOnly)
                FirstOpening.Complete(store, session.Context);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>What this ledger is.</summary>
    public CreditLedger Describe()
    {
        using var snapshot = Store.BeginRead();
        return new()
        {
            Kind = Store.Kind,
            Location = Location,
            SchemaVersion = LedgerStore.NewestSchema,
            TenantCount = snapshot.Tenants.Count(),
            ReadOnly = ReadOnly,
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
        CancellationToken cancellation = default)
    {
        var decided = Decider.Decide(operations, preview, endsAtRefusal);
        var outcomes = new LedgerOutcome<T>[decided.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var one = decided[i];
            LedgerForesight? foresight = null;
            if (one.Tenant is { } tenant)
            {
                foresight = Foresight.Of(tenant, one.Notified, one.Recharge, one.RechargeProblem);
                if (!preview && one.Recharge is { IsOpen: true } attempt)
                    foresight = foresight with { Recharges = [Recharges.Finish(tenant, attempt, cancellation)] };
            }

            outcomes[i] = new(one.Result, one.Error, foresight);
        }

        return outcomes;
    }

    /// <summary>Carries out an operation on many records of a tenant, kept whole or not at all.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="preview">Whether nothing is kept.</param>
    /// <exception cref="CreditException">It is refused; nothing was changed.</exception>
    public T Execute<T>(PartedOperation<T> operation, bool preview = false) => Decider.Decide(operation, preview).Result!;

    /// <summary>Carries out a change of the ledger as a whole.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="preview">Whether nothing is kept.</param>
    /// <exception cref="CreditException">It is refused; nothing was changed.</exception>
    public T Execute<T>(LedgerWideOperation<T> operation, bool preview = false) => Decider.Decide(operation, preview);

    /// <inheritdoc/>
    public void Dispose() => Store.Dispose();
}
