using System.Buffers;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CommunicationsCredits.Completion;

/// <summary>Makes completions of words.</summary>
internal static class Completions
{
    private const string Quotes = "'\"";
    private static readonly SearchValues<char> Special = SearchValues.Create(" \t'\"`$&|;,(){}[]<>@#*?");

    /// <summary>The words that begin with what was typed, or match it.</summary>
    public static IReadOnlyList<CompletionResult> Matching(IEnumerable<(string Word, string Hint)> words, string? typed)
    {
        var begun = (typed ?? string.Empty).Trim(Quotes.ToCharArray());
        var pattern = WildcardPattern.Get(begun + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        var results = new List<CompletionResult>();
        foreach (var (word, hint) in words)
        {
            if (word.StartsWith(begun, StringComparison.OrdinalIgnoreCase) || pattern.IsMatch(word))
                results.Add(new(Quoted(word), word, CompletionResultType.ParameterValue, hint.Length == 0 ? word : hint));
        }

        return results;
    }

    private static string Quoted(string word) => word.AsSpan().IndexOfAny(Special) < 0
        ? word
        : "'" + CodeGeneration.EscapeSingleQuotedStringContent(word) + "'";
}
