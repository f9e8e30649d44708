using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>
/// Reads what Graph <c>getPstnCalls</c> answers (U1): pages with <c>value</c>, bare arrays, single records, or any of these one
/// after another, as in JSON lines. Records are read one by one, so that a page may be of any size; what is damaged is refused
/// and the next record is looked for (U5).
/// </summary>
internal sealed class GraphPstnCallsReader : WindowedUsageReader
{
    /// <summary>The longest record, in bytes.</summary>
    private const int MaximumLength = 1024 * 1024;

    /// <summary>How far after an error the record's own text is taken to go, in bytes, where no other record follows.</summary>
    private const int MaximumDamage = 64 * 1024;

    /// <summary>The longest beginning of an object that says that it is one: a brace, a name, and blanks between them.</summary>
    private const int MaximumOpening = 256;

    private const int MaximumContainers = 16;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    private readonly string _source;
    private readonly SourceWindow _window;
    private readonly Func<long>? _progress;
    private readonly TextSlice[] _fields = new TextSlice[UsageFields.Count];

    /// <summary>The arrays (true) and pages (false) that are open.</summary>
    private readonly Stack<bool> _containers = new();

    private long _line = 1;
    private bool _isAnyTaken;
    private bool _isDamaged;
    private bool _isEndTold;
    private bool _isIncomplete;

    /// <summary>Whether the next record is being looked for after damage.</summary>
    private bool _isPassingOver;

    /// <summary>The last byte passed over that is no blank.</summary>
    private byte _passed;

    /// <summary>Reads a source.</summary>
    /// <param name="source">What to call it in an error.</param>
    /// <param name="text">The source, in UTF-8.</param>
    /// <param name="position">The byte of the file that the text begins with.</param>
    /// <param name="progress">How far the source has been read, in bytes; null counts those of the text.</param>
    /// <param name="chunk">The bytes to read at a time.</param>
    public GraphPstnCallsReader(
        string source, Stream text, long position = 0, Func<long>? progress = null, int chunk = SourceWindow.DefaultChunk)
    {
        _source = source;
        _window = new(text, position, chunk);
        _progress = progress;
    }

    private enum Outcome
    {
        Record,
        Page,
        Scalar,
        Cut,
    }

    /// <inheritdoc/>
    public override UsageFormat Format => UsageFormat.GraphPstnCalls;

    /// <inheritdoc/>
    public override bool IsIncomplete => _isIncomplete;

    /// <inheritdoc/>
    public override bool Read(UsageBatch batch)
    {
        batch.Format = UsageFormat.GraphPstnCalls;
        batch.Header = null;
        var any = Fill(batch, _window);
        batch.SourcePosition = _progress?.Invoke() ?? _window.Position;
        return any;
    }

    /// <inheritdoc/>
    protected override Taken Take(UsageBatch batch, SourceWindow window)
    {
        if (_isPassingOver)
            return PassOver(batch, window);
        if (!SkipBlanks(batch, window))
            return Taken.NeedsMore;
        if (window.Start == window.End)
            return TakeEnd(batch, window);

        var isWithinPage = _containers.TryPeek(out var isArray) && !isArray;
        switch (batch.Text[window.Start])
        {
            case (byte)'[' when !isWithinPage && !isArray:
                Open(isArray: true);
                Advance(batch, window, 1);
                return Taken.Some;
            case (byte)']' when isArray || _isDamaged:
                Close(isArray: true);
                Advance(batch, window, 1);
                return Taken.Some;
            case (byte)'}' when isWithinPage || _isDamaged:
                Close(isArray: false);
                Advance(batch, window, 1);
                return Taken.Some;
            case (byte)'"' when isWithinPage:
                return TakePageProperty(batch, window);
            case (byte)'{' when !isWithinPage:
                return TakeValue(batch, window);
            default:
                if (!isWithinPage)
                    return TakeValue(batch, window);
                return RefusePage(batch, window, window.Start, window.Start, "the page goes on with what is no property");
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _window.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Takes a record, or a page up to its <c>value</c>, or what should not be there.</summary>
    private Taken TakeValue(UsageBatch batch, SourceWindow window)
    {
        var start = window.Start;
        var length = Math.Min(window.End - start, MaximumLength);
        var json = batch.Text.AsSpan(start, length);
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Options));
        var hasNextLink = false;
        var isKnown = false;
        long? readable = 1;
        Outcome outcome;
        try
        {
            outcome = ReadValue(batch, start, ref reader, ref hasNextLink, ref isKnown, ref readable);
        }
        catch (JsonException error)
        {
            // A string that is not closed ends at the next one's quote, so the last value may have swallowed an opening.
            var from = start + Math.Max(1, (int)(readable ?? reader.TokenStartIndex));
            return Refuse(batch, window, start + PlaceOf(error, json), from, null);
        }

        switch (outcome)
        {
            case Outcome.Page:
                _isIncomplete |= hasNextLink;
                _isAnyTaken = true;
                Open(isArray: false);
                Open(isArray: true);
                Advance(batch, window, (int)reader.TokenStartIndex + 1);
                return Taken.Some;

            case Outcome.Cut when window.End - start > length:
                if (!isKnown && IsFirst)
                    throw NotUsage(json);
                return Refuse(batch, window, start + length, start + length, "it is longer than 1,048,576 bytes");

            case Outcome.Cut when !window.IsLast:
                return Taken.NeedsMore;

            case Outcome.Cut:
                return RefuseCut(batch, window);

            case Outcome.Scalar:
                var reason = At(batch, window, start, "it is not an object, so it is no record");
                AddRefused(batch, _line, new(start, (int)reader.BytesConsumed), reason);
                Advance(batch, window, (int)reader.BytesConsumed);
                _isAnyTaken = true;
                return Taken.Some;

            default:
                if (!isKnown && IsFirst)
                    throw NotUsage(json[..(int)reader.BytesConsumed]);
                ref var call = ref batch.Add();
                call.Line = _line;
                call.Raw = new(start, (int)reader.BytesConsumed);
                Advance(batch, window, (int)reader.BytesConsumed);
                _isAnyTaken = true;
                UsageFieldParser.Parse(batch, ref call, _fields);
                return Taken.Some;
        }
    }

