using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>What came of splitting a record.</summary>
internal enum CsvSplit
{
    /// <summary>A record, or a blank line.</summary>
    Record,

    /// <summary>The record is not in the text as a whole.</summary>
    NeedsMore,

    /// <summary>A quote that is not closed, or not where its field ends: where the record ends cannot be known.</summary>
    OpenQuote,

    /// <summary>A record that is longer than <see cref="CsvRecordSplitter.MaximumLength"/>.</summary>
    TooLong,
}

/// <summary>
/// Splits one CSV record at a time, over UTF-8: separators, quoted fields with doubled quotes and line ends in them, and LF, CRLF or
/// CR at the end. A quote within an unquoted field is a character like any other.
/// </summary>
/// <param name="capacity">The columns that are kept; those beyond are only counted.</param>
/// <param name="separator">What separates columns: a comma, a semicolon or a tab.</param>
internal sealed class CsvRecordSplitter(int capacity, byte separator)
{
    /// <summary>The longest record, in bytes: far above any real one, so that a lost quote cannot swallow a file.</summary>
    public const int MaximumLength = 64 * 1024;

    private readonly TextSlice[] _columns = new TextSlice[capacity];
    private readonly bool[] _hasDoubledQuotes = new bool[capacity];

    /// <summary>How many columns the record has, kept or not.</summary>
    public int Count { get; private set; }

    /// <summary>The columns that are kept, without the quotes around them.</summary>
    public ReadOnlySpan<TextSlice> Columns => _columns.AsSpan(0, Math.Min(Count, _columns.Length));

    /// <summary>Whether doubled quotes are to be made single in any of the columns.</summary>
    public bool AnyDoubledQuotes { get; private set; }

    /// <summary>Where the record ends, without its line end.</summary>
    public int End { get; private set; }

    /// <summary>Where the next one starts.</summary>
    public int Next { get; private set; }

    /// <summary>The physical lines it takes.</summary>
    public int Lines { get; private set; }

    /// <summary>Whether doubled quotes are to be made single in a column.</summary>
    public bool HasDoubledQuotes(int column) => AnyDoubledQuotes && _hasDoubledQuotes[column];

    /// <summary>Splits the record at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the record starts.</param>
    /// <param name="end">Where the text ends.</param>
    /// <param name="isLast">Whether the source ends there too.</param>
    [MethodImpl(HotPath.Compiled)]
    public CsvSplit Split(byte[] text, int start, int end, bool isLast)
    {
        Count = 0;
        AnyDoubledQuotes = false;
        Lines = 1;

        var stop = SplitPlain(text, start, end);
        if (stop - start > MaximumLength)
            return CsvSplit.TooLong;
        if (stop < end && text[stop] == '"')
            return SplitQuoted(text, start, end, isLast);
        return Finish(text, stop, end, isLast);
    }

    /// <summary>Finds the end of the physical line at a place: sets <see cref="End"/> and <see cref="Next"/>.</summary>
    /// <returns><c>TooLong</c> where it is longer than a record may be.</returns>
    public CsvSplit SplitLine(byte[] text, int start, int end, bool isLast)
    {
        var seen = Math.Min(end, start + MaximumLength + 1);
        var length = text.AsSpan(start, seen - start).IndexOfAny((byte)'\r', (byte)'\n');
        if (length < 0 && seen - start > MaximumLength)
            return CsvSplit.TooLong;
        return Finish(text, length < 0 ? seen : start + length, end, isLast);
    }

