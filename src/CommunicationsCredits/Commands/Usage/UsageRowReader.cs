using System.Collections;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>Reads objects as usage records: what Graph's commands write, a hashtable, or a row of Import-Csv.</summary>
internal sealed class UsageRowReader
{
    private static readonly string[] TeamsNames = NamesIn(UsageFormat.TeamsPstnCsv);
    private static readonly string[] GraphNames = NamesIn(UsageFormat.GraphPstnCalls);

    // What each field was called last. Asking an object for a property by its name is cheap where it is there, less so where it
    // is not, and listing all its properties costs more than all else; objects on one pipeline mostly have the same ones.
    private string[] _names = TeamsNames;

    /// <summary>Reads an object, unless it is none of a call but leads to a file.</summary>
    public bool TryRead(PSObject source, out UsageRow row, out (string Property, string Value) path)
    {
        path = default;
        row = source.BaseObject is IDictionary entries ? Read(entries) : Read(source.Properties);
        return IsOfCall(row) || !FilePathProperty.TryFind(source, out path);
    }

    private static bool IsOfCall(in UsageRow row) =>
        row.Values[(int)UsageField.RecordId] is not null && row.Values[(int)UsageField.StartedAt] is not null;

    private static string[] NamesIn(UsageFormat format)
    {
        var names = new string[UsageFields.Count];
        for (var field = 0; field < names.Length; field++)
            names[field] = UsageFields.NameOf((UsageField)field, format);
        return names;
    }

    private static UsageRow Read(IDictionary entries)
    {
        var values = new string?[UsageFields.Count];
        var names = (string[])TeamsNames.Clone();
        foreach (DictionaryEntry entry in entries)
        {
            if (entry.Key is not string name)
                continue;
            for (var field = 0; field < values.Length; field++)
            {
                if (IsSame(name, TeamsNames[field]) || IsSame(name, GraphNames[field]))
                {
                    names[field] = name;
                    values[field] = PropertyText.Of(entry.Value);
                }
            }
        }

        return new(names, values);
    }

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private UsageRow Read(PSMemberInfoCollection<PSPropertyInfo> properties)
    {
        var values = new string?[UsageFields.Count];
        for (var field = 0; field < values.Length; field++)
        {
            var property = properties[_names[field]];
            if (property is null)
            {
                var other = OtherName(field);
                property = properties[other];
                if (property is null)
                    continue;

                // Rows made before keep the names they were made with.
                _names = [.. _names];
                _names[field] = other;
            }

            values[field] = PropertyText.Of(property);
        }

        return new(_names, values);
    }

    private string OtherName(int field) =>
        ReferenceEquals(_names[field], TeamsNames[field]) ? GraphNames[field] : TeamsNames[field];
}
