namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>The folder of public data and vectors beside the checkout, which need not be there.</summary>
internal static class Shared
{
    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Repository, "..", "shared"));

    public static string? WhyMissing { get; } = Directory.Exists(Path.Combine(Root, "vectors"))
        ? null
        : $"The shared data is not here: there is no '{Root}'.";

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The rows of a CSV without quotes, by column name.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Rows(params string[] parts)
    {
        var lines = File.ReadAllLines(PathOf(parts));
        var header = lines[0].Split(',');
        return lines.Skip(1).Where(line => line.Length > 0).Select(line =>
            (IReadOnlyDictionary<string, string>)header.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second));
    }

    /// <summary>A theory's cases: each row as one text, so that a case is named by it; none where the folder is missing.</summary>
    public static TheoryData<string> Cases(params string[] parts) =>
        WhyMissing is null ? new(File.ReadLines(PathOf(parts)).Skip(1).Where(line => line.Length > 0)) : new("-");

    /// <summary>A case's row.</summary>
    public static IReadOnlyDictionary<string, string> Row(string line, params string[] parts) =>
        File.ReadLines(PathOf(parts)).First().Split(',').Zip(line.Split(','))
            .ToDictionary(cell => cell.First, cell => cell.Second);

    private static string FindRepository()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "CommunicationsCredits.slnx")))
                return folder;
        }

        return AppContext.BaseDirectory;
    }
}

/// <summary>A fact that needs the shared data, and is skipped by name without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute() => Skip = Shared.WhyMissing;
}

/// <summary>A theory that needs the shared data, and is skipped by name without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute() => Skip = Shared.WhyMissing;
}
