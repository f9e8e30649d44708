using System.Collections;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>Reads objects as usage records: what Graph's commands write, a hashtable, or a row of Import-Csv.</summary>
internal sealed class UsageRowReader
{
    // A property's name is looked up once; objects on one pipeline mostly have the same ones.
    private readonly Dictionary<string, Use> _uses = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<string?> _values = [];
    private string[] _shape = [];

    private enum Use
    {
        None,
        Read,
        Path,
    }

    /// <summary>Reads an object, unless one of its properties leads to a file.</summary>
    public bool TryRead(PSObject source, out UsageRow row, out (string Property, string Value) path)
    {
        _names.Clear();
        _values.Clear();
        path = default;
        row = default;
        if (source.BaseObject is IDictionary entries)
        {
            foreach (DictionaryEntry entry in entries)
            {
                if (entry.Key is string name && !Take(name, entry.Value, ref path))
                    return false;
            }
        }
        else
        {
            foreach (var property in source.Properties)
            {
                var use = UseOf(property.Name);
                if (use != Use.None && !Take(property.Name, use, PropertyText.Of(property), ref path))
                    return false;
            }
        }

        if (!_names.SequenceEqual(_shape))
            _shape = [.. _names];
        row = new(_shape, [.. _values]);
        return true;
    }

    private bool Take(string name, object? value, ref (string Property, string Value) path) =>
        UseOf(name) is not (not Use.None and var use) || Take(name, use, PropertyText.Of(value), ref path);

    private bool Take(string name, Use use, string? text, ref (string Property, string Value) path)
    {
        if (use == Use.Path)
        {
            path = (name, text ?? string.Empty);
            return false;
        }

        _names.Add(name);
        _values.Add(text);
        return true;
    }

    private Use UseOf(string name)
    {
        if (_uses.TryGetValue(name, out var use))
            return use;
        use = name.ToUpperInvariant() is "PATH" or "LITERALPATH" or "PSPATH" ? Use.Path
            : UsageObjectImport.Reads(name) ? Use.Read
            : Use.None;
        _uses.Add(name, use);
        return use;
    }
}
