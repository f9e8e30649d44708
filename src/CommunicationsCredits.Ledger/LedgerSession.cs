using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Storage;
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

/// <summary>What came of one of several commands: a result or an error.</summary>
/// <typeparam name="T">The result's type.</typeparam>
/// <param name="Result">The result, where there is no error.</param>
/// <param name="Error">Why nothing was posted, or null.</param>
public readonly record struct LedgerOutcome<T>(T? Result, CreditException? Error);

/// <summary>Something that changes the ledger. It is carried out by <see cref="LedgerSession"/>, in a transaction.</summary>
/// <typeparam name="T">What it answers with.</typeparam>
public abstract class LedgerCommand<T>
{
    /// <summary>The tenant whose rule is to be evaluated afterwards, because its balance was lowered (R8); or null.</summary>
    internal virtual string? TenantToRecharge => null;

    /// <summary>Whether nothing of what it deletes may be left in the ledger's files (C4).</summary>
    internal virtual bool Erases => false;

    internal abstract T Run(LedgerTransaction tx, LedgerSession ledger);
}

/// <summary>
/// An open ledger: what it holds can be read, and commands carried out on it. Safe to use from several threads; other processes
/// may have the same ledger open.
/// </summary>
public sealed partial class LedgerSession : IDisposable
{
    private readonly string _actor;
    private readonly RechargeService _recharges;
    private readonly Func<string, string?> _secrets;

    private LedgerSession(LedgerFile file, LedgerOptions options)
    {
        File = file;
        Clock = options.Clock;
        _actor = options.Actor;
        _secrets = options.Secrets;
        var configuration = new ConfigurationFolder(options.ConfigurationFolder);
        Gateways = new(configuration);
        Protection = new(configuration);
        _recharges = new(this, new(options.Secrets));
    }

    /// <summary>Where the ledger is: a full path.</summary>
    public string Location => File.Path;

    /// <summary>Whether it was opened for reading only.</summary>
    public bool ReadOnly => File.ReadOnly;

    internal LedgerFile File { get; }

    internal TimeProvider Clock { get; }

    internal Gateways Gateways { get; }

    internal TokenProtection Protection { get; }

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
        return new(LedgerFile.Open(Path.GetFullPath(path), options.ReadOnly), options);
    }

    /// <summary>What this ledger is.</summary>
    public CreditLedger Describe()
    {
        using var tx = File.BeginRead();
        return new()
        {
            Kind = "Sqlite",
            Location = Location,
            SchemaVersion = LedgerFile.NewestSchema,
            TenantCount = tx.Tenants.Count(),
            ReadOnly = ReadOnly,
        };
    }

    /// <summary>Carries out a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="preview">Whether nothing is kept: it is carried out, answered for, and undone.</param>
    /// <exception cref="CreditException">It is refused; nothing was changed.</exception>
    public T Execute<T>(LedgerCommand<T> command, bool preview = false)
    {
        var outcome = Execute([command], preview)[0];
        return outcome.Error is null ? outcome.Result! : throw outcome.Error;
    }

    /// <summary>
    /// Carries out commands in their order as one commit. One that is refused changes nothing, and the others stand.
    /// </summary>
    /// <param name="commands">The commands.</param>
    /// <param name="preview">Whether nothing is kept: they are carried out, answered for, and undone.</param>
    /// <param name="endsAtRefusal">Whether nothing after a refused command is carried out.</param>
    /// <returns>What came of each; of those after a refusal that ends the work, nothing.</returns>
    /// <exception cref="CreditException">The ledger cannot be written; nothing was changed.</exception>
    public IReadOnlyList<LedgerOutcome<T>> Execute<T>(
        IReadOnlyList<LedgerCommand<T>> commands, bool preview = false, bool endsAtRefusal = false)
    {
        var outcomes = Carry(commands, preview, endsAtRefusal);
        if (!preview)
        {
            if (commands.Any(command => command.Erases))
                File.EmptyLog();
            foreach (var tenant in commands.Take(outcomes.Length).Where((_, i) => outcomes[i].Error is null).Select(command => command.TenantToRecharge)
                .OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
                _recharges.RunIfPossible(tenant);
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    private LedgerOutcome<T>[] Carry<T>(IReadOnlyList<LedgerCommand<T>> commands, bool preview, bool endsAtRefusal)
    {
        var outcomes = new LedgerOutcome<T>[commands.Count];
        using var tx = File.BeginWrite();
        for (var i = 0; i < commands.Count; i++)
        {
            var command = commands[i];
            try
            {
                outcomes[i] = new(tx.Attempt(() => command.Run(tx, this)), null);
            }
            catch (CreditException error) when (!error.ErrorId.EndsTheLedger())
            {
                outcomes[i] = new(default, error);
                if (!endsAtRefusal)
                    continue;
                Array.Resize(ref outcomes, i + 1);
                break;
            }
        }

        if (!preview)
            tx.Commit();
        return outcomes;
    }
}
