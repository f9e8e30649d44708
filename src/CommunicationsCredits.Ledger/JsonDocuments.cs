using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace CommunicationsCredits.Ledger;

/// <summary>
/// The one place that says how JSON documents are read and written: requests to gateways and their answers, <c>gateways.json</c>,
/// webhooks and exports. (Usage exports are read record by record, by a reader of their own.)
/// </summary>
internal static class JsonDocuments
{
    private const int MaximumDepth = 64;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonLoadSettings Settings = new()
    {
        CommentHandling = CommentHandling.Ignore,
        DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error,
        LineInfoHandling = LineInfoHandling.Load,
    };

    /// <summary>Reads one document: texts stay texts, numbers are exact, and what RFC 8259 does not know is refused.</summary>
    /// <param name="utf8">The document, with or without a byte order mark.</param>
    /// <param name="allowComments">Whether a person writes it, who may want to note something in it.</param>
    /// <exception cref="JsonException">It is not such a document, has a name twice in an object, or is nested too deeply.</exception>
    public static JToken Read(ReadOnlySpan<byte> utf8, bool allowComments = false)
    {
        // Some shells begin what they write with a byte order mark.
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        using var reader = new StrictReader(Text(utf8), allowComments);
        var document = JToken.Load(reader, Settings);
        while (reader.Read())
        {
            // Comments may follow; anything else is refused by the reader itself.
        }

        return document;
    }

    /// <summary>A document on one line, as it is sent.</summary>
    public static byte[] Write(JToken document) => Encoding.UTF8.GetBytes(document.ToString(Formatting.None));

    /// <summary>A writer of a document that people may look at, for one too large to be held; UTF-8, with line feeds on every system.</summary>
    public static JsonWriter NewWriter(Stream stream) =>
        new JsonTextWriter(new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" })
        {
            Formatting = Formatting.Indented,
            AutoCompleteOnClose = false,
        };

    private static string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Utf8.GetString(utf8);
        }
        catch (DecoderFallbackException problem)
        {
            throw new JsonReaderException("The text is not UTF-8.", problem);
        }
    }

    /// <summary>
    /// Refuses what Newtonsoft.Json reads beyond the standard: other quotes, constructors, undefined, comments, halves of surrogate pairs.
    /// </summary>
    private sealed class StrictReader : JsonTextReader
    {
        private const char Replacement = '\uFFFD';

        private readonly bool _allowsComments;
        private readonly bool _hasReplacements;

        public StrictReader(string text, bool allowsComments)
            : base(new StringReader(text))
        {
            _allowsComments = allowsComments;
            _hasReplacements = text.Contains(Replacement) || text.Contains(@"\ufffd", StringComparison.OrdinalIgnoreCase);
            DateParseHandling = DateParseHandling.None;
            FloatParseHandling = FloatParseHandling.Decimal;
            MaxDepth = MaximumDepth;
        }

        public override bool Read()
        {
            var isRead = base.Read();
            var isStandard = TokenType switch
            {
                JsonToken.PropertyName or JsonToken.String => QuoteChar == '"' && IsAsWritten((string)Value!),
                JsonToken.Comment => _allowsComments,
                JsonToken.Undefined or JsonToken.StartConstructor or JsonToken.EndConstructor => false,
                _ => true,
            };
            return isStandard
                ? isRead
                : throw new JsonReaderException($"There is no {TokenType} like this in JSON. Path '{Path}', line {LineNumber}, position {LinePosition}.");
        }

        /// <summary>Half of a surrogate pair is read as a replacement character, which was not written.</summary>
        private bool IsAsWritten(string text) => _hasReplacements || !text.Contains(Replacement);
    }
}
