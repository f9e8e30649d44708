using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CommunicationsCredits.Completion;

/// <summary>Completes the capabilities whose included minutes are known.</summary>
public sealed class CapabilityCompleter : IArgumentCompleter
{
    private static readonly (string Word, string Hint)[] Known =
    [
        ("MCOPSTN1", "Domestic calling plan"),
        ("MCOPSTN2", "Domestic and international calling plan"),
        ("MCOPSTN5", "Domestic calling plan, 120 minutes"),
        ("MCOPSTN6", "Domestic calling plan, 240 minutes"),
        ("MCOPSTN8", "Calling plan, 120 minutes, each user's own"),
        ("MCOPSTN9", "International calling plan"),
        ("ConferenceDialOut", "Dial-out from conferences to Zone A"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Matching(Known, wordToComplete);
}