    /// <summary>Splits at separators up to a line end, the quote that starts a field, or the end; returns where that is.</summary>
    [MethodImpl(HotPath.Compiled)]
    private int SplitPlain(byte[] text, int start, int end)
    {
        ref var origin = ref MemoryMarshal.GetArrayDataReference(text);
        var columns = _columns;
        var comma = separator;
        int at = start, column = 0, columnStart = start;
        for (; at <= end - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            var block = Vector256.LoadUnsafe(ref origin, (nuint)at);
            var found = (Vector256.Equals(block, Vector256.Create(comma))
                | Vector256.Equals(block, Vector256.Create((byte)'\n'))
                | Vector256.Equals(block, Vector256.Create((byte)'\r'))
                | Vector256.Equals(block, Vector256.Create((byte)'"'))).ExtractMostSignificantBits();
            for (; found != 0; found &= found - 1)
            {
                var place = at + BitOperations.TrailingZeroCount(found);
                var mark = text[place];
                if (mark == comma)
                {
                    if (column < columns.Length)
                        columns[column] = new(columnStart, place - columnStart);
                    column++;
                    columnStart = place + 1;
                }
                else if (mark != '"' || place == columnStart)
                {
                    return Stop(place);
                }
            }
        }

        for (; at < end; at++)
        {
            var mark = text[at];
            if (mark == comma)
            {
                if (column < columns.Length)
                    columns[column] = new(columnStart, at - columnStart);
                column++;
                columnStart = at + 1;
            }
            else if (mark is (byte)'\n' or (byte)'\r' || (mark == '"' && at == columnStart))
            {
                return Stop(at);
            }
        }

        return Stop(end);

        int Stop(int place)
        {
            if (column < columns.Length)
                columns[column] = new(columnStart, place - columnStart);
            Count = column + 1;
            return place;
        }
    }

    private CsvSplit SplitQuoted(byte[] text, int start, int end, bool isLast)
    {
        // Whether a record is too long must not depend on how much of the text is here, so no more of it is looked at.
        var seen = Math.Min(end, start + MaximumLength + 1);
        var isCut = seen - start > MaximumLength;
        Count = 0;
        for (var at = start; ; at++)
        {
            var doubled = false;
            int columnStart = at, columnEnd;
            if (at < seen && text[at] == '"')
            {
                columnStart = at + 1;
                for (at = columnStart; ; at += 2)
                {
                    var quote = text.AsSpan(at, seen - at).IndexOf((byte)'"');
                    if (quote < 0)
                        return isLast || isCut ? CsvSplit.OpenQuote : CsvSplit.NeedsMore;
                    at += quote;
                    if (at + 1 >= seen || text[at + 1] != '"')
                        break;
                    doubled = true;
                }

                columnEnd = at++;
                if (at < seen && text[at] is not ((byte)'\r' or (byte)'\n') && text[at] != separator)
                    return CsvSplit.OpenQuote;
            }
            else
            {
                var length = text.AsSpan(at, seen - at).IndexOfAny(separator, (byte)'\r', (byte)'\n');
                at = columnEnd = length < 0 ? seen : at + length;
            }

            if (at == seen && (isCut || !isLast))
                return isCut ? CsvSplit.TooLong : CsvSplit.NeedsMore;
            if (Count < _columns.Length)
            {
                _columns[Count] = new(columnStart, columnEnd - columnStart);
                _hasDoubledQuotes[Count] = doubled;
                AnyDoubledQuotes |= doubled;
            }

            Count++;
            if (at == seen || text[at] != separator)
            {
                Lines = 1 + LineEnds(text.AsSpan(start, at - start));
                return Finish(text, at, end, isLast);
            }
        }
    }

    private CsvSplit Finish(byte[] text, int stop, int end, bool isLast)
    {
        End = stop;
        if (stop == end)
        {
            Next = stop;
            return isLast ? CsvSplit.Record : CsvSplit.NeedsMore;
        }

        Next = stop + 1;
        if (text[stop] == '\r')
        {
            // CR LF is one line end, also where the text breaks between them.
            if (Next == end && !isLast)
                return CsvSplit.NeedsMore;
            if (Next < end && text[Next] == '\n')
                Next++;
        }

        return CsvSplit.Record;
    }

    private static int LineEnds(ReadOnlySpan<byte> text)
    {
        var lines = text.Count((byte)'\n');
        for (int at; (at = text.IndexOf((byte)'\r')) >= 0; text = text[(at + 1)..])
        {
            if (at + 1 == text.Length || text[at + 1] != '\n')
                lines++;
        }

        return lines;
    }
}
