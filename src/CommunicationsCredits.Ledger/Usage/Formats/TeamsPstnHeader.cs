using System.Text;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>The header of a Teams admin centre export: which column holds which field.</summary>
internal sealed class TeamsPstnHeader
{
    private const int MaximumColumns = 4096;

    private readonly int[] _columnOfField = new int[UsageFields.Count];

    private TeamsPstnHeader(byte[] raw, int count, int length, int lines) =>
        (Raw, Count, Length, Lines) = (raw, count, length, lines);

    /// <summary>The line as it stands in the source, without its line end.</summary>
    public byte[] Raw { get; }

    /// <summary>How many columns there are.</summary>
    public int Count { get; }

    /// <summary>The bytes of the source up to the first record.</summary>
    public int Length { get; }

    /// <summary>The physical lines of the source up to the first record.</summary>
    public int Lines { get; }

    /// <summary>The column that holds a field.</summary>
    public int ColumnOf(UsageField field) => _columnOfField[(int)field];

    /// <summary>Reads the header that a source begins with.</summary>
    /// <param name="source">What to call the source in an error.</param>
    /// <param name="head">The start of the source: all of it, or more than a record may be long.</param>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: it is no header of such an export.</exception>
    public static TeamsPstnHeader Read(string source, byte[] head)
    {
        var splitter = new CsvRecordSplitter(MaximumColumns);
        int start = 0, lines = 0;
        while (true)
        {
            if (start == head.Length)
                throw LedgerErrors.UnknownFormat(source, "it holds nothing but blank lines. Export it again.");
            if (splitter.Split(head, start, head.Length, isLast: true) != CsvSplit.Record || splitter.Count > MaximumColumns)
            {
                throw LedgerErrors.UnknownFormat(
                    source,
                    "its first line is not the header of a Teams PSTN export: it has no end, or a quote in it is not closed.");
            }

            lines += splitter.Lines;
            if (head.AsSpan(start, splitter.End - start).IndexOfAnyExcept((byte)' ', (byte)'\t') >= 0)
                break;
            start = splitter.Next;
        }

        var names = new string[splitter.Count];
        for (var column = 0; column < names.Length; column++)
        {
            var slice = splitter.Columns[column];
            names[column] = Encoding.UTF8.GetString(head, slice.Start, slice.Length).Trim();
        }

        var header = new TeamsPstnHeader(head[start..splitter.End], names.Length, splitter.Next, lines);
        header.Match(source, names);
        return header;
    }

    private void Match(string source, string[] names)
    {
        var missing = new List<string>();
        var repeated = new List<string>();
        foreach (var (name, field) in UsageFields.TeamsColumns)
        {
            var column = Array.FindIndex(names, found => IsSame(found, name));
            if (column < 0)
                missing.Add(name);
            else if (Array.FindIndex(names, column + 1, found => IsSame(found, name)) >= 0)
                repeated.Add(name);
            else if (field is { } known)
                _columnOfField[(int)known] = column;
        }

        if (missing.Count == 0 && repeated.Count == 0)
            return;
        throw LedgerErrors.UnknownFormat(
            source,
            missing.Count == UsageFields.TeamsColumns.Count ? Foreign(names) : Faulty(names, missing, repeated));
    }

    private static string Foreign(string[] names)
    {
        if (names.Length == 1)
        {
            foreach (var (separator, shown) in new[] { (';', "semicolons"), ('\t', "tabs"), ('|', "bars") })
            {
                if (names[0].Split(separator, StringSplitOptions.TrimEntries) is { Length: > 2 } parts
                    && UsageFields.TeamsColumns.Any(column => parts.Contains(column.Name, StringComparer.OrdinalIgnoreCase)))
                {
                    return $"its columns are separated by {shown}, as a spreadsheet may save it. Export it again, with commas.";
                }
            }
        }

        return names.Any(name => IsSame(name, "Prefix"))
            ? "it looks like a rate list, not usage. Import-CreditRate reads those."
            : "its first line has none of the columns of a Teams PSTN export (UsageId, Call ID, Conference ID, …), and it is no "
                + "JSON. Give the PSTN usage export of the Teams admin centre, or what Graph getPstnCalls answers.";
    }

    private static string Faulty(string[] names, List<string> missing, List<string> repeated)
    {
        var reason = new StringBuilder();
        if (missing.Count > 0)
        {
            reason.Append(missing.Count == 1 ? "the column " : "the columns ").Append(Quoted(missing))
                .Append(missing.Count == 1 ? " is missing" : " are missing");
            var unknown = names.Where(name => !UsageFields.TeamsColumns.Any(column => IsSame(name, column.Name))).ToList();
            if (unknown.Count > 0)
                reason.Append(", and ").Append(Quoted(unknown)).Append(unknown.Count == 1 ? " is not known" : " are not known");
        }

        if (repeated.Count > 0)
        {
            reason.Append(reason.Length > 0 ? "; " : string.Empty)
                .Append(repeated.Count == 1 ? "the column " : "the columns ").Append(Quoted(repeated))
                .Append(repeated.Count == 1 ? " is there more than once" : " are there more than once");
        }

        return reason.Append(". Name each column as the Teams admin centre does, once, or export it again.").ToString();
    }

    private static string Quoted(List<string> names)
    {
        const int most = 5;
        const int longest = 40;
        var shown = names.Take(most).Select(name => name.Length > longest ? $"'{name[..longest]}…'" : $"'{name}'");
        return string.Join(", ", shown) + (names.Count > most ? " …" : string.Empty);
    }

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
