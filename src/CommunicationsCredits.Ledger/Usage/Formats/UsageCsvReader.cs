using System.Globalization;
using System.Runtime.CompilerServices;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>
/// Reads usage in CSV, with the column names of the Teams admin centre, of Graph, or of another tool (U1). A record that cannot be
/// split is refused and the next line is tried; nothing in a file stops it (U5).
/// </summary>
internal sealed class UsageCsvReader : WindowedUsageReader
{
    private const string OpenQuote =
        "a quote is opened that is not closed, or not where its field ends. The lines after it are read without it.";

    private readonly UsageCsvHeader _header;
    private readonly SourceWindow _window;
    private readonly CsvRecordSplitter _splitter;
    private readonly Func<long>? _progress;
    private readonly TextSlice[] _fields = new TextSlice[UsageFieldNames.Count];
    private readonly (int Field, int Column)[] _columns;
    private readonly int _idColumn;
    private readonly int _startColumn;
    private long _line;
    private bool _isWithinRefusedLine;
    private bool _isFailureReported;
    private long _otherHeaderLine;

    /// <summary>Reads a source.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="records">What follows the header; closed with the reader.</param>
    /// <param name="progress">How far the source has been read, in bytes; null counts those of the text.</param>
    /// <param name="chunk">The bytes to read at a time.</param>
    public UsageCsvReader(
        UsageCsvHeader header, Stream records, Func<long>? progress = null, int chunk = SourceWindow.DefaultChunk)
    {
        _header = header;
        _progress = progress;
        _window = new(records, header.Length, chunk);
        _splitter = new(header.Count, header.Separator);
        _line = header.Lines + 1;
        _columns = [.. UsageFieldNames.All.Select(known => ((int)known.Field, header.ColumnOf(known.Field))).Where(known => known.Item2 >= 0)];
        _idColumn = header.ColumnOf(UsageField.RecordId);
        _startColumn = header.ColumnOf(UsageField.StartedAt);
    }

    /// <inheritdoc/>
    public override UsageFormat Format => UsageFormat.TeamsPstnCsv;

    /// <inheritdoc/>
    public override string? Warning(string source) => _header.Remarks.Warning(source, Format, "column");

    /// <inheritdoc/>
    public override bool Read(UsageBatch batch)
    {
        batch.Format = UsageFormat.TeamsPstnCsv;
        batch.Header = _header.Raw;
        batch.FieldNames = _header.FieldNames;
        var any = Fill(batch, _window);
        batch.SourcePosition = _progress?.Invoke() ?? _window.Position;
        return any;
    }

