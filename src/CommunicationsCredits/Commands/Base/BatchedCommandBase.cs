using System.Management.Automation;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger;

namespace CommunicationsCredits.Commands;

/// <summary>A command whose records are changes to the ledger. They are committed in batches, and answered for after that.</summary>
/// <typeparam name="T">What a change answers with.</typeparam>
public abstract class BatchedCommandBase<T> : LedgerCommandBase
    where T : class
{
    private CommandBatch<T>? _batch;
    private CommandBatch<T>? _preview;
    private int _carriedOut;

    /// <summary>Whether what a change answers with is written.</summary>
    private protected abstract bool WritesResults { get; }

    /// <summary>Asks whether to make a change, and accepts it; under -WhatIf, to be undone.</summary>
    /// <param name="target">What it is about: what its error names.</param>
    /// <param name="what">The change in words, as in "Add 5.00 to 'contoso.com'".</param>
    /// <param name="command">The change.</param>
    /// <param name="inWords">The change in words, where they need to know what it comes to.</param>
    private protected void Submit(object target, string what, LedgerOperation<T> command, Func<T, string>? inWords = null)
    {
        LedgerForesight? foresight = null;
        if (IsShown)
        {
            // What cannot be done is refused instead of asked; what was accepted before is in the ledger by then.
            Flush();
            var decided = Ledger.Execute([command], preview: true)[0];
            if (decided.Error is { } refusal)
                throw refusal;
            foresight = decided.Foresight;
            what = inWords?.Invoke(decided.Result!) ?? what;
        }

        if (!Confirm(what, out var isPreview, foresight))
            return;
        if (isPreview)
            (_preview ??= new(Ledger, isPreview: true, isAlone: false, endsAtRefusal: EndsAtError)).Add(target, command);
        else
            (_batch ??= new(Ledger, isPreview: false, isAlone: !MyInvocation.ExpectingInput, endsAtRefusal: EndsAtError)).Add(target, command);
        Write(_batch);
    }

    /// <summary>
    /// Asks whether to make a change that is a commit of its own, and makes it at once, after those that were accepted before.
    /// </summary>
    /// <param name="target">What it is about: what its error names.</param>
    /// <param name="what">The change in words.</param>
    /// <param name="change">Makes it, or tries it where nothing is to be kept.</param>
    /// <param name="inWords">The change in words, where they need to know what it comes to.</param>
    private protected void Submit(object target, string what, Func<bool, T> change, Func<T, string>? inWords = null)
    {
        Flush();
        if (IsShown)
        {
            var foreseen = change(true);
            what = inWords?.Invoke(foreseen) ?? what;
        }

        if (!Confirm(what, out var isPreview))
            return;
        try
        {
            var result = change(isPreview);
            _carriedOut++;
            WarnAbout(result);
            if (WritesResults)
                WriteObject(result);
        }
        catch (CreditException error)
        {
            Report(error, target);
        }
    }

    /// <summary>Reports an error at its place: what was accepted before is carried out, and answered for, first.</summary>
    internal override void Report(CreditException error, object? target = null)
    {
        // An error of the ledger's own is what the batch has failed with, or will.
        if (!error.ErrorId.EndsTheLedger())
            Flush();
        base.Report(Ended(error), target);
    }

    /// <summary>What is to be said of a result, whether it is written or not.</summary>
    private protected virtual void WarnAbout(T result)
    {
    }

    private protected override void Finish()
    {
        Flush();
        _preview?.Commit();
        Write(_preview);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();
        _batch?.CommitQuietly();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _batch?.Dispose();
            _preview?.Dispose();
        }

        base.Dispose(disposing);
    }

    private CreditException Ended(CreditException error) =>
        EndsAtError && MyInvocation.ExpectingInput ? CreditErrors.EndedHere(error, _carriedOut) : error;

    private void Flush()
    {
        _batch?.Commit();
        Write(_batch);
    }

    private void Write(CommandBatch<T>? batch)
    {
        while (batch?.TryTake(out var outcome) == true)
        {
            if (outcome.Error is CreditException error)
            {
                base.Report(Ended(error), outcome.Target);
                continue;
            }

            if (outcome.Error is { } unforeseen)
            {
                WriteError(new(unforeseen, unforeseen.GetType().Name, ErrorCategory.NotSpecified, outcome.Target));
                continue;
            }

            _carriedOut++;
            WarnAbout(outcome.Result!);
            if (WritesResults)
                WriteObject(outcome.Result);
            if (outcome.Foresight is not { } foresight)
                continue;
            if (batch != _preview)
            {
                TellBrought(foresight);
                continue;
            }

            ShowForeseen(foresight);
            if (foresight.RechargeProblem is { } problem)
                WriteWarning($"{Called(foresight.TenantId)} needs a recharge, and it would not be started. {problem.Message}");
        }
    }
}

/// <summary>A batched command that writes its results where asked to.</summary>
/// <typeparam name="T">What a change answers with.</typeparam>
public abstract class PassThruCommandBase<T> : BatchedCommandBase<T>
    where T : class
{
    /// <summary>Writes the result, once it is committed; under -WhatIf, what it would be.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected sealed override bool WritesResults => PassThru;
}
