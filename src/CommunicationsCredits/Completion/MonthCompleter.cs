using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CommunicationsCredits.Completion;

/// <summary>Completes months: this one, and the 24 before it.</summary>
public sealed class MonthCompleter : IArgumentCompleter
{
    private const int Months = 25;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Completions.Matching(
            Enumerable.Range(0, Months).Select(back => now.AddMonths(-back)).Select(month =>
                (month.ToString("yyyy-MM", CultureInfo.InvariantCulture), month.ToString("MMMM yyyy", CultureInfo.InvariantCulture))),
            wordToComplete);
    }
}