    /// <inheritdoc/>
    protected override ReadStep ReadNext(UsageBatch batch, SourceWindow window)
    {
        if (window.Start == window.End)
            return window.IsLast ? ReadEnd(batch, window) : ReadStep.NeedsMore;
        if (_isWithinRefusedLine)
            return SkipRefusedLine(batch, window);

        return _splitter.Split(batch.Text, window.Start, window.End, window.IsLast) switch
        {
            CsvSplit.NeedsMore => ReadStep.NeedsMore,
            CsvSplit.OpenQuote => RefuseLine(batch, window, OpenQuote),
            CsvSplit.TooLong => RefuseLine(batch, window, "it is longer than 65,536 bytes; only its beginning is kept."),
            _ => ReadRecord(batch, window),
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _window.Dispose();
        base.Dispose(disposing);
    }

    [MethodImpl(HotPath.Compiled)]
    private ReadStep ReadRecord(UsageBatch batch, SourceWindow window)
    {
        var splitter = _splitter;
        int start = window.Start, length = splitter.End - start;
        if (splitter.End == window.End && window.Failure is not null)
            return RefuseLine(batch, window, window.Failure);
        if (IsNoRecord(batch, start, length))
        {
            Advance(window, splitter.Next, splitter.Lines);
            return ReadStep.Some;
        }

        // Over several lines, a lost quote has more likely joined records than one record is short of columns.
        if (splitter.Lines > 1 && (splitter.Count != _header.Count || AnyColumnJoinsRecords(batch)))
            return RefuseLine(batch, window, OpenQuote);

        ref var call = ref batch.Add();
        call.Line = _line;
        call.Raw = new(start, length);
        var isCut = splitter.Next == splitter.End;
        Advance(window, splitter.Next, splitter.Lines);
        if (splitter.Count != _header.Count && (isCut || splitter.Count > _header.Count || splitter.Count < _header.FewestColumns))
        {
            call.Refuse(CreditErrorId.UsageRejected, null, WrongColumns(isCut));
            return ReadStep.Some;
        }

        var columns = splitter.Columns;
        var fields = _fields;
        foreach (var (field, column) in _columns)
        {
            // A line may lack cells at its end.
            fields[field] = column >= columns.Length ? default
                : splitter.HasDoubledQuotes(column) ? Unquote(batch, columns[column])
                : columns[column];
        }

        UsageFieldParser.Parse(batch, ref call, fields, UsageFieldParser.IsPlain(batch.Bytes(call.Raw)), _header.Remarks);
        if (call.Refusal is not null || _otherHeaderLine > 0)
            RefuseAfterOtherHeader(batch, ref call, fields[(int)UsageField.StartedAt]);
        return ReadStep.Some;
    }

    /// <summary>Whether the line is one of those that are passed over (U1): blank, the header again, or what tools write before it.</summary>
    private bool IsNoRecord(UsageBatch batch, int start, int length)
    {
        if (_splitter.Count < _header.FewestColumns)
        {
            var line = CsvLines.Trimmed(batch.Text.AsSpan(start, length));
            return CsvLines.IsBlank(line) || CsvLines.IsDeclaration(line, out _);
        }

        var id = _splitter.Columns[_idColumn];
        if (id.Length <= 1)
            return CsvLines.IsBlank(batch.Text.AsSpan(start, length));
        return id.Length >= _header.FieldNames[(int)UsageField.RecordId]!.Length && IsHeaderAgain(batch, id);
    }

    private bool IsHeaderAgain(UsageBatch batch, TextSlice id)
    {
        var text = CsvLines.Trimmed(batch.Bytes(id)).Trim((byte)'"');
        return System.Text.Ascii.EqualsIgnoreCase(text, _header.FieldNames[(int)UsageField.RecordId]!)
            && _startColumn < _splitter.Columns.Length
            && System.Text.Ascii.EqualsIgnoreCase(
                CsvLines.Trimmed(batch.Bytes(_splitter.Columns[_startColumn])), _header.FieldNames[(int)UsageField.StartedAt]!);
    }

    /// <summary>
    /// Refuses what follows another header within the file, as two exports that were joined have it: its columns mean something else.
    /// </summary>
    private void RefuseAfterOtherHeader(UsageBatch batch, ref UsageCall call, TextSlice start)
    {
        if (_otherHeaderLine == 0 && call.RefusedField == _header.FieldNames[(int)UsageField.StartedAt]
            && batch.String(start) is { } text && UsageFieldNames.TryFind(text, out _))
            _otherHeaderLine = call.Line;
        if (_otherHeaderLine > 0)
        {
            call.Refuse(CreditErrorId.UsageRejected, null, string.Create(
                CultureInfo.InvariantCulture,
                $"another header is on line {_otherHeaderLine}, and its columns are others. Give the joined files one by one."));
        }
    }

    private string WrongColumns(bool isCut)
    {
        var count = _splitter.Count;
        var reason = string.Create(
            CultureInfo.InvariantCulture, $"it has {count} column{(count == 1 ? "" : "s")}, and the header has {_header.Count}.");
        return count > _header.Count && _header.Separator == ',' ? reason + " A text with a comma in it needs quotes, and amounts have a point."
            : count < _header.Count && isCut && count >= _header.FewestColumns ? reason + " The file ends within it; get it again."
            : reason;
    }

    /// <summary>
    /// Whether a column holds the end of one record and the start of another: between two lost quotes in the same column, as many
    /// separators as a record has, and a line end. Such a record would have one call's id and another's charge.
    /// </summary>
    private bool AnyColumnJoinsRecords(UsageBatch batch)
    {
        foreach (var column in _splitter.Columns)
        {
            var text = batch.Bytes(column);
            if (text.ContainsAny((byte)'\r', (byte)'\n') && text.Count(_header.Separator) >= _splitter.Count - 1)
                return true;
        }

        return false;
    }

    /// <summary>Refuses the physical line the window starts with, and no more than that.</summary>
    private ReadStep RefuseLine(UsageBatch batch, SourceWindow window, string reason)
    {
        var start = window.Start;
        switch (_splitter.SplitLine(batch.Text, start, window.End, window.IsLast))
        {
            case CsvSplit.NeedsMore:
                return ReadStep.NeedsMore;
            case CsvSplit.TooLong:
                AddRefused(batch, _line, new(start, CsvRecordSplitter.MaximumLength), reason);
                Advance(window, start + CsvRecordSplitter.MaximumLength, 0);
                _isWithinRefusedLine = true;
                return ReadStep.Some;
            default:
                _isFailureReported |= _splitter.End == window.End && window.Failure is not null;
                AddRefused(batch, _line, new(start, _splitter.End - start), reason);
                Advance(window, _splitter.Next, 1);
                return ReadStep.Some;
        }
    }

    private ReadStep SkipRefusedLine(UsageBatch batch, SourceWindow window)
    {
        var split = _splitter.SplitLine(batch.Text, window.Start, window.End, window.IsLast);
        if (split == CsvSplit.TooLong)
        {
            window.Start += CsvRecordSplitter.MaximumLength;
        }
        else if (split == CsvSplit.NeedsMore)
        {
            return ReadStep.NeedsMore;
        }
        else
        {
            Advance(window, _splitter.Next, 1);
            _isWithinRefusedLine = false;
        }

        return ReadStep.Some;
    }

    private ReadStep ReadEnd(UsageBatch batch, SourceWindow window)
    {
        if (window.Failure is null || _isFailureReported)
            return ReadStep.End;
        _isFailureReported = true;
        AddRefused(batch, _line, default, window.Failure);
        return ReadStep.Some;
    }

    private void Advance(SourceWindow window, int next, int lines)
    {
        window.Start = next;
        _line += lines;
    }

    private static TextSlice Unquote(UsageBatch batch, TextSlice quoted)
    {
        // The record's own text stays as it was, for the quarantine file.
        var copy = batch.Append(batch.Bytes(quoted));
        var text = batch.Bytes(copy);
        var target = batch.Text.AsSpan(copy.Start);
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            target[length++] = text[at];
            if (text[at] == '"')
                at++;
        }

        return new(copy.Start, length);
    }
}
