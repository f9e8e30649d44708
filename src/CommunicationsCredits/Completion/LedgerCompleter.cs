using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CommunicationsCredits.Ledger;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Completion;

/// <summary>Completes from the ledger that is open. Completion opens none, and never says what went wrong.</summary>
public abstract class LedgerCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var ledger = RunspaceLedger.Current.TryAcquire() ?? RunspaceLedger.TryOpenExisting();
        if (ledger is null)
            return [];
        try
        {
            return Complete(ledger.Session, Completions.Typed(wordToComplete), fakeBoundParameters).ToList();
        }
        catch (CreditException)
        {
            return [];
        }
        finally
        {
            ledger.Release();
        }
    }

    /// <summary>The completions of what was typed.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="typed">What was typed, without quotes.</param>
    /// <param name="bound">The parameters that the command line has already.</param>
    private protected virtual IEnumerable<CompletionResult> Complete(LedgerSession ledger, string typed, IDictionary bound) =>
        Completions.Matching(Words(ledger), typed);

    /// <summary>What there is to choose from, each with a hint.</summary>
    private protected virtual IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger) => [];
}
