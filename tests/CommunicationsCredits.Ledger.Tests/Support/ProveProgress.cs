using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>
/// How far a proof of the tier Prove has come: it goes on where the last run ended, for LEDGER_PROVE_MINUTES (30) or to its goal, and
/// docs/reliability.md says what was reached.
/// </summary>
internal sealed partial class ProveProgress
{
    private readonly string _name;
    private readonly string _file;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly TimeSpan _limit;

    /// <summary>What was done so far.</summary>
    /// <param name="name">The proof's name, as the page has it.</param>
    /// <param name="goal">How much is to be done.</param>
    public ProveProgress(string name, int goal)
    {
        _name = name;
        Goal = goal;
        _file = Path.Combine(Shared.Repository, "out", "prove", $"{name}.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        Done = File.Exists(_file) ? int.Parse(File.ReadAllText(_file), CultureInfo.InvariantCulture) : 0;
        var minutes = Environment.GetEnvironmentVariable("LEDGER_PROVE_MINUTES");
        _limit = TimeSpan.FromMinutes(int.TryParse(minutes, CultureInfo.InvariantCulture, out var given) ? given : 30);
    }

    public int Goal { get; }

    public int Done { get; private set; }

    /// <summary>Whether there is more to do, and time for it.</summary>
    public bool GoesOn => Done < Goal && _watch.Elapsed < _limit;

    /// <summary>Keeps that so many more are done.</summary>
    /// <param name="count">How many.</param>
    /// <param name="unit">Of what, as the page says it.</param>
    public void Advance(int count, string unit)
    {
        Done += count;
        File.WriteAllText(_file, Done.ToString(CultureInfo.InvariantCulture));
        var page = Path.Combine(Shared.Repository, "docs", "reliability.md");
        var text = File.ReadAllText(page);
        var said = string.Create(CultureInfo.InvariantCulture, $"{Done:N0} of {Goal:N0} {unit}, {DateTime.UtcNow:yyyy-MM-dd}");
        var changed = Mark().Replace(text, found => found.Groups[1].Value == _name ? $"<!-- prove:{_name} -->{said}<!-- / -->" : found.Value);
        if (changed != text)
            File.WriteAllText(page, changed);
    }

    [GeneratedRegex("<!-- prove:([a-z-]+) -->.*?<!-- / -->")]
    private static partial Regex Mark();
}
