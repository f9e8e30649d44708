using System.Text;
using System.Text.Json;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>What a property of a JSON answer is.</summary>
internal enum JsonName : byte
{
    /// <summary>None that matters.</summary>
    Other,

    /// <summary>A field of a record.</summary>
    Field,

    /// <summary>A page's records, or a batch's responses.</summary>
    Values,

    /// <summary>A response's body.</summary>
    Body,

    /// <summary>That there is another page.</summary>
    NextLink,

    /// <summary>That Graph refused the request.</summary>
    Error,
}

/// <summary>
/// Finds what a property is by its name, in any case and spelling. Records of one source have the same names in the same order, so a
/// name is looked up once: after that its bytes are compared with those that stood there before.
/// </summary>
/// <param name="remarks">Is given the names that are not known.</param>
internal sealed class JsonNames(FieldRemarks remarks)
{
    private const int MostKept = 512;
    private const int LongestName = 128;

    private readonly Dictionary<string, Known> _byName = new(StringComparer.Ordinal);
    private readonly List<string> _unknown = [];
    private readonly Known[] _byPosition = new Known[64];

    /// <summary>What the property that the reader is at is.</summary>
    /// <param name="reader">The reader, at the name.</param>
    /// <param name="position">How many properties of the object come before it.</param>
    /// <param name="field">The field, where it is one.</param>
    public JsonName Find(ref Utf8JsonReader reader, int position, out UsageField field)
    {
        ref var memo = ref _byPosition[Math.Min(position, _byPosition.Length - 1)];
        if (memo.Name is null || reader.ValueIsEscaped || !reader.ValueSpan.SequenceEqual(memo.Name))
            memo = Look(ref reader);
        field = memo.Field;
        return memo.Kind;
    }

    /// <summary>The names found since the last call are those of a record: what is not known of them is worth a remark.</summary>
    public void KeepUnknown()
    {
        foreach (var name in _unknown)
            remarks.Unknown(name);
        _unknown.Clear();
    }

    /// <summary>The names found since the last call are those of a page or a response.</summary>
    public void DropUnknown() => _unknown.Clear();

    private Known Look(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestName)
            return default;
        string name;
        try
        {
            name = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: no name that is known has them.
            return default;
        }

        if (_byName.TryGetValue(name, out var known))
            return known;
        known = Classify(name);
        if (_byName.Count < MostKept)
            _byName.Add(name, known);
        return known;
    }

    private Known Classify(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (UsageFieldNames.TryFind(name, out var found))
        {
            if (found is not { } field)
                return new(bytes, JsonName.Other, default);
            remarks.Has(field);
            return new(bytes, JsonName.Field, field);
        }

        var kind = UsageFieldNames.KeyOf(name) switch
        {
            "value" or "responses" => JsonName.Values,
            "body" => JsonName.Body,
            "odatanextlink" or "nextlink" => JsonName.NextLink,
            "error" => JsonName.Error,
            _ => JsonName.Other,
        };
        if (kind == JsonName.Other)
            _unknown.Add(name);
        return new(bytes, kind, default);
    }

    private readonly record struct Known(byte[]? Name, JsonName Kind, UsageField Field);
}
