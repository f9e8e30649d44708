using HelpBuilder;

// The module's build runs this: HelpBuilder <docs folder> <module.dll> <file that lists its references> <output folder>
if (args.Length != 4)
{
    Console.Error.WriteLine("HelpBuilder : error HELP000: give the docs folder, the module's dll, the list of its references, and the output folder.");
    return 2;
}

var (docs, module, references, output) = (args[0], args[1], args[2], args[3]);
try
{
    using var cmdlets = CmdletReader.Open(module, File.ReadAllLines(references));
    Directory.CreateDirectory(output);

    var pages = new Dictionary<string, HelpPage>(StringComparer.OrdinalIgnoreCase);
    foreach (var file in Directory.GetFiles(docs, "*.md").Order(StringComparer.Ordinal))
    {
        var page = HelpPage.Read(file);
        if (page.Title.StartsWith("about_", StringComparison.Ordinal))
            File.WriteAllText(Path.Combine(output, page.Title + ".help.txt"), TopicText.Of(page));
        else
            pages.Add(page.Title, page);
    }

    var commands = cmdlets.Read().OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal).ToList();
    foreach (var cmdlet in commands.Where(cmdlet => !pages.ContainsKey(cmdlet.Name)))
        Console.WriteLine($"{cmdlet.Name} has no page in {Path.GetFileName(docs)} yet; its help has the syntax only.");
    Maml.Write(
        Path.Combine(output, Path.GetFileName(module) + "-Help.xml"),
        commands.Select(cmdlet => (cmdlet, pages.GetValueOrDefault(cmdlet.Name))));
    return 0;
}
catch (HelpException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
