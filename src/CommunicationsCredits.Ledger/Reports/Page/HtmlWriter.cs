using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace CommunicationsCredits.Ledger.Reports.Page;

/// <summary>
/// Writes HTML: what stands in the source is markup, and whatever is put into it is text, always. So nothing that comes from
/// outside can become markup, by the way it is written.
/// </summary>
internal sealed partial class HtmlWriter(TextWriter writer)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Writes markup with text in it.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The interpolated string writes to this writer while it is made.")]
    public void Write([InterpolatedStringHandlerArgument("")] Markup markup) => _ = markup;

    /// <summary>Writes markup that has no text in it.</summary>
    public void WriteMarkup(string markup) => writer.Write(markup);

    /// <summary>Writes a sentence. Its dates stay in one piece where the line ends.</summary>
    public void WriteProse(string text)
    {
        var written = 0;
        foreach (var date in Date().EnumerateMatches(text))
        {
            Write($"{text[written..date.Index]}<time>{text.Substring(date.Index, date.Length)}</time>");
            written = date.Index + date.Length;
        }

        Write($"{text[written..]}");
    }

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Date();

    /// <summary>What an interpolated string is while it is written.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Markup
    {
        private readonly TextWriter _writer;

        public Markup(int literalLength, int formattedCount, HtmlWriter html)
        {
            _ = literalLength + formattedCount;
            _writer = html.Target;
        }

        public void AppendLiteral(string markup) => _writer.Write(markup);

        public void AppendFormatted(string? text)
        {
            if (text is not null)
                Encoder.Encode(_writer, text);
        }

        public void AppendFormatted<T>(T value) => AppendFormatted(Convert.ToString(value, CultureInfo.InvariantCulture));
    }

    private TextWriter Target => writer;
}
