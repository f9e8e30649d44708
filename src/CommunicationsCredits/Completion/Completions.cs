using System.Buffers;
using System.Management.Automation;
using System.Management.Automation.Language;
using CommunicationsCredits.Commands;

namespace CommunicationsCredits.Completion;

/// <summary>Makes completions of words.</summary>
internal static class Completions
{
    private const string Quotes = "'\"";
    private static readonly SearchValues<char> Special = SearchValues.Create(" \t'\"`$&|;,(){}[]<>@#*?");

    /// <summary>What was typed, without the quotes that it may have.</summary>
    public static string Typed(string? word) => (word ?? string.Empty).Trim(Quotes.ToCharArray());

    /// <summary>Whether a word begins with what was typed, or matches it.</summary>
    public static bool Matches(string word, string typed) => word.StartsWith(typed, StringComparison.OrdinalIgnoreCase)
        || (WildcardPattern.ContainsWildcardCharacters(typed)
            && NamePattern.Of(typed + "*").IsMatch(word));

    /// <summary>A completion, quoted where it has to be.</summary>
    /// <param name="word">What is inserted.</param>
    /// <param name="shown">What a list shows.</param>
    /// <param name="hint">What is said of it; the word itself where nothing is.</param>
    public static CompletionResult Of(string word, string shown, string hint) =>
        new(Quoted(word), shown, CompletionResultType.ParameterValue, hint.Length == 0 ? word : hint);

    /// <summary>The words that begin with what was typed, or match it.</summary>
    public static IReadOnlyList<CompletionResult> Matching(IEnumerable<(string Word, string Hint)> words, string? typed)
    {
        var begun = Typed(typed);
        return [.. words.Where(word => Matches(word.Word, begun)).Select(word => Of(word.Word, word.Word, word.Hint))];
    }

    private static string Quoted(string word) => word.AsSpan().IndexOfAny(Special) < 0
        ? word
        : "'" + CodeGeneration.EscapeSingleQuotedStringContent(word) + "'";
}
