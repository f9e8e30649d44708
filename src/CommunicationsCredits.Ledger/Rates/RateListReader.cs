using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>
/// Reads a rate list: CSV, or objects, with a prefix and a price per minute under any of their names (<see cref="RateColumns"/>), and
/// optionally a destination, its type, a country, and what a row says of its own billing (G2a).
/// </summary>
public sealed class RateListReader
{
    private const int LongestPrefix = 20;
    private const int LongestText = 200;
    private const int LongestIncrement = 3600;
    private const int MostColumns = 256;
    private const int MostInRange = 10_000;
    private const int MostProblems = 1000;
    private const long LongestFile = 256L * 1024 * 1024;

    private readonly string _source;
    private readonly Dictionary<string, RateRow> _rows = new(StringComparer.Ordinal);
    private readonly List<CreditException> _problems = [];
    private readonly List<string> _unknown = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _currencies = new(StringComparer.Ordinal);
    private readonly SortedSet<Instant> _dates = [];

    /// <summary>Starts a list.</summary>
    /// <param name="source">What it is read from, for messages.</param>
    public RateListReader(string source) => _source = source;

    /// <summary>What is wrong with the list, and with its rows: <c>RateRejected</c> errors that name the line.</summary>
    public IReadOnlyList<CreditException> Problems => [.. _problems, .. OfTheWhole()];

    /// <summary>The names of columns that are not used, in one sentence, or null.</summary>
    public string? Warning => _unknown.Count == 0 ? null
        : $"{_source}: the {(_unknown.Count == 1 ? "column" : "columns")} {FieldRemarks.Quoted(_unknown)} {(_unknown.Count == 1 ? "is" : "are")} not used.";

    /// <summary>The currency that the list itself says, ISO 4217, or null.</summary>
    public string? Currency => _currencies.Count == 1 ? _currencies.Min : null;

    /// <summary>The date from which the list itself says that it holds, or null.</summary>
    public DateTimeOffset? EffectiveFrom => _dates.Count == 1 ? _dates.Min.ToDateTimeOffset() : null;

    internal IReadOnlyCollection<RateRow> Rows => _rows.Values;

    internal string Source => _source;

    /// <summary>What all rows say alike of their billing.</summary>
    internal RateTerms CommonTerms => _rows.Count == 0 ? RateTerms.None : new(
        Common(row => row.Terms.ConnectionFee), Common(row => row.Terms.InitialIncrement), Common(row => row.Terms.Increment));

    /// <summary>Reads a CSV file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops waiting for a pipe.</param>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: it is no rate list, or cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static RateListReader ReadFile(string path, CancellationToken cancellation = default)
    {
        var list = new RateListReader(Path.GetFileName(path));
        list.ReadCsv(ReadUtf8(path, cancellation));
        return list;
    }

