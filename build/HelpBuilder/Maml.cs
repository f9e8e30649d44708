using System.Globalization;
using System.Text;
using System.Xml;
using Markdig.Syntax;

namespace HelpBuilder;

/// <summary>Writes the help file of a module: what its cmdlets take comes from the cmdlets, what it means from their pages.</summary>
internal sealed class Maml
{
    private const string CommandSpace = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private const string MamlSpace = "http://schemas.microsoft.com/maml/2004/10";
    private const string DevSpace = "http://schemas.microsoft.com/maml/dev/2004/10";
    private const string Default = "Default: ";
    private const int Width = 80;

    private readonly XmlWriter _xml;

    private Maml(XmlWriter xml) => _xml = xml;

    public static void Write(string file, IEnumerable<(Cmdlet Cmdlet, HelpPage? Page)> commands)
    {
        var settings = new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), NewLineChars = "\n" };
        using var xml = XmlWriter.Create(file, settings);
        xml.WriteStartElement("helpItems", "http://msh");
        xml.WriteAttributeString("schema", "maml");
        foreach (var (cmdlet, page) in commands)
            new Maml(xml).WriteCommand(cmdlet, page);
        xml.WriteEndElement();
    }

    private void WriteCommand(Cmdlet cmdlet, HelpPage? page)
    {
        _xml.WriteStartElement("command", "command", CommandSpace);
        _xml.WriteAttributeString("xmlns", "maml", null, MamlSpace);
        _xml.WriteAttributeString("xmlns", "dev", null, DevSpace);

        Command("details", () =>
        {
            CommandText("name", cmdlet.Name);
            CommandText("verb", cmdlet.Verb);
            CommandText("noun", cmdlet.Noun);
            Paragraphs("description", page?.Opening ?? []);
        });
        Paragraphs("description", page?.Section("Description") ?? []);
        Command("syntax", () =>
        {
            foreach (var set in cmdlet.ParameterSets)
                WriteSyntax(cmdlet, set);
        });

        var texts = page?.Parts("Parameters").ToDictionary(part => part.Name.TrimStart('-'), part => part.Content, StringComparer.OrdinalIgnoreCase);
        Command("parameters", () =>
        {
            foreach (var parameter in cmdlet.Parameters)
                WriteParameter(parameter, Best(parameter), texts?.GetValueOrDefault(parameter.Name) ?? [], asSyntax: false);
        });
        WriteTypes("inputTypes", "inputType", page?.Parts("Inputs").Select(part => (part.Name, part.Content)) ?? []);
        var outputs = page?.Parts("Outputs").ToDictionary(part => part.Name, part => part.Content);
        WriteTypes("returnValues", "returnValue", cmdlet.OutputTypes.Select(type => type == "System.Void" ? "None" : type)
            .Select(type => (type, outputs?.GetValueOrDefault(type) ?? [])));
        WriteNotes(page);
        Command("examples", () =>
        {
            var number = 0;
            foreach (var example in page?.Parts("Examples") ?? [])
                WriteExample(example, ++number);
        });
        WriteLinks(page);
        _xml.WriteEndElement();
    }

    private void WriteSyntax(Cmdlet cmdlet, string set) => Command("syntaxItem", () =>
    {
        MamlText("name", cmdlet.Name);
        foreach (var parameter in cmdlet.Parameters
            .Where(parameter => parameter.In(set) is not null)
            .OrderBy(parameter => parameter.In(set)!.Position ?? int.MaxValue)
            .ThenBy(parameter => !parameter.In(set)!.IsMandatory))
            WriteParameter(parameter, parameter.In(set)!, [], asSyntax: true);
    });

    /// <summary>Of several parameter sets, what one had best know.</summary>
    private static ParameterUse Best(CmdletParameter parameter) =>
        parameter.Uses.Values.OrderBy(use => !use.IsMandatory).ThenBy(use => use.Position ?? int.MaxValue).First();

    private void WriteParameter(CmdletParameter parameter, ParameterUse use, IReadOnlyList<Block> text, bool asSyntax)
    {
        _xml.WriteStartElement("parameter", CommandSpace);
        _xml.WriteAttributeString("required", Lower(use.IsMandatory));
        _xml.WriteAttributeString("variableLength", Lower(parameter.IsArray));
        _xml.WriteAttributeString("globbing", Lower(parameter.TakesWildcards));
        _xml.WriteAttributeString("pipelineInput", use.Pipeline);
        _xml.WriteAttributeString("position", use.Position?.ToString(CultureInfo.InvariantCulture) ?? "named");
        _xml.WriteAttributeString("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases));
        MamlText("name", parameter.Name);

        var paragraphs = parameter.StandardText is { } standard ? [standard] : PlainText.Paragraphs(text).ToList();
        var byDefault = paragraphs.FindLast(paragraph => paragraph.StartsWith(Default, StringComparison.Ordinal));
        if (!asSyntax)
            Paragraphs("description", paragraphs.Where(paragraph => paragraph != byDefault));
        if (asSyntax && parameter.Values.Count > 0)
        {
            Command("parameterValueGroup", () =>
            {
                foreach (var value in parameter.Values)
                    WriteValue("parameterValue", value, isRequired: false);
            });
        }

        if (!parameter.IsSwitch)
            WriteValue("parameterValue", parameter.TypeName + (parameter.IsArray ? "[]" : string.Empty), isRequired: true);
        _xml.WriteStartElement("type", DevSpace);
        MamlText("name", parameter.TypeName + (parameter.IsArray ? "[]" : string.Empty));
        _xml.WriteEndElement();
        _xml.WriteElementString("defaultValue", DevSpace, byDefault?[Default.Length..].TrimEnd('.') ?? (parameter.IsSwitch ? "False" : "None"));
        _xml.WriteEndElement();
    }

    private void WriteValue(string element, string text, bool isRequired)
    {
        _xml.WriteStartElement(element, CommandSpace);
        _xml.WriteAttributeString("required", Lower(isRequired));
        _xml.WriteAttributeString("variableLength", "false");
        _xml.WriteString(text);
        _xml.WriteEndElement();
    }

    private void WriteTypes(string list, string element, IEnumerable<(string Name, IReadOnlyList<Block> Text)> types) => Command(list, () =>
    {
        foreach (var (name, text) in types)
        {
            Command(element, () =>
            {
                _xml.WriteStartElement("type", DevSpace);
                MamlText("name", name);
                _xml.WriteEndElement();
                Paragraphs("description", text);
            });
        }
    });

    private void WriteNotes(HelpPage? page)
    {
        var notes = PlainText.Paragraphs(page?.Section("Notes") ?? []).ToList();
        var errors = PlainText.Paragraphs(page?.Section("Errors") ?? []).ToList();
        if (errors.Count > 0)
            notes.AddRange(errors.Prepend("Errors, by the first part of FullyQualifiedErrorId:"));
        if (notes.Count == 0)
            return;
        _xml.WriteStartElement("alertSet", MamlSpace);
        Paragraphs("alert", notes);
        _xml.WriteEndElement();
    }

    private void WriteExample(Section example, int number) => Command("example", () =>
    {
        var title = $" Example {number}: {example.Name} ";
        MamlText("title", title.PadLeft(title.Length + Math.Max(0, (Width - title.Length) / 2), '-').PadRight(Width, '-'));

        // The first code block is what is typed; whatever follows is what comes of it, and remarks.
        var code = example.Content.OfType<CodeBlock>().FirstOrDefault();
        var before = PlainText.Paragraphs(example.Content.TakeWhile(block => block != code)).ToList();
        var after = PlainText.Paragraphs(example.Content.SkipWhile(block => block != code).Skip(1));
        _xml.WriteElementString("code", DevSpace, code is null ? string.Empty : PlainText.Of(code));
        _xml.WriteStartElement("remarks", DevSpace);
        foreach (var paragraph in before.Concat(after).Append(string.Empty))
            MamlText("para", paragraph);
        _xml.WriteEndElement();
    });

    private void WriteLinks(HelpPage? page)
    {
        var links = page?.Section("Related").OfType<ListBlock>().SelectMany(list => list.Cast<ListItemBlock>()).ToList();
        _xml.WriteStartElement("relatedLinks", MamlSpace);
        foreach (var link in links ?? [])
        {
            _xml.WriteStartElement("navigationLink", MamlSpace);
            MamlText("linkText", string.Join(" ", PlainText.Paragraphs(link)));
            MamlText("uri", string.Empty);
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    private void Paragraphs(string element, IEnumerable<Block> blocks) => Paragraphs(element, PlainText.Paragraphs(blocks));

    private void Paragraphs(string element, IEnumerable<string> paragraphs)
    {
        _xml.WriteStartElement(element, MamlSpace);
        foreach (var paragraph in paragraphs)
            MamlText("para", paragraph);
        _xml.WriteEndElement();
    }

    private void Command(string element, Action content)
    {
        _xml.WriteStartElement(element, CommandSpace);
        content();
        _xml.WriteEndElement();
    }

    private void CommandText(string element, string text) => _xml.WriteElementString(element, CommandSpace, text);

    private void MamlText(string element, string text) => _xml.WriteElementString(element, MamlSpace, text);

    private static string Lower(bool value) => value ? "true" : "false";
}
