using Markdig;
using Markdig.Syntax;

namespace HelpBuilder;

/// <summary>A page of docs/en-US, cut up by its headings.</summary>
internal sealed class HelpPage
{
    private readonly string _file;
    private readonly List<Section> _sections = [];

    private HelpPage(string file, string title, IReadOnlyList<Block> opening) => (_file, Title, Opening) = (file, title, opening);

    /// <summary>The first heading: a cmdlet's name, or about_ something.</summary>
    public string Title { get; }

    /// <summary>What stands between the title and the first section: the synopsis.</summary>
    public IReadOnlyList<Block> Opening { get; }

    /// <summary>The sections, by their headings of the second level.</summary>
    public IReadOnlyList<Section> Sections => _sections;

    public static HelpPage Read(string file)
    {
        var markdown = Markdown.Parse(File.ReadAllText(file), new MarkdownPipelineBuilder().UsePipeTables().Build());
        if (markdown.FirstOrDefault() is not HeadingBlock { Level: 1 } title)
            throw new HelpException(file, 1, "a page begins with its title, as in '# Get-CreditBalance'.");
        var name = PlainText.Of(title);
        if (name != Path.GetFileNameWithoutExtension(file))
            throw new HelpException(file, title.Line + 1, $"the title '{name}' is not the file's name.");

        var blocks = markdown.Skip(1).ToList();
        var page = new HelpPage(file, name, [.. blocks.TakeWhile(block => block is not HeadingBlock)]);
        foreach (var (heading, content) in Cut(blocks, level: 2))
            page._sections.Add(new(PlainText.Of(heading), content));
        return page;
    }

    /// <summary>The content of a section; nothing where there is no such section.</summary>
    public IReadOnlyList<Block> Section(string name) => _sections.Find(section => section.Name == name)?.Content ?? [];

    /// <summary>The parts of a section, by their headings of the third level.</summary>
    public IEnumerable<Section> Parts(string section) =>
        Cut(Section(section), level: 3).Select(part => new Section(PlainText.Of(part.Heading), part.Content));

    public override string ToString() => _file;

    private static IEnumerable<(HeadingBlock Heading, IReadOnlyList<Block> Content)> Cut(IReadOnlyList<Block> blocks, int level)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i] is HeadingBlock heading && heading.Level == level)
                yield return (heading, [.. blocks.Skip(i + 1).TakeWhile(block => block is not HeadingBlock other || other.Level > level)]);
        }
    }
}

/// <summary>A heading, and what stands under it.</summary>
internal sealed record Section(string Name, IReadOnlyList<Block> Content);
