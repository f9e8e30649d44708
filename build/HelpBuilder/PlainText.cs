using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HelpBuilder;

/// <summary>Markdown as text for a console: no marks, and each paragraph on one line, for whoever shows it to wrap.</summary>
internal static class PlainText
{
    /// <summary>The text of a heading or a paragraph.</summary>
    public static string Of(LeafBlock block)
    {
        var text = new StringBuilder();
        if (block.Inline is not null)
            Append(text, block.Inline);
        return text.ToString();
    }

    /// <summary>The lines of a code block.</summary>
    public static string Of(CodeBlock block) => block.Lines.ToString();

    /// <summary>The paragraphs of blocks: of a list, one an item; of a table, one a row; a code block is one as it stands.</summary>
    public static IEnumerable<string> Paragraphs(IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
        {
            switch (block)
            {
                case ListBlock list:
                    foreach (var item in list.Cast<ListItemBlock>())
                        yield return "- " + string.Join("\n", Paragraphs(item));
                    break;
                case Table table:
                    foreach (var row in table.Cast<TableRow>().Where(row => !row.IsHeader))
                        yield return "- " + string.Join(": ", row.Cast<TableCell>().Select(cell => string.Join(" ", Paragraphs(cell))));
                    break;
                case CodeBlock code:
                    yield return Of(code);
                    break;
                case HtmlBlock:
                    // A comment: for whoever runs the examples, not for whoever reads them.
                    break;
                case HeadingBlock heading:
                    yield return Of((LeafBlock)heading).ToUpperInvariant();
                    break;
                case LeafBlock leaf:
                    yield return Of(leaf);
                    break;
                case ContainerBlock container:
                    foreach (var paragraph in Paragraphs(container))
                        yield return paragraph;
                    break;
            }
        }
    }

    private static void Append(StringBuilder text, ContainerInline container)
    {
        foreach (var inline in container)
        {
            switch (inline)
            {
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case LineBreakInline:
                    text.Append(' ');
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded);
                    break;
                case AutolinkInline link:
                    text.Append(link.Url);
                    break;
                case ContainerInline nested:
                    Append(text, nested);
                    break;
                default:
                    text.Append(inline);
                    break;
            }
        }
    }
}
