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
        || WildcardPattern.Get(asked, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch(name);
}
