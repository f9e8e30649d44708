using System.Collections;
using System.Management.Automation;
using CommunicationsCredits.Binding;

namespace CommunicationsCredits.Commands;

/// <summary>Finds the property of an object that leads to a file.</summary>
internal static class FilePathProperty
{
    /// <summary>The only one whose text may hold wildcards.</summary>
    public const string Wild = "Path";

    // Get-ChildItem's objects have both a PSPath and a Path of sorts; the exact one counts.
    private static readonly string[] Names = ["LiteralPath", "PSPath", Wild];

    /// <summary>Finds it, with its text.</summary>
    public static bool TryFind(PSObject source, out (string Property, string Value) path)
    {
        foreach (var name in Names)
        {
            if (source.BaseObject is IDictionary entries)
            {
                if (entries.Contains(name))
                {
                    path = (name, PropertyText.Of(entries[name]) ?? string.Empty);
                    return true;
                }
            }
            else if (source.Properties[name] is { } property)
            {
                path = (name, PropertyText.Of(property) ?? string.Empty);
                return true;
            }
        }

        path = default;
        return false;
    }
}
