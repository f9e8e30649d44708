using System.Text;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>
/// Which fields a source has, and which names in it are not known: what one warning a file says (U1). CSV knows at its header,
/// JSON and objects when they end.
/// </summary>
internal sealed class FieldRemarks
{
    private const int MostShown = 6;
    private const int MostKept = 64;
    private const int LongestName = 40;

    private readonly bool[] _has = new bool[UsageFieldNames.Count];
    private readonly List<string> _unknown = [];
    private readonly HashSet<string> _unknownKeys = new(StringComparer.Ordinal);

    /// <summary>How many fields were not UTF-8, and were read as Windows-1252.</summary>
    public long Windows1252 { get; set; }

    /// <summary>Notes that the source has a field.</summary>
    public void Has(UsageField field) => _has[(int)field] = true;

    /// <summary>Notes a name that belongs to no field.</summary>
    public void Unknown(string name)
    {
        if (_unknown.Count < MostKept && name.Length > 0 && name[0] != '@' && _unknownKeys.Add(UsageFieldNames.KeyOf(name)))
            _unknown.Add(name);
    }

    /// <summary>The warning, or null where there is nothing to say.</summary>
    /// <param name="source">What to call the source.</param>
    /// <param name="format">Whose names are shown for what is missing.</param>
    /// <param name="noun">What a field is called there: column or property.</param>
    public string? Warning(string source, UsageFormat format, string noun)
    {
        var missing = UsageFieldNames.Important.Where(field => !_has[(int)field])
            .Select(field => UsageFieldNames.NameOf(field, format)).ToList();
        var text = new StringBuilder();
        if (missing.Count > 0)
            text.Append("it has no ").Append(noun).Append(' ').Append(Quoted(missing)).Append(", so what is billed may differ");
        if (_unknown.Count > 0)
        {
            text.Append(text.Length > 0 ? "; " : string.Empty)
                .Append(_unknown.Count == 1 ? $"the {noun} " : $"the {Plural(noun)} ").Append(Quoted(_unknown))
                .Append(_unknown.Count == 1 ? " is not known and was not read" : " are not known and were not read");
        }

        if (Windows1252 > 0)
        {
            text.Append(text.Length > 0 ? "; " : string.Empty)
                .Append(System.Globalization.CultureInfo.InvariantCulture, $"{Windows1252:N0} field(s) were not UTF-8 and were read as Windows-1252");
        }

        return text.Length == 0 ? null : $"{source}: {text}.";
    }

    /// <summary>The names in quotes, the first few of them.</summary>
    public static string Quoted(IReadOnlyCollection<string> names)
    {
        var shown = names.Take(MostShown).Select(name => name.Length > LongestName ? $"'{name[..LongestName]}…'" : $"'{name}'");
        return string.Join(", ", shown) + (names.Count > MostShown ? " …" : string.Empty);
    }

    private static string Plural(string noun) => noun.EndsWith('y') ? noun[..^1] + "ies" : noun + "s";
}
