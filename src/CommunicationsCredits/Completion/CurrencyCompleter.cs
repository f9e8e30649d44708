using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CommunicationsCredits.Ledger.Money;

namespace CommunicationsCredits.Completion;

/// <summary>Completes ISO 4217 codes.</summary>
public sealed class CurrencyCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Matching(Currency.All.Select(code => (code, string.Empty)), wordToComplete);
}
