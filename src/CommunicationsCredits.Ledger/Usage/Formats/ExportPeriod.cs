using System.Text;
using CommunicationsCredits.Ledger.Time;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace CommunicationsCredits.Ledger.Usage.Formats;

/// <summary>The period that an export says it covers (U1).</summary>
/// <param name="From">Its start.</param>
/// <param name="To">Its end, as the export has it.</param>
internal readonly record struct ExportPeriod(Instant From, Instant To)
{
    private static readonly string[] FromNames = ["from", "start", "begin"];
    private static readonly string[] ToNames = ["to", "end", "until"];

    /// <summary>
    /// Reads the <c>parameters.json</c> of the admin centre's zip: its shape is not documented, so the one property with a name of a
    /// start and the one with a name of an end count, wherever they are.
    /// </summary>
    public static ExportPeriod? FromParameters(ReadOnlyMemory<byte> json)
    {
        try
        {
            var found = new List<(string Name, Instant At)>();
            Collect(JsonDocuments.Read(json.Span), found);
            return Between(OneOf(found, FromNames), OneOf(found, ToNames));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads the address of a page: <c>…/getPstnCalls(from=2026-01-01,to=2026-02-01)…</c>.</summary>
    public static ExportPeriod? FromLink(ReadOnlySpan<byte> link) =>
        Between(Argument(link, "from="u8), Argument(link, "to="u8));

    private static ExportPeriod? Between(Instant? from, Instant? to) =>
        from is { } start && to is { } end && start < end ? new(start, end) : null;

    private static Instant? Argument(ReadOnlySpan<byte> link, ReadOnlySpan<byte> name)
    {
        var call = link.IndexOf("getPstnCalls("u8);
        if (call < 0)
            return null;
        link = link[(call + "getPstnCalls(".Length)..];
        var end = link.IndexOf((byte)')');
        if (end < 0)
            return null;
        for (var rest = link[..end]; !rest.IsEmpty;)
        {
            var comma = rest.IndexOf((byte)',');
            var argument = (comma < 0 ? rest : rest[..comma]).Trim((byte)' ');
            if (argument.StartsWith(name))
                return Instant.TryParse(argument[name.Length..].Trim((byte)'\''), out var at) ? at : null;
            rest = comma < 0 ? default : rest[(comma + 1)..];
        }

        return null;
    }

    private static Instant? OneOf(List<(string Name, Instant At)> found, string[] words)
    {
        var instants = found.Where(one => Array.Exists(words, word => one.Name.StartsWith(word, StringComparison.Ordinal)
            || one.Name.EndsWith(word, StringComparison.Ordinal))).Select(one => one.At).Distinct().ToList();
        return instants.Count == 1 ? instants[0] : null;
    }

    private static void Collect(JToken token, List<(string Name, Instant At)> found)
    {
        if (token is JProperty { Value: JValue { Type: JTokenType.String } text } property
            && Instant.TryParse(Encoding.UTF8.GetBytes((string)text!), out var at))
        {
            found.Add((UsageFieldNames.KeyOf(property.Name), at));
            return;
        }

        foreach (var child in token.Children())
            Collect(child, found);
    }
}