    /// <summary>Nothing was read before that shows that this is usage.</summary>
    private bool IsFirst => !_isAnyTaken && _containers.Count == 0;

    private Outcome ReadValue(
        UsageBatch batch, int start, ref Utf8JsonReader reader, ref bool hasNextLink, ref bool isKnown, ref long? readable)
    {
        if (!reader.Read())
            return Outcome.Cut;
        if (reader.TokenType != JsonTokenType.StartObject)
            return reader.TrySkip() ? Outcome.Scalar : Outcome.Cut;

        var fields = _fields;
        Array.Clear(fields);
        while (true)
        {
            if (!reader.Read())
                return Outcome.Cut;
            if (reader.TokenType == JsonTokenType.EndObject)
                return Outcome.Record;

            var property = PropertyOf(ref reader, out var field);
            isKnown |= property == Property.Field;
            readable = reader.TokenStartIndex;
            if (!reader.Read())
                return Outcome.Cut;
            readable = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? null : reader.TokenStartIndex;
            if (property == Property.Value && reader.TokenType == JsonTokenType.StartArray)
                return Outcome.Page;
            if (property == Property.NextLink)
                hasNextLink |= IsPresent(ref reader);
            if (property == Property.Field)
                fields[(int)field] = ValueOf(batch, start, ref reader);
            if (!reader.TrySkip())
                return Outcome.Cut;
        }
    }

    private enum Property
    {
        Other,
        Field,
        Value,
        NextLink,
    }

    private static Property PropertyOf(ref Utf8JsonReader reader, out UsageField field)
    {
        const int longest = 64;
        Span<byte> plain = stackalloc byte[longest];
        scoped var name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            field = default;
            if (name.Length > longest || !TryUnescape(ref reader, plain, out var length))
                return Property.Other;
            name = plain[..length];
        }

