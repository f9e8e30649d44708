using System.Text;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>The header of a CSV file of usage: which column holds which field, and what separates columns.</summary>
internal sealed class UsageCsvHeader
{
    private const int MaximumColumns = 4096;

    /// <summary>The separators that are read; the first one that explains the header best is the file's.</summary>
    private static readonly byte[] Separators = ",;\t"u8.ToArray();

    private readonly int[] _columnOfField = new int[UsageFieldNames.Count];
    private readonly string[] _names;

    private UsageCsvHeader(byte[] raw, byte separator, string[] names, int length, int lines)
    {
        (Raw, Separator, Length, Lines, _names) = (raw, separator, length, lines, names);
        Array.Fill(_columnOfField, -1);
    }

    /// <summary>The line as in the source, without its line end.</summary>
    public byte[] Raw { get; }

    /// <summary>What separates the columns.</summary>
    public byte Separator { get; }

    /// <summary>How many columns there are.</summary>
    public int Count => _names.Length;

    /// <summary>How many a line has at least: a spreadsheet may leave out trailing cells that decide nothing (U1).</summary>
    public int FewestColumns { get; private set; }

    /// <summary>The bytes of the source up to the first record.</summary>
    public int Length { get; }

    /// <summary>The physical lines of the source up to the first record.</summary>
    public int Lines { get; }

    /// <summary>What the fields are called here, by <see cref="UsageField"/>; null where the file has none.</summary>
    public string?[] FieldNames { get; } = new string?[UsageFieldNames.Count];

    /// <summary>Which fields there are, and which names are not known.</summary>
    public FieldRemarks Remarks { get; } = new();

    /// <summary>The column that holds a field, or -1.</summary>
    public int ColumnOf(UsageField field) => _columnOfField[(int)field];

    /// <summary>Reads the header that a source begins with.</summary>
    /// <param name="source">What to call the source in an error.</param>
    /// <param name="head">The start of the source: all of it, or more than a record may be long.</param>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: it is no header of usage.</exception>
    public static UsageCsvHeader Read(string source, byte[] head) =>
        TryRead(head, out var header) is { } problem ? throw LedgerErrors.UnknownFormat(source, problem) : header!;

    /// <summary>Reads the header, or says why the source is no usage.</summary>
    public static string? TryRead(byte[] head, out UsageCsvHeader? header)
    {
        header = null;
        var start = 0;
        var lines = 0;
        byte? declared = null;
        var splitter = new CsvRecordSplitter(1, (byte)',');
        for (; ; lines++)
        {
            if (start == head.Length)
                return "it holds nothing but blank lines. Export it again.";
            if (splitter.SplitLine(head, start, head.Length, isLast: true) != CsvSplit.Record)
                return NoEnd;
            var line = CsvLines.Trimmed(head.AsSpan(start, splitter.End - start));
            if (CsvLines.IsDeclaration(line, out var separator))
                declared = separator ?? declared;
            else if (!CsvLines.IsBlank(line))
                break;
            start = splitter.Next;
        }

        if (declared is { } other && !Separators.AsSpan().Contains(other))
            return $"it declares '{(char)other}' as its separator. Save it with commas, semicolons or tabs.";
        foreach (var separator in declared is { } one ? [one] : Separators)
        {
            if (TryRead(head, start, lines, separator) is { } candidate && (header is null || candidate.Known > header.Known))
                header = candidate;
        }

        return header is null ? NoEnd : header.Match();
    }

    private const string NoEnd =
        "its first line is not the header of a usage export: it has no end, or a quote in it is not closed. Export it again.";

    /// <summary>How many of the columns are known.</summary>
    private int Known => _names.Count(name => UsageFieldNames.TryFind(name, out _));

    private static UsageCsvHeader? TryRead(byte[] head, int start, int lines, byte separator)
    {
        var splitter = new CsvRecordSplitter(MaximumColumns, separator);
        if (splitter.Split(head, start, head.Length, isLast: true) != CsvSplit.Record || splitter.Count > MaximumColumns)
            return null;
        var names = new string[splitter.Count];
        for (var column = 0; column < names.Length; column++)
        {
            var slice = splitter.Columns[column];
            names[column] = Encoding.UTF8.GetString(head, slice.Start, slice.Length).Trim('\uFEFF', ' ', '\t', '\u00A0');
        }

        return new(head[start..splitter.End], separator, names, splitter.Next, lines + splitter.Lines);
    }

    /// <summary>Finds the fields' columns; says why this is no usage.</summary>
    private string? Match()
    {
        var known = 0;
        for (var column = 0; column < _names.Length; column++)
        {
            var name = _names[column];
            if (!UsageFieldNames.TryFind(name, out var found))
            {
                Remarks.Unknown(name);
                continue;
            }

            known++;
            if (found is not { } field)
                continue;
            ref var place = ref _columnOfField[(int)field];
            if (place >= 0 && !UsageFieldNames.IsBilled(field))
            {
                // Of two descriptions the first counts.
                Remarks.Unknown(name);
                continue;
            }

            if (place >= 0)
            {
                return OtherReports.Describe(_names) ?? (string.Equals(_names[place], name, StringComparison.OrdinalIgnoreCase)
                    ? $"the column '{name}' is there more than once. Remove one, or export it again."
                    : $"the columns '{_names[place]}' and '{name}' say the same thing, and which of them counts cannot be known. Remove one.");
            }

            place = column;
            FieldNames[(int)field] = name;
            Remarks.Has(field);
        }

        var missing = UsageFieldNames.Required.Where(field => ColumnOf(field) < 0).ToList();
        if (missing.Count > 0)
            return OtherReports.Describe(_names) ?? (known < 2 ? Foreign() : Lacking(missing));
        FewestColumns = 1 + UsageFieldNames.NeverTrimmed.Max(ColumnOf);
        return null;
    }

    private string Foreign()
    {
        if (_names.Length == 1 && _names[0].Split('|', StringSplitOptions.TrimEntries) is { Length: > 2 } parts
            && parts.Any(part => UsageFieldNames.TryFindField(part, out _)))
            return "its columns are separated by bars. Save it with commas, semicolons or tabs.";
        return "its first line has none of the columns of a usage export (UsageId, Start Time, Duration Seconds, Call Type, …), and it is no "
            + "JSON. Give the PSTN usage export of the Teams admin centre, or what Graph getPstnCalls answers.";
    }

    private string Lacking(List<UsageField> missing)
    {
        var format = _names.Contains("id", StringComparer.Ordinal) || ColumnOf(UsageField.StartedAt) is >= 0 and var start
            && _names[start] == UsageFieldNames.All[(int)UsageField.StartedAt].Graph
                ? UsageFormat.GraphPstnCalls
                : UsageFormat.TeamsPstnCsv;
        var names = missing.Select(field => UsageFieldNames.NameOf(field, format)).ToList();
        var unknown = _names.Where(name => name.Length > 0 && !UsageFieldNames.TryFind(name, out _)).ToList();
        return (names.Count == 1 ? $"the column {FieldRemarks.Quoted(names)} is missing" : $"the columns {FieldRemarks.Quoted(names)} are missing")
            + (unknown.Count == 0 ? string.Empty
                : unknown.Count == 1 ? $", and {FieldRemarks.Quoted(unknown)} is not known"
                : $", and {FieldRemarks.Quoted(unknown)} are not known")
            + ". No call can be billed without its id, start, duration and call type. Name these columns as the export does, or export it again.";
    }
}
