using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Completion;

/// <summary>Completes the names of the payment gateways that this machine knows.</summary>
public sealed class GatewayCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return Completions.Matching(
                Gateways.Of(UserConfiguration.Folder).All().Select(gateway => (gateway.Name, string.Empty)), wordToComplete);
        }
        catch (CreditException)
        {
            return [];
        }
    }
}
