using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>
/// Reads what Graph <c>getPstnCalls</c> answers (U1): pages with <c>value</c>, bare arrays, single records, the answer of a
/// <c>$batch</c>, or any of these one after another, as in JSON lines. Records are read one by one, so that a page may be of any
/// size; what is damaged is refused and the next record is looked for (U5).
/// </summary>
internal sealed class GraphPstnCallsReader : WindowedUsageReader
{
    /// <summary>The longest record, in bytes.</summary>
    private const int MaximumLength = 1024 * 1024;

    /// <summary>How far after an error the record's own text is taken to go, in bytes, where no other record follows.</summary>
    private const int MaximumDamage = 64 * 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    private readonly string _source;
    private readonly SourceWindow _window;
    private readonly Func<long>? _progress;
    private readonly TextSlice[] _fields = new TextSlice[UsageFieldNames.Count];
    private readonly FieldRemarks _remarks = new();
    private readonly JsonNames _names;
    private readonly GraphPages _pages = new();

    private long _line = 1;
    private bool _isAnyRead;
    private bool _isAnyRecordRead;
    private bool _isDamaged;
    private bool _isEndReported;
    private bool _isIncomplete;
    private ExportPeriod? _period;

    /// <summary>Whether the next record is being looked for after damage.</summary>
    private bool _isSkipping;

