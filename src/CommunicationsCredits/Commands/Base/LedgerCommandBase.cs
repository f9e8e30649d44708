using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>A command on the ledger of its session: it can be stopped, and reports the ledger's errors by their ids.</summary>
public abstract class LedgerCommandBase : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _onCommandLine = new(StringComparer.OrdinalIgnoreCase);
    private SharedLedger? _ledger;

    /// <summary>Is cancelled when the user stops the pipeline.</summary>
    private protected CancellationToken StopToken => _stop.Token;

    /// <summary>The ledger; opened by the first record that needs it, so that what runs upstream can still connect.</summary>
    private protected LedgerSession Ledger => (_ledger ??= RunspaceLedger.Current.Acquire(SessionState.Path)).Session;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What the command does with one record; what it throws as <see cref="CreditException"/> is reported.</summary>
    private protected abstract void Process();

    /// <summary>What it does when there are no more records.</summary>
    private protected virtual void Finish()
    {
    }

    /// <summary>Whether a parameter was given on the command line, not by a property on the pipeline.</summary>
    internal bool IsOnCommandLine(string parameter) => _onCommandLine.Contains(parameter);

    /// <summary>The text of a parameter, or null for a blank cell on the pipeline, which is as if it were not there.</summary>
    private protected string? ValueOrNull(string? value, string parameter) =>
        string.IsNullOrWhiteSpace(value) && !IsOnCommandLine(parameter) ? null : value;

    /// <summary>The amount of an optional parameter, or null where it was not given.</summary>
    private protected decimal? ValueOrNull(AmountArgument? value, string parameter) =>
        value is null || (value.IsBlank && !IsOnCommandLine(parameter)) ? null : value.Value;

    /// <summary>The instant of an optional parameter, or null where it was not given.</summary>
    private protected DateTimeOffset? ValueOrNull(InstantArgument? value, string parameter) =>
        value is null || (value.IsBlank && !IsOnCommandLine(parameter)) ? null : value.Value;

    /// <summary>Writes each record as it is found, so that a command downstream can end the work.</summary>
    private protected void WriteEach<T>(IEnumerable<T> records)
    {
        foreach (var record in records)
        {
            WriteObject(record);
            if (Stopping)
                return;
        }
    }

    /// <summary>Reports an error: one of the ledger itself ends the command, any other is one record's.</summary>
    /// <param name="error">The error.</param>
    /// <param name="target">What the command was about; where nothing is given, what the error itself names.</param>
    internal void Report(CreditException error, object? target = null)
    {
        if (error.ErrorId.EndsTheLedger())
            ThrowTerminatingError(CreditErrors.ToRecord(error));
        WriteError(CreditErrors.ToRecord(error, target));
    }

    /// <summary>Asks whether to go on with a change. Under -WhatIf the answer is yes, to a change that is undone.</summary>
    /// <param name="what">The change, as in "Add 5.00 to 'contoso.com'".</param>
    /// <param name="preview">Whether it is to be carried out and undone.</param>
    private protected bool Confirm(string what, out bool preview)
    {
        var confirmed = ShouldProcess(what, what + "?", "Confirm", out var reason);
        preview = reason == ShouldProcessReason.WhatIf;
        return confirmed || preview;
    }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _onCommandLine.UnionWith(MyInvocation.BoundParameters.Keys);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        try
        {
            Process();
        }
        catch (CreditException error)
        {
            Report(error);
        }
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        try
        {
            Finish();
        }
        catch (CreditException error)
        {
            Report(error);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Lets go of the ledger.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _ledger?.Release();
        _ledger = null;
        _stop.Dispose();
    }
}
