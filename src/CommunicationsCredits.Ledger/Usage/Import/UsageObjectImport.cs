using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CommunicationsCredits.Ledger.Usage.Formats;

namespace CommunicationsCredits.Ledger.Usage.Import;

/// <summary>An import of objects: their properties are added as text, and posted when flushed.</summary>
public sealed class UsageObjectImport : IDisposable
{
    /// <summary>What such an import's source is called.</summary>
    public const string Source = "(objects)";

    /// <summary>The objects of a commit at most: fewer than of a file's, since the last ones are waited for with nothing else to do.</summary>
    private const int MostPending = 4 * 1024;

    private readonly UsageImporter _importer;
    private UsageBatch _batch = new();
    private readonly PricingBuffers _buffers = new();
    private readonly TextSlice[] _fields = new TextSlice[UsageFieldNames.Count];
    private readonly string?[] _names = new string?[UsageFieldNames.Count];
    private readonly FieldRemarks _remarks = new();
    private readonly ArrayBufferWriter<byte> _raw = new();
    private readonly Utf8JsonWriter? _writer;
    private long _objects;

    internal UsageObjectImport(UsageImporter importer)
    {
        _importer = importer;
        if (importer.KeepsRefused)
            _writer = new(_raw, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>The tenant's id as created.</summary>
    public string TenantId => _importer.TenantId;

    /// <summary>How many objects have been added and not posted yet.</summary>
    public int Pending => _batch.Count;

    /// <summary>Whether what was added should be handed on now.</summary>
    public bool IsFull => _batch.Count >= MostPending;

    /// <summary>Whether an object with these names is a call of Direct Routing, which is on another operator's bill.</summary>
    /// <param name="names">The names of its properties.</param>
    public static bool IsDirectRouting(IReadOnlyCollection<string> names) => OtherReports.DescribeDirectRouting(names) is not null;

    /// <summary>What an object is that is neither a call nor leads to a file, and what to give instead.</summary>
    /// <param name="names">The names of its properties.</param>
    public static string Describe(IReadOnlyCollection<string> names)
    {
        if (OtherReports.Describe(names) is { } described)
            return described;
        var has = names.Select(name => UsageFieldNames.TryFindField(name, out var field) ? (UsageField?)field : null).ToHashSet();
        var missing = UsageFieldNames.Required.Where(field => !has.Contains(field))
            .Select(field => UsageFieldNames.NameOf(field, UsageFormat.GraphPstnCalls)).ToList();
        return (names.Count == 0 ? "it has no properties" : $"it has {FieldRemarks.Quoted(names)}")
            + (missing.Count < UsageFieldNames.Required.Count ? $" and lacks {FieldRemarks.Quoted(missing)}" : string.Empty)
            + ": it is neither a call (id, startDateTime, duration, callType, or the names of the admin centre's export) nor a file (Path). "
            + "Pipe the records themselves, pages of them, or files.";
    }

    /// <summary>Begins the next object.</summary>
    public void Begin()
    {
        _objects++;
        Array.Clear(_fields);
        Array.Clear(_names);
        _batch.Format = UsageFormat.GraphPstnCalls;
        if (_writer is not null)
        {
            _raw.ResetWrittenCount();
            _writer.Reset(_raw);
            _writer.WriteStartObject();
        }
    }

    /// <summary>Notes a property that belongs to no field, for the import's warning.</summary>
    public void Unknown(string property) => _remarks.Unknown(property);

    /// <summary>Gives a property of the object begun; one that the ledger does not read is ignored.</summary>
    /// <param name="property">The property's name, as Graph or an export calls it, in any case and spelling.</param>
    /// <param name="value">Its value as text that does not depend on the culture, or null.</param>
    public void Set(string property, string? value)
    {
        if (UsageFieldNames.TryFindField(property, out var field))
            Set(field, property, value);
    }

    /// <summary>Gives a field of the object begun.</summary>
    /// <param name="field">The field.</param>
    /// <param name="property">What the object calls it.</param>
    /// <param name="value">Its value as text that does not depend on the culture, or null.</param>
    public void Set(UsageField field, string property, string? value)
    {
        _names[(int)field] = property;
        _remarks.Has(field);
        if (value is null)
            return;
        _fields[(int)field] = _batch.Append(value);
        if (field == UsageField.RecordId && !property.Equals("id", StringComparison.OrdinalIgnoreCase))
            _batch.Format = UsageFormat.TeamsPstnCsv;
        _writer?.WriteString(property, value);
    }

    /// <summary>Ends the object begun: it is posted with the next flush.</summary>
    public void End() => End(null);

    /// <summary>Ends the object begun, which is refused where two of its properties say one field with two values.</summary>
    /// <param name="twice">That field, or null.</param>
    public void End(UsageField? twice)
    {
        _importer.Format = _batch.Format;
        ref var call = ref _batch.Add();
        call.Line = _objects;
        if (_writer is not null)
        {
            _writer.WriteEndObject();
            _writer.Flush();
            call.Raw = _batch.Append(_raw.WrittenSpan);
        }

        _batch.FieldNames = _names;
        UsageFieldParser.Parse(_batch, ref call, _fields, isPlain: false, _remarks);
        if (twice is { } field)
        {
            call.Refuse(
                CreditErrorId.UsageRejected, _batch.NameOf(field),
                "two properties say it with two values, and which of them counts cannot be known.");
        }
    }

    /// <summary>Posts what was added as one commit, which is written while more is added.</summary>
    /// <exception cref="CreditException">An error of the ledger; nothing of it, or of what was handed on before, was posted.</exception>
    public void HandOn()
    {
        if (_batch.Count == 0)
            return;
        _batch = _importer.Post(_batch, _importer.Price(_batch, _buffers)) ?? new(_batch);
        _batch.Reset();
    }

    /// <summary>Posts what was added, and waits until it and all before is written.</summary>
    /// <exception cref="CreditException">An error of the ledger; nothing of it was posted.</exception>
    public void Flush()
    {
        HandOn();
        _importer.Finished();
    }

    /// <summary>Posts what is left, and ends the import.</summary>
    /// <param name="cancellation">Ends the wait for a gateway; the next run asks it again.</param>
    public UsageImport Complete(CancellationToken cancellation = default)
    {
        Flush();
        if (_objects > 0 && _remarks.Warning(Source, _importer.Format, "property") is { } warning)
            _importer.Warn(warning);
        return _importer.Complete(cancellation: cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        _importer.Dispose();
    }
}