        if (GraphPropertyNames.TryFind(name, out field))
            return Property.Field;
        return Ascii.EqualsIgnoreCase(name, "value"u8) ? Property.Value
            : Ascii.EqualsIgnoreCase(name, "@odata.nextLink"u8) ? Property.NextLink
            : Property.Other;
    }

    /// <summary>The value as text: a number's own digits (M1), a string without its escapes; else nothing.</summary>
    private static TextSlice ValueOf(UsageBatch batch, int start, ref Utf8JsonReader reader)
    {
        var place = start + (int)reader.TokenStartIndex;
        var length = reader.ValueSpan.Length;
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False)
            return new(place, length);
        if (reader.TokenType != JsonTokenType.String)
            return default;
        if (!reader.ValueIsEscaped)
            return new(place + 1, length);

        batch.EnsureText(length);
        if (!TryUnescape(ref reader, batch.Text.AsSpan(batch.TextLength), out var unescaped))
            return new(place + 1, length);
        var slice = new TextSlice(batch.TextLength, unescaped);
        batch.TextLength += unescaped;
        return slice;
    }

    private static bool TryUnescape(ref Utf8JsonReader reader, scoped Span<byte> target, out int length)
    {
        try
        {
            length = reader.CopyString(target);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8, beside an escape: it is kept as it stands.
            length = 0;
            return false;
        }
    }

    private static bool IsPresent(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.Null && (reader.TokenType != JsonTokenType.String || !reader.ValueSpan.IsEmpty);

    /// <summary>Takes a property that follows a page's <c>value</c>.</summary>
    private Taken TakePageProperty(UsageBatch batch, SourceWindow window)
    {
        // The reader reads values only, so the property is read as what it would be in an object of its own.
        var start = window.Start;
        var length = Math.Min(window.End - start, MaximumLength);
        var json = batch.Text.AsSpan(start, length);
        var state = WithinObject();
        var reader = new Utf8JsonReader(json, isFinalBlock: false, state);
        try
        {
            if (reader.Read())
            {
                var property = PropertyOf(ref reader, out _);
                if (reader.Read())
                {
                    if (property == Property.NextLink)
                        _isIncomplete |= IsPresent(ref reader);
                    if (property == Property.Value && reader.TokenType == JsonTokenType.StartArray)
                    {
                        Open(isArray: true);
                        Advance(batch, window, (int)reader.TokenStartIndex + 1);
                        return Taken.Some;
                    }

                    if (reader.TrySkip())
                    {
                        Advance(batch, window, (int)reader.BytesConsumed);
                        return Taken.Some;
                    }
                }
            }
        }
        catch (JsonException error)
        {
            // The brace that the state stands for is counted as one byte before.
            var place = PlaceOf(error, json) - (error.LineNumber is > 0 ? 0 : 1);
            return RefusePage(batch, window, start + place, start + 1, null);
        }

        if (window.End - start > length)
        {
            return RefusePage(
                batch, window, start + length, start + length, "a property of the page is longer than 1,048,576 bytes");
        }

        return window.IsLast ? RefuseCut(batch, window) : Taken.NeedsMore;
    }

    private static JsonReaderState WithinObject()
    {
        var reader = new Utf8JsonReader("{"u8, isFinalBlock: false, new JsonReaderState(Options));
        reader.Read();
        return reader.CurrentState;
    }

    private Taken TakeEnd(UsageBatch batch, SourceWindow window)
    {
        if (!window.IsLast)
            return Taken.NeedsMore;
        if (_isEndTold || (window.Failure is null && (_containers.Count == 0 || _isDamaged)))
            return Taken.End;
        _isEndTold = true;
        AddRefused(batch, _line, default, Ending(window, "before its records do"));
        return Taken.Some;
    }

    private Taken RefuseCut(UsageBatch batch, SourceWindow window)
    {
        _isEndTold = true;
        var line = _line;
        var raw = new TextSlice(window.Start, window.End - window.Start);
        Advance(batch, window, raw.Length);
        AddRefused(batch, line, raw, Ending(window, "in the middle of a record"));
        return Taken.Some;
    }

    private string Ending(SourceWindow window, string where) => window.Failure ?? string.Create(
        CultureInfo.InvariantCulture, $"the file ends {where}, on line {_line}, at byte {window.Position}. Get it again.");

    /// <summary>
    /// Refuses what is at the window's start, up to where the next record starts. That is looked for as the opening of an object
    /// that is no property's value, for where the damaged one ends cannot be known.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="window">The window.</param>
    /// <param name="error">Where the error is.</param>
    /// <param name="from">From where on the next record is looked for.</param>
    /// <param name="reason">What is wrong; null where it is no JSON.</param>
    private Taken Refuse(UsageBatch batch, SourceWindow window, int error, int from, string? reason)
    {
        // How much of the text is here must not decide what is refused.
        if (window.End - from < MaximumDamage + MaximumOpening && !window.IsLast)
            return Taken.NeedsMore;

        var start = window.Start;
        var text = batch.Text.AsSpan(0, window.End);
        var limit = Math.Min(window.End, from + MaximumDamage);
        byte passed = 0;
        var next = FindOpening(text, from, limit, ref passed);
        var raw = text[start..next].TrimEnd(" \t\r\n,"u8);
        AddRefused(batch, _line, new(start, raw.Length), At(batch, window, error, reason ?? "it is not valid JSON"));
        Advance(batch, window, next - start);
        _isAnyTaken = true;
        _isDamaged = true;
        _isPassingOver = next == limit;
        _passed = passed;
        return Taken.Some;
    }

    /// <summary>As <see cref="Refuse"/>, and closes the page: where it ends is lost.</summary>
    private Taken RefusePage(UsageBatch batch, SourceWindow window, int error, int from, string? reason)
    {
        var taken = Refuse(batch, window, error, from, reason);
        if (taken == Taken.Some)
            _containers.Pop();
        return taken;
    }

    private Taken PassOver(UsageBatch batch, SourceWindow window)
    {
        var limit = window.IsLast ? window.End : window.End - MaximumOpening;
        if (limit > window.Start)
        {
            var next = FindOpening(batch.Text.AsSpan(0, window.End), window.Start, limit, ref _passed);
            _isPassingOver = next == limit;
            Advance(batch, window, next - window.Start);
        }

        if (!_isPassingOver)
            return Taken.Some;
        return window.IsLast ? TakeEnd(batch, window) : Taken.NeedsMore;
    }

    /// <summary>Finds the opening of an object that is no property's value; the limit where there is none before it.</summary>
    private static int FindOpening(ReadOnlySpan<byte> text, int from, int limit, ref byte passed)
    {
        for (var at = from; at < limit; at++)
        {
            var mark = text[at];
            if (mark == '{' && passed != ':' && IsOpening(text[at..Math.Min(text.Length, at + MaximumOpening)]))
                return at;
            if (!IsBlank(mark))
                passed = mark;
        }

        return limit;
    }

    /// <summary>Whether this is a brace, a plain name in quotes, and a colon; no string of valid JSON has that in it.</summary>
    private static bool IsOpening(ReadOnlySpan<byte> text)
    {
        text = text[1..].TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text[0] != '"')
            return false;
        var length = text[1..].IndexOf((byte)'"');
        if (length < 1)
            return false;
        foreach (var c in text.Slice(1, length))
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'@' or (byte)'.' or (byte)'_' or (byte)'/' or (byte)' '))
                return false;
        }

        text = text[(length + 2)..].TrimStart(" \t\r\n"u8);
        return !text.IsEmpty && text[0] == ':';
    }

    private bool SkipBlanks(UsageBatch batch, SourceWindow window)
    {
        var text = batch.Text.AsSpan(window.Start, window.End - window.Start);
        var at = 0;
        for (; at < text.Length; at++)
        {
            // Files with a byte order mark each may have been joined.
            if (text[at] == 0xEF)
            {
                if (text.Length - at < 3 && !window.IsLast)
                {
                    Advance(batch, window, at);
                    return false;
                }

                if (text[at..].StartsWith("\uFEFF"u8))
                {
                    at += 2;
                    continue;
                }
            }

            if (!IsBlank(text[at]) && text[at] != ',')
                break;
        }

        Advance(batch, window, at);
        return true;
    }

    /// <summary>Blanks of JSON, and the mark before each record of a JSON text sequence (RFC 7464).</summary>
    private static bool IsBlank(byte c) => c is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or 0x1E;

    private void Advance(UsageBatch batch, SourceWindow window, int length)
    {
        _line += batch.Text.AsSpan(window.Start, length).Count((byte)'\n');
        window.Start += length;
    }

    private void Open(bool isArray)
    {
        // Damage may have lost the end of a page; what is around it does not matter then.
        if (_containers.Count >= MaximumContainers)
            _containers.Clear();
        _containers.Push(isArray);
    }

    private void Close(bool isArray)
    {
        if (_containers.TryPeek(out var top) && top == isArray)
            _containers.Pop();
    }

    private string At(UsageBatch batch, SourceWindow window, int place, string reason)
    {
        var line = _line + batch.Text.AsSpan(window.Start, place - window.Start).Count((byte)'\n');
        return string.Create(CultureInfo.InvariantCulture, $"{reason}, on line {line}, at byte {window.PositionOf(place)}.");
    }

    /// <summary>The byte of the text that an error is at.</summary>
    private static int PlaceOf(JsonException error, ReadOnlySpan<byte> json)
    {
        var place = 0;
        for (var line = error.LineNumber ?? 0; line > 0; line--)
        {
            var end = json[place..].IndexOf((byte)'\n');
            if (end < 0)
                break;
            place += end + 1;
        }

        return (int)Math.Min(place + (error.BytePositionInLine ?? 0), json.Length);
    }

    private CreditException NotUsage(ReadOnlySpan<byte> json)
    {
        var names = new List<string>();
        var isError = false;
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Options));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isError |= reader.ValueSpan.SequenceEqual("error"u8);
            names.Add("'" + Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 40)]) + "'");
            if (!reader.Read() || !reader.TrySkip())
                break;
        }

        return LedgerErrors.UnknownFormat(_source, isError
            ? "it is an error that Graph answered, not usage. Get the records again, and look at the answer's status first."
            : (names.Count == 0 ? "its object is empty" : $"its object has {string.Join(", ", names.Take(5))}")
                + ", and neither 'value' with records nor a property of a record such as 'id' or 'startDateTime'. "
                + "Give what Graph getPstnCalls answers.");
    }
}
