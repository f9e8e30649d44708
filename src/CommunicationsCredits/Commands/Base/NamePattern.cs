using System.Management.Automation;

namespace CommunicationsCredits.Commands;

/// <summary>Tells what was asked for by name.</summary>
internal static class NamePattern
{
    /// <summary>Whether a name is one of those asked for, in whatever case, or matches one; where none was, every name is.</summary>
    public static bool Matches(string[]? asked, string name) => asked is null || asked.Any(one => Matches(one, name));

    /// <summary>Whether a name is the one asked for, in whatever case, or matches it.</summary>
    public static bool Matches(string asked, string name) =>
        string.Equals(name, asked, StringComparison.OrdinalIgnoreCase)
        || Of(asked).IsMatch(name);

    /// <summary>Whether a text is a pattern; one with a bracket that nothing closes is a name.</summary>
    public static bool IsPattern(string text) => WildcardPattern.ContainsWildcardCharacters(text) && TryRead(text) is not null;

    /// <summary>The pattern that a text is; one that is none matches itself.</summary>
    public static WildcardPattern Of(string text) => TryRead(text) ?? Read(WildcardPattern.Escape(text));

    private static WildcardPattern? TryRead(string text)
    {
        try
        {
            // A pattern is read when it is first used.
            var pattern = Read(text);
            _ = pattern.IsMatch(string.Empty);
            return pattern;
        }
        catch (WildcardPatternException)
        {
            return null;
        }
    }

    private static WildcardPattern Read(string text) => WildcardPattern.Get(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
}
