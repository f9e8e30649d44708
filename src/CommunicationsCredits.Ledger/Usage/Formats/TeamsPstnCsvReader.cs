using System.Globalization;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>A file of a Teams admin centre export, or a member of its zip.</summary>
/// <param name="Name">Its name, or null where the source is this file alone.</param>
/// <param name="Open">
/// Opens it; raises <c>UnknownFormat</c> where it is no such export. The stream begins with the first record.
/// </param>
internal sealed record TeamsPstnFile(string? Name, Func<(TeamsPstnHeader Header, Stream Records)> Open);

/// <summary>
/// Reads the Teams admin centre's <c>PSTN.calls.*.csv</c> (U1). A record that cannot be split is refused and the next line is
/// tried; nothing in a file stops it (U5).
/// </summary>
internal sealed class TeamsPstnCsvReader : WindowedUsageReader
{
    private const string OpenQuote =
        "a quote is opened that is not closed, or not where its field ends. The lines after it are read without it.";

    private readonly IReadOnlyList<TeamsPstnFile> _files;
    private readonly Func<long>? _progress;
    private readonly IDisposable? _owner;
    private readonly int _chunk;
    private readonly TextSlice[] _fields = new TextSlice[UsageFields.Count];
    private int _nextFile;
    private TeamsPstnHeader? _header;
    private SourceWindow? _window;
    private CsvRecordSplitter? _splitter;
    private long _line;
    private bool _isWithinRefusedLine;
    private bool _isFailureTold;

    /// <summary>Reads one or more files as one source, in their order.</summary>
    /// <param name="files">The files.</param>
    /// <param name="progress">How far the source has been read, in bytes; null counts those of the text.</param>
    /// <param name="owner">What the files are in; closed with the reader.</param>
    /// <param name="chunk">The bytes to read at a time.</param>
    /// <exception cref="CreditException"><c>UnknownFormat</c>: the first file is no such export.</exception>
    public TeamsPstnCsvReader(
        IReadOnlyList<TeamsPstnFile> files,
        Func<long>? progress = null,
        IDisposable? owner = null,
        int chunk = SourceWindow.DefaultChunk)
    {
        _files = files;
        _progress = progress;
        _owner = owner;
        _chunk = chunk;
        OpenNext();
    }

    /// <inheritdoc/>
    public override UsageFormat Format => UsageFormat.TeamsPstnCsv;

    /// <inheritdoc/>
    public override bool Read(UsageBatch batch)
    {
        // A batch ends with its file: what follows may have another header.
        while (_window is not null || OpenNext())
        {
            batch.Format = UsageFormat.TeamsPstnCsv;
            batch.Header = _header!.Raw;
            var any = Fill(batch, _window!);
            batch.SourcePosition = _progress?.Invoke() ?? _window!.Position;
            if (any)
                return true;
            _window!.Dispose();
            _window = null;
        }

        return false;
    }

