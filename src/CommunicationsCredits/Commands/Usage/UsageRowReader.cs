using System.Collections;
using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Import;

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
    /// <summary>
    /// Listing all properties of an object that nobody has listed before costs more than all else; asking for those that the object
    /// before had does not. So they are listed where one of them is missing or another name of a field is there, and now and then.
    /// </summary>
    private const int ListEvery = 256;

    private readonly Dictionary<string, UsageField?> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _unknown = [];
    private UsageField? _twice;
    private bool _isRouted;
    private Shape? _shape;
    private int _sinceListed;
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
        else if (_shape is { } shape && ++_sinceListed % ListEvery != 0 && shape.TryRead(source.Properties, values, out isAny))
        {
            row = new(shape.Names, values);
            return isAny ? UsageObjectKind.Record : UsageObjectKind.Blank;
        }
        else
        {
            foreach (var property in source.Properties)
            {
                if (FieldOf(property.Name) is { } field)
                    isAny |= Set(names, values, field, property.Name, TextOf(field, property));
            }

            _shape = Shape.Of(names, source.Properties);
        }

        // Rows of one shape share their names.
        if (names.AsSpan().SequenceEqual(_names))
        {
            names = _names;
        }
        else
        {
            // The objects of a pipeline are mostly of one kind: what they are is looked at where they change.
            _names = names;
            _isRouted = UsageObjectImport.IsDirectRouting(NamesIn(source));
        }

        row = new(names, values, _unknown.Count == 0 ? null : [.. _unknown], _twice);
        if (UsageFieldNames.Required.All(field => names[(int)field] is not null))
        {
            if (_isRouted)
            {
                _shape = null;
                return UsageObjectKind.Other;
            }

            return isAny ? UsageObjectKind.Record : UsageObjectKind.Blank;
        }

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

    /// <summary>The properties that objects of a pipeline mostly have.</summary>
    private sealed class Shape
    {
        private readonly (UsageField Field, string Name)[] _present;
        private readonly string[] _absent;

        private Shape(string?[] names)
        {
            Names = names;
            _present = [.. UsageFieldNames.All.Where(known => names[(int)known.Field] is not null).Select(known => (known.Field, names[(int)known.Field]!))];

            // Of what decides a bill every name is looked for, of the rest those of the two sources.
            _absent =
            [
                .. UsageFieldNames.All.Where(known => names[(int)known.Field] is null)
                    .SelectMany(known => UsageFieldNames.IsBilled(known.Field)
                        ? known.Others.Prepend(known.Graph).Prepend(known.AdminCentre) : [known.AdminCentre, known.Graph])
                    .SelectMany(name => (string[])[name, name.Replace(" ", string.Empty, StringComparison.Ordinal)])
                    .Distinct(StringComparer.OrdinalIgnoreCase),
            ];
        }

        /// <summary>What each field is called; null without one.</summary>
        public string?[] Names { get; }

        /// <summary>The shape of a call, or null where it is not one, or two of its properties say one field.</summary>
        public static Shape? Of(string?[] names, PSMemberInfoCollection<PSPropertyInfo> properties)
        {
            var fields = 0;
            foreach (var property in properties)
            {
                if (UsageFieldNames.TryFindField(property.Name, out _))
                    fields++;
            }

            return fields == names.Count(name => name is not null) && UsageFieldNames.Required.All(field => names[(int)field] is not null)
                ? new(names) : null;
        }

        /// <summary>Reads an object, unless it has other properties.</summary>
        public bool TryRead(PSMemberInfoCollection<PSPropertyInfo> properties, string?[] values, out bool isAny)
        {
            isAny = false;
            foreach (var (field, name) in _present)
            {
                if (properties[name] is not { } property)
                {
                    Array.Clear(values);
                    return false;
                }

                var text = TextOf(field, property);
                values[(int)field] = text;
                isAny |= !string.IsNullOrWhiteSpace(text);
            }

            foreach (var name in _absent)
            {
                if (properties[name] is not null)
                {
                    Array.Clear(values);
                    return false;
                }
            }

            return true;
        }
    }
}
