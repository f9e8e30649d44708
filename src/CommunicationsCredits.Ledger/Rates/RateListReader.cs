using System.Text;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>
/// Reads a rate list: CSV, or objects, with <c>Prefix</c> and <c>Price / min</c> (or <c>PricePerMinute</c>), and optionally
/// <c>Destination Name</c> and <c>Country</c>; other columns are ignored (G2).
/// </summary>
public sealed class RateListReader
{
    private const int LongestPrefix = 20;
    private const int LongestText = 200;
    private const int MostColumns = 256;
    private const long LongestFile = 256L * 1024 * 1024;

    private readonly string _source;
    private readonly List<RateRow> _rows = [];
    private readonly List<CreditException> _problems = [];
    private readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);

    /// <summary>Starts a list.</summary>
    /// <param name="source">What it is read from, for messages.</param>
    public RateListReader(string source) => _source = source;

    /// <summary>What is wrong with its rows: <c>RateRejected</c> errors that name the line.</summary>
    public IReadOnlyList<CreditException> Problems => _problems;

    internal IReadOnlyList<RateRow> Rows => _rows;

    internal string Source => _source;

    /// <summary>The names a column, or a property, may have.</summary>
    private static readonly Dictionary<string, Field> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Prefix"] = Field.Prefix,
        ["Price / min"] = Field.Price,
        ["PricePerMinute"] = Field.Price,
        ["Destination Name"] = Field.Destination,
        ["DestinationName"] = Field.Destination,
        ["Destination"] = Field.Destination,
        ["Country"] = Field.Country,
    };

    private enum Field
    {
        Prefix,
        Price,
        Destination,
        Country,
    }

    /// <summary>Reads a CSV file.</summary>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: it is no rate list, or cannot be read.</exception>
    public static RateListReader ReadFile(string path)
    {
        var list = new RateListReader(Path.GetFileName(path));
        list.ReadCsv(ReadUtf8(path));
        return list;
    }

    /// <summary>Adds an object's properties as a row.</summary>
    /// <param name="line">The object's number, from 1 on.</param>
    /// <param name="property">Gives the text of a property, or null where there is none.</param>
    public void Add(long line, Func<string, string?> property)
    {
        var fields = new string?[Enum.GetValues<Field>().Length];
        foreach (var (name, field) in Names)
            fields[(int)field] ??= property(name);
        Add(line, fields);
    }

    private static byte[] ReadUtf8(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LongestFile)
                throw LedgerErrors.UnknownFormat(Path.GetFileName(path), "it is too large to be a rate list.");
            using var reader = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            return Encoding.UTF8.GetBytes(reader.ReadToEnd());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw LedgerErrors.UnknownFormat(path, $"it cannot be read: {problem.Message}");
        }
    }

    private void ReadCsv(byte[] text)
    {
        var splitter = new CsvRecordSplitter(MostColumns);
        var columns = new Field?[MostColumns];
        var count = 0;
        long line = 1;
        for (var at = 0; at < text.Length; line += splitter.Lines)
        {
            var split = splitter.Split(text, at, text.Length, isLast: true);
            if (split != CsvSplit.Record)
            {
                if (count == 0)
                    throw NotAList();
                Reject(line, "a quote is not closed, or the line is too long");
                if (splitter.SplitLine(text, at, text.Length, isLast: true) != CsvSplit.Record)
                    return;
            }
            else if (splitter.End > at && count == 0)
            {
                count = splitter.Count;
                ReadHeader(text, splitter, columns);
            }
            else if (splitter.End > at)
            {
                ReadRow(text, splitter, columns, count, line);
            }

            at = splitter.Next;
        }

        if (count == 0)
            throw NotAList();
    }

    private void ReadHeader(byte[] text, CsvRecordSplitter splitter, Field?[] columns)
    {
        for (var i = 0; i < splitter.Columns.Length; i++)
        {
            var name = Text(text, splitter, i);
            if (!Names.TryGetValue(name, out var field))
                continue;
            if (Array.IndexOf(columns, field) >= 0)
                throw LedgerErrors.UnknownFormat(_source, $"the column '{name}' is there twice; which of them counts cannot be known.");
            columns[i] = field;
        }

        if (Array.IndexOf(columns, Field.Prefix) < 0 || Array.IndexOf(columns, Field.Price) < 0)
            throw NotAList();
    }

    private void ReadRow(byte[] text, CsvRecordSplitter splitter, Field?[] columns, int count, long line)
    {
        if (splitter.Count != count)
        {
            Reject(line, $"it has {splitter.Count} columns, and the header has {count}");
            return;
        }

        var fields = new string?[Enum.GetValues<Field>().Length];
        for (var i = 0; i < splitter.Columns.Length; i++)
        {
            if (columns[i] is { } field)
                fields[(int)field] = Text(text, splitter, i);
        }

        Add(line, fields);
    }

    private void Add(long line, string?[] fields)
    {
        var prefix = fields[(int)Field.Prefix]?.Trim().TrimStart('+') ?? string.Empty;

        // As of a number, a leading 00 is no part of it (G1).
        if (prefix.StartsWith("00", StringComparison.Ordinal))
            prefix = prefix[2..];
        var price = fields[(int)Field.Price]?.Trim();
        var country = fields[(int)Field.Country]?.Trim();
        if (prefix.Length is 0 or > LongestPrefix || !prefix.All(char.IsAsciiDigit))
            Reject(line, $"Prefix '{prefix}' is not 1 to {LongestPrefix} digits");
        else if (!Amount.TryParse(price, out var perMinute, out _) || perMinute < Amount.Zero)
            Reject(line, $"price '{price}' is not an amount of 0 or more with at most six decimals, as in 0.013");
        else if (!string.IsNullOrEmpty(country) && Country.TryParse(country) is null)
            Reject(line, $"Country '{country}' is not an ISO 3166-1 code of two letters");
        else if (!_lines.TryAdd(prefix, line))
            Reject(line, $"prefix {prefix} stands on line {_lines[prefix]} already; which price counts cannot be known");
        else
            _rows.Add(new(line, prefix, perMinute, Shortened(fields[(int)Field.Destination]), Country.TryParse(country)));
    }

    private static string? Shortened(string? text) => text?.Trim() switch
    {
        null or "" => null,
        { Length: > LongestText } tooLong => tooLong[..LongestText],
        var fitting => fitting,
    };

    private static string Text(byte[] text, CsvRecordSplitter splitter, int column)
    {
        var slice = splitter.Columns[column];
        var value = Encoding.UTF8.GetString(text, slice.Start, slice.Length);
        return (splitter.HasDoubledQuotes(column) ? value.Replace("\"\"", "\"", StringComparison.Ordinal) : value).Trim('\uFEFF', ' ');
    }

    private void Reject(long line, string reason) =>
        _problems.Add(LedgerErrors.RateRejected($"{_source} line {line}: {reason}. Nothing of the list was stored.", _source));

    private CreditException NotAList() => LedgerErrors.UnknownFormat(
        _source, "it is no rate list. A rate list is CSV with the columns 'Prefix' and 'Price / min' (or 'PricePerMinute').");
}