    /// <summary>Adds an object's properties as a row.</summary>
    /// <param name="line">The object's number, from 1 on.</param>
    /// <param name="property">Gives the text of a property, or null without one.</param>
    public void Add(long line, Func<string, string?> property) => Add(
        line,
        RateColumns.All.SelectMany(known => known.Names)
            .SelectMany(name => (string[])[name, name.Replace(" ", string.Empty, StringComparison.Ordinal)]).Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Value: property(name))).Where(named => named.Value is not null));

    /// <summary>Adds an object's properties as a row.</summary>
    /// <param name="line">The object's number, from 1 on.</param>
    /// <param name="properties">All its properties, with their texts.</param>
    public void Add(long line, IEnumerable<(string Name, string? Value)> properties)
    {
        var fields = new string?[RateColumns.Count];
        string? currency = null;
        var names = new List<string>();
        var isAnyKnown = false;
        foreach (var (name, value) in properties)
        {
            names.Add(name);
            if (RateColumns.Find(name, out var named) is not { } column)
            {
                NoteUnknown(name);
                continue;
            }

            isAnyKnown = true;

            currency ??= named;
            if (string.IsNullOrWhiteSpace(value))
                continue;
            if (fields[(int)column] is { } other && RateColumns.IsBilled(column) && other != value)
            {
                Reject(line, $"two properties say its {NameOf(column)}, '{other}' and '{value}'; which of them counts cannot be known");
                return;
            }

            fields[(int)column] ??= value;
        }

        if (!isAnyKnown && names.Count > 0)
        {
            Reject(line, $"it is no rate: its properties are {FieldRemarks.Quoted(names)}, and a rate has 'Prefix' and 'PricePerMinute'");
            return;
        }

        if (currency is not null)
            fields[(int)RateColumn.Currency] ??= currency;
        Add(line, fields);
    }

    private T? Common<T>(Func<RateRow, T?> term)
        where T : struct
    {
        var first = term(_rows.Values.First());
        return _rows.Values.All(row => EqualityComparer<T?>.Default.Equals(term(row), first)) ? first : null;
    }

    private static byte[] ReadUtf8(string path, CancellationToken cancellation)
    {
        try
        {
            using var file = SourceFile.Open(path, cancellation);
            using var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int read; (read = file.Content.Read(buffer)) > 0;)
            {
                content.Write(buffer, 0, read);
                if (content.Length > LongestFile)
                    throw LedgerErrors.UnknownFormat(Path.GetFileName(path), "it is too large to be a rate list.");
            }

            return ToUtf8(Path.GetFileName(path), content.ToArray());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw LedgerErrors.UnknownFormat(path, $"it cannot be read: {problem.Message}");
        }
    }

    private static byte[] ToUtf8(string source, byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith("PK"u8) || bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            throw LedgerErrors.UnknownFormat(source, "it is a workbook or a zip. Save the list as CSV (UTF-8), with a point in its prices.");
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        if (bytes.Length >= 2 && bytes[0] is 0xFE or 0xFF)
            return Encoding.UTF8.GetBytes(reader.ReadToEnd());
        return System.Text.Unicode.Utf8.IsValid(bytes) ? bytes
            : Encoding.UTF8.GetBytes(CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes));
    }

    private static string NameOf(RateColumn column) => RateColumns.All.First(known => known.Column == column).Names[0];

    private void ReadCsv(byte[] text)
    {
        var header = ReadHeader(text);
        var splitter = header.Splitter;
        var line = header.Line;
        for (var at = header.Next; at < text.Length; at = splitter.Next)
        {
            var start = line;
            if (splitter.Split(text, at, text.Length, isLast: true) != CsvSplit.Record)
            {
                Reject(start, "a quote is not closed, or the line is too long");
                if (splitter.SplitLine(text, at, text.Length, isLast: true) != CsvSplit.Record)
                    return;
                line++;
                continue;
            }

            line += splitter.Lines;
            var raw = text.AsSpan(at, splitter.End - at);
            if (!CsvLines.IsBlank(raw) && !CsvLines.IsDeclaration(CsvLines.Trimmed(raw), out _) && !raw.SequenceEqual(header.Raw))
                ReadRow(text, splitter, header, start);
        }
    }

    private Header ReadHeader(byte[] text)
    {
        long line = 1;
        for (var at = 0; at < text.Length; line++)
        {
            var probe = new CsvRecordSplitter(1, (byte)',');
            if (probe.SplitLine(text, at, text.Length, isLast: true) != CsvSplit.Record)
                break;
            var raw = CsvLines.Trimmed(text.AsSpan(at, probe.End - at));
            if (!CsvLines.IsBlank(raw) && !CsvLines.IsDeclaration(raw, out _))
                return ReadHeader(text, at, line);
            at = probe.Next;
        }

        throw LedgerErrors.UnknownFormat(_source, "it holds no rates: there is nothing in it.");
    }

    private Header ReadHeader(byte[] text, int at, long line)
    {
        Header? best = null;
        foreach (var separator in ",;\t"u8)
        {
            var splitter = new CsvRecordSplitter(MostColumns, separator);
            if (splitter.Split(text, at, text.Length, isLast: true) != CsvSplit.Record)
                continue;
            var names = new string[splitter.Columns.Length];
            for (var i = 0; i < names.Length; i++)
                names[i] = Text(text, splitter, i);
            var header = new Header(names, splitter, text[at..splitter.End], splitter.Next, line + splitter.Lines);
            if (best is null || header.Known > best.Known)
                best = header;
        }

        if (best is null)
            throw LedgerErrors.UnknownFormat(_source, "its first line has no end, or a quote in it is not closed.");
        Match(best);

        // Each split keeps its places, so the header's is done again for the rows that follow.
        best.Splitter.Split(text, at, text.Length, isLast: true);
        return best;
    }

    private void Match(Header header)
    {
        for (var i = 0; i < header.Names.Length; i++)
        {
            var name = header.Names[i];
            if (RateColumns.Find(name, out var currency) is not { } column)
            {
                NoteUnknown(name);
                continue;
            }

            if (currency is not null && RateColumns.IsBilled(column))
                header.Currency ??= currency;
            if (Array.IndexOf(header.Columns, column) is >= 0 and var other)
            {
                if (RateColumns.IsBilled(column))
                {
                    throw LedgerErrors.UnknownFormat(
                        _source, $"the columns '{header.Names[other]}' and '{name}' both say its {NameOf(column)}, and which of them counts cannot be "
                        + "known. Remove one.");
                }

                continue;
            }

            header.Columns[i] = column;
        }

        bool hasPrefix = Array.IndexOf(header.Columns, RateColumn.Prefix) >= 0, hasPrice = Array.IndexOf(header.Columns, RateColumn.Price) >= 0;
        if (!hasPrefix || !hasPrice)
            throw LedgerErrors.UnknownFormat(_source, NotAList(header.Names, hasPrefix, hasPrice));
    }

    private static string NotAList(string[] names, bool hasPrefix, bool hasPrice)
    {
        var columns = $"its columns are {FieldRemarks.Quoted([.. names.Where(name => name.Length > 0)])}";
        if (hasPrice)
        {
            return $"it is a list of destinations without prefixes: {columns}. A call is rated by the digits of its number, so a column of prefixes "
                + "is needed ('Prefix', 'Dial Code', …).";
        }

        if (hasPrefix)
            return $"it has no column of prices: {columns}. A price column is called 'Price / min', 'PricePerMinute', 'Rate', 'Rate per Minute', …";
        return names.Count(name => UsageFieldNames.TryFindField(name, out _)) >= 4
            ? "it is usage, not a rate list. Import-UsageRecord reads that."
            : $"it is no rate list: {columns}. A rate list is CSV with a column of prefixes ('Prefix') and one of prices ('Price / min').";
    }

    private void ReadRow(byte[] text, CsvRecordSplitter splitter, Header header, long line)
    {
        var columns = splitter.Columns;
        if (splitter.Count > header.Names.Length || splitter.Count < header.FewestColumns)
        {
            Reject(line, $"it has {splitter.Count} columns, and the header has {header.Names.Length}");
            return;
        }

        var fields = new string?[RateColumns.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            if (header.Columns[i] is { } column)
                fields[(int)column] = Text(text, splitter, i);
        }

        if (string.IsNullOrEmpty(fields[(int)RateColumn.Currency]))
            fields[(int)RateColumn.Currency] = header.Currency;
        Add(line, fields);
    }

    private void Add(long line, string?[] fields)
    {
        string? Field(RateColumn column) => fields[(int)column]?.Trim() is { Length: > 0 } text ? text : null;

        var hasCurrency = Field(RateColumn.Currency);
        if (fields.Where((text, column) => column != (int)RateColumn.Currency).All(string.IsNullOrWhiteSpace))
            return;
        if (PrefixesIn(Field(RateColumn.Prefix), out var prefixes) is { } wrong)
        {
            Reject(line, wrong);
            return;
        }

        var price = Field(RateColumn.Price);
        if (!Amount.TryParse(price, out var perMinute, out _) || perMinute < Amount.Zero)
        {
            Reject(line, WhyNoAmount("price", price));
            return;
        }

        var (country, destination) = PlaceOf(Field(RateColumn.Country), Field(RateColumn.Destination));
        if (Field(RateColumn.Country) is { } digits && digits.All(char.IsAsciiDigit)
            && prefixes.Find(prefix => !prefix.StartsWith(digits.TrimStart('0'), StringComparison.Ordinal)) is { } lacking)
        {
            Reject(line, $"prefix {lacking} does not begin with its country's code {digits}; give whole prefixes");
            return;
        }

        if (TermsIn(fields, Field, out var terms) is { } contradiction)
        {
            Reject(line, contradiction);
            return;
        }

        if (hasCurrency is not null)
        {
            try
            {
                _currencies.Add(Money.Currency.Parse(hasCurrency));
            }
            catch (CreditException)
            {
                Reject(line, $"'{hasCurrency}' is not a currency's code, as in USD");
                return;
            }
        }

        foreach (var prefix in prefixes)
        {
            var row = new RateRow(line, prefix, perMinute, destination, country) { Terms = terms };
            if (_rows.TryAdd(prefix, row))
                continue;
            var known = _rows[prefix];
            if (known with { Line = line } != row)
            {
                Reject(line, $"prefix {prefix} stands on line {known.Line} already; which price counts cannot be known");
                return;
            }
        }
    }

    /// <summary>The prefixes of a cell: one or several, and ranges; or what is wrong.</summary>
    private static string? PrefixesIn(string? cell, out List<string> prefixes)
    {
        prefixes = [];
        if (cell is null)
            return "Prefix '' is not 1 to 20 digits";
        var text = cell.Replace('–', '-').Replace('—', '-').Replace(" - ", "-", StringComparison.Ordinal);
        var parts = text.Split([',', ';', ' ', '\t', '\n', '\r', '|', '\u00A0'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > 1 && parts[0][0] == '+' && text.AsSpan().IndexOfAny(',', ';', '|') < 0 && Array.Exists(parts, part => part[0] != '+'))
            return $"'{cell}' may be one prefix or several; write a prefix without blanks, and commas between prefixes";
        foreach (var part in parts)
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if ((dash < 0 ? OnePrefix(part, prefixes) : Range(part[..dash], part[(dash + 1)..], part, prefixes)) is { } wrong)
                return wrong;
        }

        return prefixes.Count == 0 ? $"Prefix '{cell}' is not 1 to {LongestPrefix} digits" : null;
    }

    private static string? OnePrefix(string part, List<string> prefixes)
    {
        // As of a number, a leading 00 is no part of it (G1).
        var prefix = part.TrimStart('+');
        if (prefix.StartsWith("00", StringComparison.Ordinal))
            prefix = prefix[2..];
        if (prefix.Length is 0 or > LongestPrefix || !prefix.All(char.IsAsciiDigit))
        {
            return prefix.Contains('E', StringComparison.OrdinalIgnoreCase) && prefix.Any(char.IsAsciiDigit)
                ? $"Prefix '{part}' is not 1 to {LongestPrefix} digits: a spreadsheet made a number of it"
                : $"Prefix '{part}' is not 1 to {LongestPrefix} digits";
        }

        if (prefix[0] == '0')
        {
            return $"no number begins with '{part}': prefixes begin with the country's code, without what is dialled before it (011, 0)";
        }

        prefixes.Add(prefix);
        return null;
    }

    private static string? Range(string from, string to, string shown, List<string> prefixes)
    {
        var ends = new List<string>();
        if (OnePrefix(from, ends) is { } wrong)
            return wrong;

        // "4470-79" says the last digits of the end only.
        if (to.Length < ends[0].Length && to.All(char.IsAsciiDigit))
            to = ends[0][..^to.Length] + to;
        if (OnePrefix(to, ends) is { } wrongEnd)
            return wrongEnd;
        if (ends[0].Length != ends[1].Length || ends[0].Length > 18)
            return $"'{shown}' is not a range: its ends are of different lengths";
        long first = long.Parse(ends[0], CultureInfo.InvariantCulture), last = long.Parse(ends[1], CultureInfo.InvariantCulture);
        if (last < first || last - first >= MostInRange)
            return $"'{shown}' is not a range of 1 to {MostInRange:N0} prefixes";
        for (var value = first; value <= last; value++)
            prefixes.Add(value.ToString(CultureInfo.InvariantCulture));
        return null;
    }

    /// <summary>A country is a code or a name; a text that is neither describes the destination.</summary>
    private static (string? Country, string? Destination) PlaceOf(string? country, string? destination)
    {
        var code = Country.Find(country);
        var isName = country is { Length: > 3 } && country.Any(char.IsLetter);
        return (code, Shortened(destination ?? (isName || (code is null && country?.Any(char.IsLetter) == true) ? country : null)));
    }

    /// <summary>What the row says of its own billing; or what is wrong with it.</summary>
    private string? TermsIn(string?[] fields, Func<RateColumn, string?> field, out RateTerms terms)
    {
        terms = RateTerms.None;
        Amount? fee = null;
        if (field(RateColumn.ConnectionFee) is { } feeText)
        {
            if (!Amount.TryParse(feeText, out var parsed, out _) || parsed < Amount.Zero)
                return WhyNoAmount(NameOf(RateColumn.ConnectionFee), feeText);
            fee = parsed;
        }

        int? initial = null, further = null;
        foreach (var column in (RateColumn[])[RateColumn.Increments, RateColumn.InitialIncrement, RateColumn.Increment])
        {
            if (field(column) is not { } text)
                continue;
            if (!TryReadIncrements(text, out var first, out var next))
                return $"{NameOf(column)} '{text}' is not 1 to {LongestIncrement:N0} seconds, or two of them as in 60/60";
            var isPair = column == RateColumn.Increments || next is not null;
            if (isPair || column == RateColumn.InitialIncrement)
            {
                if (initial is not null && initial != first)
                    return $"two columns say its initial increment, {initial} and {first}";
                initial = first;
            }

            if (isPair || column == RateColumn.Increment)
            {
                var value = column == RateColumn.Increment && next is null ? first : next ?? first;
                if (further is not null && further != value)
                    return $"two columns say its further increment, {further} and {value}";
                further = value;
            }
        }

        if (YesOrNo(field(RateColumn.NoPool), out var noPool) is { } unclear || (YesOrNo(field(RateColumn.Pool), out var pool) is { } alsoUnclear && (unclear = alsoUnclear) is not null))
            return unclear;
        if (noPool is not null && pool is not null && noPool == pool)
            return "one column says that included minutes cover it, and another that they do not";
        var type = Shortened(field(RateColumn.DestinationType));
        if (field(RateColumn.EffectiveFrom) is { } date)
        {
            if (!Instant.TryParse(date, out var from))
                return $"{NameOf(RateColumn.EffectiveFrom)} '{date}' {Instant.WhyRefused(date)}";
            _dates.Add(from);
        }

        var excluded = noPool ?? (pool is { } covered ? !covered : IsPremium(type));
        if (fee is not null || initial is not null || further is not null || excluded || type is not null)
            terms = new(fee, initial, further, excluded, type);
        return null;
    }

    /// <summary>Destinations that no plan's minutes cover, by the name of their type.</summary>
    private static bool IsPremium(string? type) => type is not null
        && (type.Contains("premium", StringComparison.OrdinalIgnoreCase) || type.Contains("shared", StringComparison.OrdinalIgnoreCase)
            || type.Contains("special service", StringComparison.OrdinalIgnoreCase));

    private static bool TryReadIncrements(string text, out int first, out int? next)
    {
        next = null;
        var parts = text.Split(['/', '+', '-', ':'], StringSplitOptions.TrimEntries);
        if (!TryReadSeconds(parts[0], out first) || parts.Length > 2)
            return false;
        if (parts.Length == 2)
        {
            if (!TryReadSeconds(parts[1], out var second))
                return false;
            next = second;
        }

        return true;
    }

    private static bool TryReadSeconds(string text, out int seconds) =>
        int.TryParse(text.EndsWith('s') ? text[..^1].TrimEnd() : text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
        && seconds is >= 1 and <= LongestIncrement;

    private static string? YesOrNo(string? text, out bool? value)
    {
        value = text?.ToUpperInvariant() switch
        {
            null => null,
            "YES" or "Y" or "TRUE" or "1" or "X" => true,
            "NO" or "N" or "FALSE" or "0" or "-" => false,
            _ => null,
        };
        return text is null || value is not null ? null : $"'{text}' is neither yes nor no, of whether included minutes cover it";
    }

    private static string WhyNoAmount(string what, string? text)
    {
        if (text is not null && text.Contains(',', StringComparison.Ordinal) && text.Any(char.IsAsciiDigit))
            return $"{what} '{text}' has a comma; prices have a point and no unit, as in 0.013";
        return text is not null && text.Any(char.IsAsciiDigit) && text.Any(c => char.IsLetter(c) || char.IsSymbol(c) || c == '%')
            ? $"{what} '{text}' has more than a number in it; prices have a point and no unit, as in 0.013"
            : $"{what} '{text}' is not an amount of 0 or more with at most six decimals, as in 0.013";
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
        return (splitter.HasDoubledQuotes(column) ? value.Replace("\"\"", "\"", StringComparison.Ordinal) : value).Trim('\uFEFF', ' ', '\u00A0');
    }

    private IEnumerable<CreditException> OfTheWhole()
    {
        if (_currencies.Count > 1)
            yield return Whole($"its rows are in {string.Join(", ", _currencies)}. A sheet has one currency: import each part of the list with a -Name of its own");
        if (_dates.Count > 1)
            yield return Whole($"its rows hold from {string.Join(", ", _dates.Take(5))} on. A sheet holds from one date: import the rows of each date by themselves");
    }

    private void NoteUnknown(string name)
    {
        if (name.Length > 0 && name[0] != '@' && _seen.Add(UsageFieldNames.KeyOf(name)))
            _unknown.Add(name);
    }

    private CreditException Whole(string reason) => LedgerErrors.RateRejected($"{_source}: {reason}. Nothing of the list was stored.", _source);

    private void Reject(long line, string reason)
    {
        if (_problems.Count < MostProblems)
            _problems.Add(LedgerErrors.RateRejected($"{_source} line {line}: {reason}. Nothing of the list was stored.", _source));
    }

    private sealed record Header(string[] Names, CsvRecordSplitter Splitter, byte[] Raw, int Next, long Line)
    {
        /// <summary>What each column says, by its place.</summary>
        public RateColumn?[] Columns { get; } = new RateColumn?[Names.Length];

        /// <summary>The currency that a price column's name has.</summary>
        public string? Currency { get; set; }

        /// <summary>How many columns are known.</summary>
        public int Known { get; } = Names.Count(name => RateColumns.Find(name, out _) is not null);

        /// <summary>How many columns a line has at least: a spreadsheet may leave out trailing cells that decide nothing.</summary>
        public int FewestColumns => 1 + Array.FindLastIndex(Columns, column => column is { } known && RateColumns.IsBilled(known));
    }
}
