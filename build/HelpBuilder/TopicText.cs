using System.Text;
using Markdig.Syntax;

namespace HelpBuilder;

/// <summary>Writes an about_ page as the text that Get-Help shows.</summary>
internal static class TopicText
{
    private const int Width = 80;
    private const string Indent = "    ";

    public static string Of(HelpPage page)
    {
        var text = new StringBuilder();
        Heading(text, "Topic");
        Line(text, Indent + page.Title);
        text.Append('\n');

        // Get-Help about_* lists the one line under this very heading.
        Heading(text, "Short description");
        Line(text, Indent + string.Join(' ', PlainText.Paragraphs(page.Opening)));
        text.Append('\n');
        foreach (var section in page.Sections)
        {
            Heading(text, section.Name);
            Append(text, section.Content);
        }

        return text.ToString();
    }

    private static void Heading(StringBuilder text, string heading) => Line(text, heading.ToUpperInvariant());

    private static void Append(StringBuilder text, IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
        {
            if (block is CodeBlock code)
            {
                foreach (var line in PlainText.Of(code).Split('\n'))
                    Line(text, (Indent + Indent + line).TrimEnd());
            }
            else
            {
                foreach (var paragraph in PlainText.Paragraphs([block]))
                    Wrap(text, paragraph, paragraph.StartsWith("- ", StringComparison.Ordinal) ? "  " : string.Empty);
            }

            text.Append('\n');
        }
    }

    private static void Wrap(StringBuilder text, string paragraph, string hanging)
    {
        var line = new StringBuilder(Indent);
        var isEmpty = true;
        foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                Line(text, line.ToString());
                line.Clear().Append(Indent).Append(hanging);
                isEmpty = true;
            }

            line.Append(isEmpty ? string.Empty : " ").Append(word);
            isEmpty = false;
        }

        Line(text, line.ToString());
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