    /// <summary>The last byte skipped that is no blank.</summary>
    private byte _lastSkipped;

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
        _names = new(_remarks);
    }

    private enum Outcome
    {
        Record,
        Page,
        Body,
        Scalar,
        Cut,
    }

    /// <inheritdoc/>
    public override UsageFormat Format => UsageFormat.GraphPstnCalls;

    /// <inheritdoc/>
    public override bool IsIncomplete => _isIncomplete;

    /// <inheritdoc/>
    public override ExportPeriod? Period => _period;

    /// <summary>Nothing was read before that shows that this is usage.</summary>
    private bool IsFirst => !_isAnyRead && _pages.IsEmpty;

    /// <inheritdoc/>
    public override string? Warning(string source) => _isAnyRecordRead ? _remarks.Warning(source, Format, "property") : null;

    /// <inheritdoc/>
    public override bool Read(UsageBatch batch)
    {
        batch.Format = UsageFormat.GraphPstnCalls;
        batch.Header = null;
        batch.FieldNames = null;
        var any = Fill(batch, _window);
        batch.SourcePosition = _progress?.Invoke() ?? _window.Position;
        return any;
    }

    /// <inheritdoc/>
    protected override ReadStep ReadNext(UsageBatch batch, SourceWindow window)
    {
        if (_isSkipping)
            return Skip(batch, window);
        if (!SkipBlanks(batch, window))
            return ReadStep.NeedsMore;
        if (window.Start == window.End)
            return ReadEnd(batch, window);

        var top = _pages.Top;
        switch (batch.Text[window.Start])
        {
            case (byte)'[' when top == GraphContainer.None:
                return Open(GraphContainer.Array, batch, window);
            case (byte)']' when top == GraphContainer.Array || _isDamaged:
                return Close(GraphContainer.Array, batch, window);
            case (byte)'}' when top == GraphContainer.Page || _isDamaged:
                return Close(GraphContainer.Page, batch, window);
            case (byte)'"' when top == GraphContainer.Page:
                return ReadPageProperty(batch, window);
            case var _ when top == GraphContainer.Page:
                return RefusePage(batch, window, window.Start, window.Start, "the page goes on with what is no property");
            default:
                return ReadValue(batch, window);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _window.Dispose();
        base.Dispose(disposing);
    }

    private static bool IsPresent(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.Null && (reader.TokenType != JsonTokenType.String || !reader.ValueSpan.IsEmpty);

    private static JsonReaderState WithinObject()
    {
        var reader = new Utf8JsonReader("{"u8, isFinalBlock: false, new JsonReaderState(Options));
        reader.Read();
        return reader.CurrentState;
    }

    private ReadStep Open(GraphContainer container, UsageBatch batch, SourceWindow window)
    {
        _pages.Open(container);
        Advance(batch, window, 1);
        return ReadStep.Some;
    }

    private ReadStep Close(GraphContainer container, UsageBatch batch, SourceWindow window)
    {
        _pages.Close(container);
        Advance(batch, window, 1);
        return ReadStep.Some;
    }

    /// <summary>Reads a record, or a page up to its <c>value</c>, or what should not be there.</summary>
    private ReadStep ReadValue(UsageBatch batch, SourceWindow window)
    {
        var start = window.Start;
        var length = Math.Min(window.End - start, MaximumLength);
        var json = batch.Text.AsSpan(start, length);
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Options));
        var value = new Value { Readable = 1 };
        Outcome outcome;
        try
        {
            outcome = ReadValue(batch, start, ref reader, ref value);
        }
        catch (JsonException error)
        {
            // A string that is not closed ends at the next one's quote, so the last value may have swallowed an opening.
            var from = start + Math.Max(1, (int)(value.Readable ?? reader.TokenStartIndex));
            return Refuse(batch, window, start + JsonDamage.PlaceOf(error, json), from, null);
        }

        switch (outcome)
        {
            case Outcome.Page:
            case Outcome.Body:
                // Pages one after another are those of one question, as a rule; a batch's are of several.
                _isIncomplete = (_isIncomplete && (_pages.IsInBatch || outcome == Outcome.Body)) || value.HasNextLink;
                _isAnyRead = true;
                _names.DropUnknown();
                _pages.Open(GraphContainer.Page);
                _pages.Open(outcome == Outcome.Page ? GraphContainer.Array : GraphContainer.Body);
                Advance(batch, window, (int)reader.TokenStartIndex + (outcome == Outcome.Page ? 1 : 0));
                return ReadStep.Some;

            case Outcome.Cut when window.End - start > length:
                if (!value.HasFields && IsFirst)
                    throw NotUsage(json);
                return Refuse(batch, window, start + length, start + length, "it is longer than 1,048,576 bytes");

            case Outcome.Cut when !window.IsLast:
                return ReadStep.NeedsMore;

            case Outcome.Cut:
                return RefuseCut(batch, window);

            case Outcome.Scalar:
                var reason = At(batch, window, start, "it is not an object, so it is no record");
                AddRefused(batch, _line, new(start, (int)reader.BytesConsumed), reason);
                Advance(batch, window, (int)reader.BytesConsumed);
                _isAnyRead = true;
                _pages.EndValue();
                return ReadStep.Some;

            case Outcome.Record when IsFirst && !value.HasFields && NamesIn(json).Count == 0
                && batch.Text.AsSpan(start, window.End - start)[(int)reader.BytesConsumed..].IndexOfAnyExcept(" \t\r\n"u8) < 0:
                // By itself it is no usage; before others it is a record that has lost its properties.
                return window.IsLast ? throw NotUsage(json) : ReadStep.NeedsMore;

            default:
                AddRecord(batch, window, (int)reader.BytesConsumed, value);
                return ReadStep.Some;
        }
    }

    private void AddRecord(UsageBatch batch, SourceWindow window, int length, in Value value)
    {
        var start = window.Start;
        var json = batch.Text.AsSpan(start, length);
        if (!_isAnyRecordRead && (!value.HasError || IsFirst) && WhyNoRecords(json, value) is { } problem)
            throw problem;
        ref var call = ref batch.Add();
        call.Line = _line;
        call.Raw = new(start, length);
        Advance(batch, window, length);
        _isAnyRead = true;
        _pages.EndValue();
        if (value.HasError && !value.HasFields)
        {
            call.Refuse(CreditErrorId.UsageRejected, null,
                $"Graph answered this request with an error{ErrorCode(json)}: its calls are missing here. Get them again.");
            return;
        }

        _isAnyRecordRead = true;
        _names.KeepUnknown();
        if (value.Twice is { } twice)
        {
            var name = UsageFieldNames.NameOf(twice, Format);
            call.Refuse(CreditErrorId.UsageRejected, name, "two properties of the record say it, and which of them counts cannot be known.");
            return;
        }

        var isPlain = value.IsPlain && UsageFieldParser.IsPlain(batch.Bytes(call.Raw));
        UsageFieldParser.Parse(batch, ref call, _fields, isPlain, _remarks);
    }

    private Outcome ReadValue(UsageBatch batch, int start, ref Utf8JsonReader reader, ref Value value)
    {
        if (!reader.Read())
            return Outcome.Cut;
        if (reader.TokenType != JsonTokenType.StartObject)
            return reader.TrySkip() ? Outcome.Scalar : Outcome.Cut;

        var fields = _fields;
        Array.Clear(fields);
        value.IsPlain = true;
        for (var position = 0; ; position++)
        {
            if (!reader.Read())
                return Outcome.Cut;
            if (reader.TokenType == JsonTokenType.EndObject)
                return Outcome.Record;

            var property = _names.Find(ref reader, position, out var field);
            value.Readable = reader.TokenStartIndex;
            if (!reader.Read())
                return Outcome.Cut;
            var isNested = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            value.Readable = isNested ? null : reader.TokenStartIndex;
            switch (property)
            {
                case JsonName.Field:
                    value.HasFields = true;
                    var text = isNested ? NestedText(batch, field, ref reader) : ValueOf(batch, start, ref reader, ref value.IsPlain);
                    if (text is not { } slice)
                        return Outcome.Cut;
                    if (slice.IsEmpty)
                        break;
                    if (fields[(int)field].IsEmpty)
                        fields[(int)field] = slice;
                    else if (UsageFieldNames.IsBilled(field))
                        value.Twice = field;
                    break;
                case JsonName.Values when reader.TokenType == JsonTokenType.StartArray:
                    return Outcome.Page;
                case JsonName.Body when reader.TokenType == JsonTokenType.StartObject:
                    return Outcome.Body;
                case JsonName.NextLink:
                    value.HasNextLink |= IsPresent(ref reader);
                    _period ??= ExportPeriod.FromLink(reader.ValueSpan);
                    break;
                case JsonName.Error:
                    value.HasError |= reader.TokenType == JsonTokenType.StartObject;
                    break;
            }

            if (!reader.TrySkip())
                return Outcome.Cut;
        }
    }

    /// <summary>The value as text: a number's own digits (M1), a string without its escapes; else nothing.</summary>
    private static TextSlice? ValueOf(UsageBatch batch, int start, ref Utf8JsonReader reader, ref bool isPlain)
    {
        var place = start + (int)reader.TokenStartIndex;
        var length = reader.ValueSpan.Length;
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False)
            return new TextSlice(place, length);
        if (reader.TokenType != JsonTokenType.String)
            return default(TextSlice);
        if (!reader.ValueIsEscaped)
            return new TextSlice(place + 1, length);

        isPlain = false;
        batch.EnsureText(length);
        if (!TryUnescape(ref reader, batch.Text.AsSpan(batch.TextLength), out var unescaped))
            return new TextSlice(place + 1, length);
        var slice = new TextSlice(batch.TextLength, unescaped);
        batch.TextLength += unescaped;
        return slice;
    }

    /// <summary>
    /// The names, or else the ids, in an array of objects, or of texts: Graph's administrative units. Null where it is cut.
    /// </summary>
    private static TextSlice? NestedText(UsageBatch batch, UsageField field, ref Utf8JsonReader reader)
    {
        if (field != UsageField.AdministrativeUnits)
            return default(TextSlice);
        var copy = reader;
        if (!copy.TrySkip())
            return null;

        var end = copy.TokenStartIndex;
        var names = new List<string>();
        string? name = null, id = null;
        while (reader.TokenStartIndex < end && reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var isName = reader.ValueTextEquals("displayName"u8) || reader.ValueTextEquals("DisplayName"u8);
                var isId = reader.ValueTextEquals("id"u8) || reader.ValueTextEquals("Id"u8);
                reader.Read();
                if (isName && reader.TokenType == JsonTokenType.String)
                    name = TextOf(ref reader);
                else if (isId && reader.TokenType == JsonTokenType.String)
                    id = TextOf(ref reader);
                else
                    reader.TrySkip();
            }
            else if (reader.TokenType == JsonTokenType.String)
            {
                names.Add(TextOf(ref reader));
            }
            else if (reader.TokenType == JsonTokenType.EndObject)
            {
                if ((string.IsNullOrEmpty(name) ? id : name) is { Length: > 0 } unit)
                    names.Add(unit);
                name = id = null;
            }
        }

        return batch.Append(string.Join("; ", names));
    }

    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8.
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
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
            // Half a surrogate pair, or bytes that are no UTF-8, beside an escape: kept unchanged.
            length = 0;
            return false;
        }
    }

    /// <summary>Reads a property that follows a page's <c>value</c>, or a response's <c>body</c>.</summary>
    private ReadStep ReadPageProperty(UsageBatch batch, SourceWindow window)
    {
        // The reader reads values only, so the property is read as what it would be in an object of its own.
        var start = window.Start;
        var length = Math.Min(window.End - start, MaximumLength);
        var json = batch.Text.AsSpan(start, length);
        var reader = new Utf8JsonReader(json, isFinalBlock: false, WithinObject());
        try
        {
            if (reader.Read())
            {
                var property = _names.Find(ref reader, int.MaxValue, out _);
                if (reader.Read())
                {
                    if (property == JsonName.NextLink)
                    {
                        _isIncomplete |= IsPresent(ref reader);
                        _period ??= ExportPeriod.FromLink(reader.ValueSpan);
                    }

                    if (property == JsonName.Values && reader.TokenType == JsonTokenType.StartArray)
                    {
                        _pages.Open(GraphContainer.Array);
                        Advance(batch, window, (int)reader.TokenStartIndex + 1);
                        return ReadStep.Some;
                    }

                    if (reader.TrySkip())
                    {
                        Advance(batch, window, (int)reader.BytesConsumed);
                        return ReadStep.Some;
                    }
                }
            }
        }
        catch (JsonException error)
        {
            // The brace that the state stands for is counted as one byte before.
            var place = JsonDamage.PlaceOf(error, json) - (error.LineNumber is > 0 ? 0 : 1);
            return RefusePage(batch, window, start + place, start + 1, null);
        }

        if (window.End - start > length)
        {
            return RefusePage(
                batch, window, start + length, start + length, "a property of the page is longer than 1,048,576 bytes");
        }

        return window.IsLast ? RefuseCut(batch, window) : ReadStep.NeedsMore;
    }

    private ReadStep ReadEnd(UsageBatch batch, SourceWindow window)
    {
        if (!window.IsLast)
            return ReadStep.NeedsMore;
        if (_isEndReported || (window.Failure is null && (_pages.IsEmpty || _isDamaged)))
            return ReadStep.End;
        _isEndReported = true;
        AddRefused(batch, _line, default, Ending(window, "before its records do"));
        return ReadStep.Some;
    }

    private ReadStep RefuseCut(UsageBatch batch, SourceWindow window)
    {
        _isEndReported = true;
        var line = _line;
        var raw = new TextSlice(window.Start, window.End - window.Start);
        Advance(batch, window, raw.Length);
        AddRefused(batch, line, raw, Ending(window, "in the middle of a record"));
        return ReadStep.Some;
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
    private ReadStep Refuse(UsageBatch batch, SourceWindow window, int error, int from, string? reason)
    {
        // How much of the text is here must not decide what is refused.
        if (window.End - from < MaximumDamage + JsonDamage.MaximumOpening && !window.IsLast)
            return ReadStep.NeedsMore;

        var start = window.Start;
        var text = batch.Text.AsSpan(0, window.End);
        var limit = Math.Min(window.End, from + MaximumDamage);
        byte skipped = 0;
        var next = JsonDamage.FindOpening(text, from, limit, ref skipped);
        var raw = text[start..next].TrimEnd(" \t\r\n,"u8);
        AddRefused(batch, _line, new(start, raw.Length), At(batch, window, error, reason ?? "it is not valid JSON"));
        Advance(batch, window, next - start);
        _isAnyRead = true;
        _isDamaged = true;
        _isSkipping = next == limit;
        _lastSkipped = skipped;
        return ReadStep.Some;
    }

    /// <summary>As <see cref="Refuse"/>, and closes the page: where it ends is lost.</summary>
    private ReadStep RefusePage(UsageBatch batch, SourceWindow window, int error, int from, string? reason)
    {
        var step = Refuse(batch, window, error, from, reason);
        if (step == ReadStep.Some)
            _pages.Close(GraphContainer.Page);
        return step;
    }

    private ReadStep Skip(UsageBatch batch, SourceWindow window)
    {
        var limit = window.IsLast ? window.End : window.End - JsonDamage.MaximumOpening;
        if (limit > window.Start)
        {
            var next = JsonDamage.FindOpening(batch.Text.AsSpan(0, window.End), window.Start, limit, ref _lastSkipped);
            _isSkipping = next == limit;
            Advance(batch, window, next - window.Start);
        }

        if (!_isSkipping)
            return ReadStep.Some;
        return window.IsLast ? ReadEnd(batch, window) : ReadStep.NeedsMore;
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

            if (!JsonDamage.IsBlank(text[at]) && text[at] != ',')
                break;
        }

        Advance(batch, window, at);
        return true;
    }

    private void Advance(UsageBatch batch, SourceWindow window, int length)
    {
        _line += batch.Text.AsSpan(window.Start, length).Count((byte)'\n');
        window.Start += length;
    }

    private string At(UsageBatch batch, SourceWindow window, int place, string reason)
    {
        var line = _line + batch.Text.AsSpan(window.Start, place - window.Start).Count((byte)'\n');
        return string.Create(CultureInfo.InvariantCulture, $"{reason}, on line {line}, at byte {window.PositionOf(place)}.");
    }

    /// <summary>Why the first record shows that the source has no usage, or null.</summary>
    private CreditException? WhyNoRecords(ReadOnlySpan<byte> json, in Value value)
    {
        var fields = _fields;
        var missing = UsageFieldNames.Required.Count(field => fields[(int)field].IsEmpty);
        if (_isDamaged)
            return null;
        if (missing == 0)
            return OtherReports.DescribeDirectRouting(NamesIn(json)) is { } routed ? LedgerErrors.UnknownFormat(_source, routed) : null;
        if (OtherReports.Describe(NamesIn(json)) is { } described)
            return LedgerErrors.UnknownFormat(_source, described);

        // A record that lacks only something is refused for itself; others may be whole.
        return IsFirst && !value.HasFields && NamesIn(json).Count > 0 ? NotUsage(json) : null;
    }

    private CreditException NotUsage(ReadOnlySpan<byte> json)
    {
        var names = NamesIn(json);
        return LedgerErrors.UnknownFormat(_source, names.Contains("error", StringComparer.Ordinal)
            ? "it is an error that Graph answered, not usage. Get the records again, and look at the answer's status first."
            : OtherReports.Describe(names)
                ?? (names.Count == 0 ? "its object is empty" : $"its object has {FieldRemarks.Quoted(names)}")
                + ", and neither 'value' with records nor a property of a record such as 'id' or 'startDateTime'. "
                + "Give what Graph getPstnCalls answers.");
    }

    private static List<string> NamesIn(ReadOnlySpan<byte> json)
    {
        var names = new List<string>();
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Options));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            names.Add(Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 40)]));
            if (!reader.Read() || !reader.TrySkip())
                break;
        }

        return names;
    }

    private static string ErrorCode(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var element = JsonElement.ParseValue(ref reader);
            return element.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                    ? $" ({code.GetString()})"
                    : string.Empty;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return string.Empty;
        }
    }

    /// <summary>What reading a value has found.</summary>
    private struct Value
    {
        /// <summary>Where the last thing starts that could be read; null within a nested value.</summary>
        public long? Readable;
        public bool HasFields;
        public bool HasNextLink;
        public bool HasError;

        /// <summary>Whether no text of it had to be unescaped.</summary>
        public bool IsPlain;

        /// <summary>A field that two properties say, or null.</summary>
        public UsageField? Twice;
    }
}