    /// <inheritdoc/>
    protected override Taken Take(UsageBatch batch, SourceWindow window)
    {
        if (window.Start == window.End)
            return window.IsLast ? TakeEnd(batch, window) : Taken.NeedsMore;
        if (_isWithinRefusedLine)
            return PassOverRefusedLine(batch, window);

        var splitter = _splitter!;
        return splitter.Split(batch.Text, window.Start, window.End, window.IsLast) switch
        {
            CsvSplit.NeedsMore => Taken.NeedsMore,
            CsvSplit.OpenQuote => RefuseLine(batch, window, OpenQuote),
            CsvSplit.TooLong => RefuseLine(batch, window, "it is longer than 65,536 bytes; only its beginning is kept."),
            _ => TakeRecord(batch, window, splitter),
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _window?.Dispose();
            _owner?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Taken TakeRecord(UsageBatch batch, SourceWindow window, CsvRecordSplitter splitter)
    {
        int start = window.Start, length = splitter.End - start;
        if (splitter.End == window.End && window.Failure is not null)
            return RefuseLine(batch, window, Noted(window.Failure));
        if (splitter.Count != _header!.Count)
        {
            if (batch.Text.AsSpan(start, length).IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
            {
                Advance(window, splitter.Next, splitter.Lines);
                return Taken.Some;
            }

            // Over several lines, a lost quote has more likely joined records than one record is short of columns.
            if (splitter.Lines > 1)
                return RefuseLine(batch, window, OpenQuote);
        }

        if (splitter.Lines > 1 && AnyColumnJoinsRecords(batch, splitter))
            return RefuseLine(batch, window, OpenQuote);

        ref var call = ref batch.Add();
        call.Line = _line;
        call.Raw = new(start, length);
        Advance(window, splitter.Next, splitter.Lines);
        if (splitter.Count != _header.Count)
        {
            call.Refuse(CreditErrorId.UsageRejected, null, Noted(string.Create(
                CultureInfo.InvariantCulture,
                $"it has {splitter.Count} column{(splitter.Count == 1 ? "" : "s")}, and the header has {_header.Count}.")));
            return Taken.Some;
        }

        var columns = splitter.Columns;
        var fields = _fields;
        for (var field = 0; field < fields.Length; field++)
        {
            var column = _header.ColumnOf((UsageField)field);
            fields[field] = splitter.HasDoubledQuotes(column) ? Unquote(batch, columns[column]) : columns[column];
        }

        UsageFieldParser.Parse(batch, ref call, fields);
        if (call.Refusal is not null)
            call.Refusal = Noted(call.Refusal);
        return Taken.Some;
    }

    /// <summary>
    /// Whether a column holds the end of one record and the start of another: between two lost quotes in the same column, as many
    /// commas as a record has, and a line end. Such a record would have one call's id and another's charge.
    /// </summary>
    private static bool AnyColumnJoinsRecords(UsageBatch batch, CsvRecordSplitter splitter)
    {
        foreach (var column in splitter.Columns)
        {
            var text = batch.Bytes(column);
            if (text.ContainsAny((byte)'\r', (byte)'\n') && text.Count((byte)',') >= splitter.Count - 1)
                return true;
        }

        return false;
    }

    /// <summary>Refuses the physical line the window starts with, and no more than that.</summary>
    private Taken RefuseLine(UsageBatch batch, SourceWindow window, string reason)
    {
        var start = window.Start;
        switch (_splitter!.SplitLine(batch.Text, start, window.End, window.IsLast))
        {
            case CsvSplit.NeedsMore:
                return Taken.NeedsMore;
            case CsvSplit.TooLong:
                AddRefused(batch, _line, new(start, CsvRecordSplitter.MaximumLength), Noted(reason));
                Advance(window, start + CsvRecordSplitter.MaximumLength, 0);
                _isWithinRefusedLine = true;
                return Taken.Some;
            default:
                _isFailureTold |= _splitter.End == window.End && window.Failure is not null;
                AddRefused(batch, _line, new(start, _splitter.End - start), Noted(reason));
                Advance(window, _splitter.Next, 1);
                return Taken.Some;
        }
    }

    private Taken PassOverRefusedLine(UsageBatch batch, SourceWindow window)
    {
        var split = _splitter!.SplitLine(batch.Text, window.Start, window.End, window.IsLast);
        if (split == CsvSplit.TooLong)
        {
            window.Start += CsvRecordSplitter.MaximumLength;
        }
        else if (split == CsvSplit.NeedsMore)
        {
            return Taken.NeedsMore;
        }
        else
        {
            Advance(window, _splitter.Next, 1);
            _isWithinRefusedLine = false;
        }

        return Taken.Some;
    }

    private Taken TakeEnd(UsageBatch batch, SourceWindow window)
    {
        if (window.Failure is null || _isFailureTold)
            return Taken.End;
        _isFailureTold = true;
        AddRefused(batch, _line, default, Noted(window.Failure));
        return Taken.Some;
    }

    private void Advance(SourceWindow window, int next, int lines)
    {
        window.Start = next;
        _line += lines;
    }

    private bool OpenNext()
    {
        if (_nextFile == _files.Count)
            return false;
        var file = _files[_nextFile++];
        (_header, var records) = file.Open();
        _window = new(records, _header.Length, _chunk);
        _splitter = new(_header.Count);
        _line = _header.Lines + 1;
        _isWithinRefusedLine = false;
        _isFailureTold = false;
        return true;
    }

    /// <summary>A line number says little where there are several files to count lines in.</summary>
    private string Noted(string reason) => _files.Count > 1 ? $"{reason} (In '{_files[_nextFile - 1].Name}'.)" : reason;

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
