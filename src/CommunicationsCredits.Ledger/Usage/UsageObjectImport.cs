using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Usage;

/// <summary>An import of objects: their properties are added as text, and posted when flushed.</summary>
public sealed class UsageObjectImport : IDisposable
{
    /// <summary>What such an import's source is called.</summary>
    public const string Source = "(objects)";

    private static readonly Dictionary<string, (UsageField Field, UsageFormat Format)> Names = AllNames();

    private readonly UsageImporter _importer;
    private readonly UsageBatch _batch = new();
    private readonly HashChain _chain = new();
    private readonly TextSlice[] _fields = new TextSlice[UsageFields.Count];
    private readonly ArrayBufferWriter<byte> _raw = new();
    private readonly Utf8JsonWriter? _writer;
    private long _objects;

    internal UsageObjectImport(UsageImporter importer)
    {
        _importer = importer;
        if (importer.KeepsRefused)
            _writer = new(_raw, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>The tenant's id as it was created.</summary>
    public string TenantId => _importer.TenantId;

    /// <summary>How many objects have been added and not posted yet.</summary>
    public int Pending => _batch.Count;

    /// <summary>Whether what was added should be posted now.</summary>
    public bool IsFull => _batch.IsFull;

    /// <summary>Whether a property of that name, in any case, is one the ledger reads.</summary>
    public static bool Reads(string property) => Names.ContainsKey(property);

    /// <summary>Begins the next object.</summary>
    public void Begin()
    {
        _objects++;
        Array.Clear(_fields);
        _batch.Format = UsageFormat.GraphPstnCalls;
        if (_writer is not null)
        {
            _raw.ResetWrittenCount();
            _writer.Reset(_raw);
            _writer.WriteStartObject();
        }
    }

    /// <summary>Gives a property of the object begun; one that the ledger does not read is ignored.</summary>
    /// <param name="property">The property's name, in any case, as Graph or the Teams export calls it.</param>
    /// <param name="value">Its value as text that does not depend on the culture, or null.</param>
    public void Set(string property, string? value)
    {
        if (!Names.TryGetValue(property, out var name) || value is null)
            return;
        _fields[(int)name.Field] = _batch.Append(value);
        if (name.Format == UsageFormat.TeamsPstnCsv)
            _batch.Format = UsageFormat.TeamsPstnCsv;
        _writer?.WriteString(property, value);
    }

    /// <summary>Ends the object begun: it is posted with the next flush.</summary>
    public void End()
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

        UsageFieldParser.Parse(_batch, ref call, _fields);
    }

    /// <summary>Posts what was added as one commit.</summary>
    /// <exception cref="CreditException">An error of the ledger; nothing of it was posted.</exception>
    public void Flush()
    {
        if (_batch.Count == 0)
            return;
        _importer.Post(_batch, _importer.Price(_batch, _chain));
        _batch.Reset();
    }

    /// <summary>Posts what is left, and ends the import.</summary>
    public UsageImport Complete()
    {
        Flush();
        return _importer.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        _importer.Dispose();
    }

    private static Dictionary<string, (UsageField Field, UsageFormat Format)> AllNames()
    {
        var names = new Dictionary<string, (UsageField, UsageFormat)>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, field) in UsageFields.GraphProperties)
            names[name] = (field, UsageFormat.GraphPstnCalls);
        foreach (var (name, field) in UsageFields.TeamsColumns)
        {
            if (field is { } read)
                names.TryAdd(name, (read, UsageFormat.TeamsPstnCsv));
        }

        return names;
    }
}
