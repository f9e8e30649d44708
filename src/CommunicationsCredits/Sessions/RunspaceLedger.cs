using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using CommunicationsCredits.Errors;

namespace CommunicationsCredits.Sessions;

/// <summary>The ledger of one runspace: the one it connected to, else the one its surroundings name.</summary>
internal sealed class RunspaceLedger
{
    private const string Variable = "COMMUNICATIONSCREDITS_LEDGER";

    private static readonly ConditionalWeakTable<Runspace, RunspaceLedger> OfRunspaces = [];

    private readonly object _gate = new();
    private SharedLedger? _ledger;

    // What the environment said when the ledger was opened for want of a connection; null for one that was connected to.
    private string? _impliedBy;

    private RunspaceLedger(Runspace runspace) => runspace.StateChanged += (_, change) =>
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
            Replace(null, null);
    };

    /// <summary>That of the runspace of this thread.</summary>
    public static RunspaceLedger Current => OfRunspaces.GetValue(Runspace.DefaultRunspace, runspace => new(runspace));

    /// <summary>Connects to a ledger; where it cannot be opened, what was connected before stays.</summary>
    /// <exception cref="CreditException">It cannot be opened.</exception>
    public void Connect(string path, bool readOnly) => Replace(new(path, readOnly), null);

    /// <summary>Forgets the ledger; it closes once no command uses it any more.</summary>
    public void Disconnect() => Replace(null, null);

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
            var variable = Environment.GetEnvironmentVariable(Variable) ?? string.Empty;
            if (_ledger is null || (_impliedBy is not null && _impliedBy != variable))
                Replace(new(PathOf(variable, paths), readOnly: false), variable);
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
            return File.Exists(path) ? new(path, readOnly: true) : null;
        }
        catch (CreditException)
        {
            return null;
        }
    }

    private static string PathOf(string variable, PathIntrinsics paths)
    {
        if (variable.Length > 0)
            return PowerShellPath.OfLedger(variable, paths);
        var path = DefaultPath();
        try
        {
            // The default folder is made; any other that is missing is a mistake in a path.
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw CreditErrors.NoSuchLedger(
                path, $"has no folder, and it cannot be made: {problem.Message} Connect-CreditLedger takes another path.", problem);
        }

        return path;
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
