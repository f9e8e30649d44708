using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger;

namespace CommunicationsCredits.Sessions;

/// <summary>The ledger of one runspace: the one it connected to, else the one its surroundings name.</summary>
internal sealed class RunspaceLedger
{
    private const string Variable = "COMMUNICATIONSCREDITS_LEDGER";

    private static readonly ConditionalWeakTable<Runspace, RunspaceLedger> OfRunspaces = [];

    // How often any runspace of this process has connected: all that they know of each other.
    private static int _connections;

    private readonly object _gate = new();
    private SharedLedger? _ledger;

    // What the environment said when the ledger was opened for want of a connection; null for one that was connected to.
    private string? _impliedBy;

    // Why the last Connect-CreditLedger failed; nothing may be written to any other ledger until one succeeds.
    private string? _failure;
    private bool _hasConnected;

    private RunspaceLedger(Runspace runspace) => runspace.StateChanged += (_, change) =>
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
            Replace(null, null);
    };

    /// <summary>That of the runspace of this thread.</summary>
    public static RunspaceLedger Current => OfRunspaces.GetValue(Runspace.DefaultRunspace, runspace => new(runspace));

    /// <summary>Connects to a ledger. Where it cannot be opened, the session has none: nothing is written to a ledger that was not meant.</summary>
    /// <param name="open">Opens the ledger.</param>
    /// <exception cref="CreditException">It cannot be opened.</exception>
    public void Connect(Func<SharedLedger> open)
    {
        _hasConnected = true;
        Interlocked.Increment(ref _connections);
        try
        {
            Replace(open(), null);
            _failure = null;
        }
        catch (CreditException problem)
        {
            Replace(null, null);
            _failure = problem.Message;
            throw;
        }
    }

    /// <summary>Forgets the ledger, if any; it closes once no command uses it any more.</summary>
    public void Disconnect()
    {
        _failure = null;
        Replace(null, null);
    }

    /// <summary>The ledger that is open, or null; the caller releases it.</summary>
    public SharedLedger? TryAcquire()
    {
        lock (_gate)
            return _ledger?.TryAcquire() == true ? _ledger : null;
    }

    /// <summary>The ledger, opened where none is; the caller releases it.</summary>
    /// <param name="paths">What a path in the environment is relative to.</param>
    /// <exception cref="CreditException">It cannot be opened.</exception>
    public SharedLedger Acquire(PathIntrinsics paths)
    {
        lock (_gate)
        {
            if (_failure is not null)
                throw CreditErrors.ConnectFailed(_failure);
            var variable = Environment.GetEnvironmentVariable(Variable) ?? string.Empty;
            if (_ledger is null && variable.Length == 0 && !_hasConnected && Volatile.Read(ref _connections) > 0)
                throw CreditErrors.ConnectHere();
            if (_ledger is null || (_impliedBy is not null && _impliedBy != variable))
                Replace(
                    LedgerSession.IsConnectionString(variable)
                        ? SharedLedger.OpenDatabase(variable, readOnly: false)
                        : new(PathOf(variable, paths), readOnly: false),
                    variable);
            _ledger!.TryAcquire();
            return _ledger;
        }
    }

    /// <summary>Where the ledger is when nothing else is said.</summary>
    public static string DefaultPath() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "CommunicationsCredits",
        "ledger.db");

    /// <summary>The ledger that would be opened, where its file is there already; for reading only, outside of the session.</summary>
    public static SharedLedger? TryOpenExisting()
    {
        var variable = Environment.GetEnvironmentVariable(Variable);
        var path = string.IsNullOrEmpty(variable) ? DefaultPath() : variable;
        try
        {
            if (LedgerSession.IsConnectionString(path))
                return SharedLedger.OpenDatabase(path, readOnly: true);
            return File.Exists(path) ? new(path, readOnly: true) : null;
        }
        catch (CreditException)
        {
            return null;
        }
    }

    private static string PathOf(string variable, PathIntrinsics paths)
    {
        var path = variable.Length > 0 ? PowerShellPath.OfLedger(variable, paths) : DefaultPath();
        return File.Exists(path) ? path : throw CreditErrors.NoLedgerYet(path);
    }

    private void Replace(SharedLedger? ledger, string? impliedBy)
    {
        SharedLedger? before;
        lock (_gate)
        {
            before = _ledger;
            (_ledger, _impliedBy) = (ledger, impliedBy);
        }

        before?.Release();
    }
}
