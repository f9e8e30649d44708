using System.Collections;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands.Usage;

/// <summary>What an object on the pipeline turned out to be.</summary>
internal enum UsageObjectKind
{
    /// <summary>A call.</summary>
    Record,

    /// <summary>A row without any value, as a spreadsheet leaves it.</summary>
    Blank,

    /// <summary>A page of Graph, with its records in <c>value</c>, or the answer of a <c>$batch</c>.</summary>
    Page,

    /// <summary>None of these.</summary>
    Other,
}

/// <summary>Reads objects as usage records: what Graph's commands write, a hashtable, a row of a table or of Import-Csv.</summary>
internal sealed class UsageRowReader
{
    private readonly Dictionary<string, UsageField?> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _unknown = [];
    private UsageField? _twice;
    private string?[] _names = new string?[UsageFieldNames.Count];

    /// <summary>Reads an object.</summary>
    public UsageObjectKind Read(PSObject source, out UsageRow row)
    {
        var names = new string?[UsageFieldNames.Count];
        var values = new string?[UsageFieldNames.Count];
        var isAny = false;
        _unknown.Clear();
        _twice = null;
        if (source.BaseObject is IDictionary entries)
        {
            foreach (DictionaryEntry entry in entries)
            {
                if (entry.Key is string name && FieldOf(name) is { } field)
                    isAny |= Set(names, values, field, name, TextOf(field, entry.Value));
            }
        }
        else
        {
            foreach (var property in source.Properties)
            {
                if (FieldOf(property.Name) is { } field)
                    isAny |= Set(names, values, field, property.Name, TextOf(field, property));
            }
        }

        // Rows of one shape share their names.
        if (names.AsSpan().SequenceEqual(_names))
            names = _names;
        else
            _names = names;
        row = new(names, values, _unknown.Count == 0 ? null : [.. _unknown], _twice);
        if (UsageFieldNames.Required.All(field => names[(int)field] is not null))
            return isAny ? UsageObjectKind.Record : UsageObjectKind.Blank;
        return GraphPage.IsPage(source) ? UsageObjectKind.Page : UsageObjectKind.Other;
    }

    /// <summary>The names of all of an object's properties.</summary>
    public static List<string> NamesIn(PSObject source) => source.BaseObject is IDictionary entries
        ? [.. entries.Keys.OfType<string>()]
        : [.. source.Properties.Select(property => property.Name)];

    private bool Set(string?[] names, string?[] values, UsageField field, string name, string? text)
    {
        // Two properties may say one field; the one that says something counts. Of what is billed, two that differ are a guess.
        var isAny = !string.IsNullOrWhiteSpace(text);
        ref var value = ref values[(int)field];
        if (isAny && !string.IsNullOrWhiteSpace(value))
        {
            if (value != text && UsageFieldNames.IsBilled(field))
                _twice = field;
            return true;
        }

        if (names[(int)field] is null || isAny)
            (names[(int)field], value) = (name, text);
        return isAny;
    }

    private UsageField? FieldOf(string name)
    {
        if (_fields.TryGetValue(name, out var known))
            return known;
        if (!UsageFieldNames.TryFind(name, out var field))
            _unknown.Add(name);
        _fields.Add(name, field);
        return field;
    }

    private static string? TextOf(UsageField field, PSPropertyInfo property)
    {
        try
        {
            return TextOf(field, property.Value);
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    private static string? TextOf(UsageField field, object? value)
    {
        if (field == UsageField.AdministrativeUnits && (value is PSObject wrapped ? wrapped.BaseObject : value) is IEnumerable units and not string)
            return string.Join("; ", units.Cast<object?>().Select(NameOf).Where(name => !string.IsNullOrEmpty(name)));
        return PropertyText.Of(value);
    }

    /// <summary>The name of an administrative unit, or its id.</summary>
    private static string? NameOf(object? unit)
    {
        if (unit is null or string)
            return unit as string;
        var source = PSObject.AsPSObject(unit);
        return source.BaseObject is string text ? text : GraphPage.Text(source, "displayName") is { Length: > 0 } name ? name : GraphPage.Text(source, "id");
    }
}
