using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CommunicationsCredits.Benchmarks;

/// <summary>Writes what was measured into a page, between two marks; what stands around them is left as it is.</summary>
internal static class PerformancePage
{
    /// <summary>The runs of each job of each session.</summary>
    public static string Table(Workload workload, IReadOnlyDictionary<(string Session, string Job), List<Sample>> runs)
    {
        var text = new StringBuilder();
        text.AppendLine("| what | against | ratio (spread) | target | seconds: wall, CPU | of the reference |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var row in Comparison.Table(workload))
        {
            if (!runs.TryGetValue((row.Session, row.Subject), out var subject))
                continue;
            List<Sample>? reference = null;
            if (row.Reference is { } other && !runs.TryGetValue((row.Session, other), out reference))
                continue;
            var ratios = subject.Select((sample, round) => row.Ratio(sample, (reference ?? subject)[round])).ToList();
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {row.What} | {row.Against} | **{Figure(Sample.Median(ratios))}{row.Unit}** ({Figure(ratios.Min())}–{Figure(ratios.Max())}) | {row.Target} | {Seconds(subject)} | {(reference is null ? "–" : Seconds(reference))} |");
        }

        return text.ToString();
    }

    /// <summary>A ledger that grew, a file a line.</summary>
    public static string Growth(int records, IReadOnlyList<Sample> files)
    {
        var text = new StringBuilder();
        text.AppendLine("| file | wall, s | CPU, µs a call | written, MB | ledger, MB | bytes a call | peak, MB |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- |");
        for (var i = 0; i < files.Count; i++)
        {
            var file = files[i];
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {i + 1} | {file.Wall:0.0} | {file.Cpu * 1e6 / records:0.0} | {file.Written / 1e6:0} | {file.Size / 1e6:0} | {(double)file.Size / records / (i + 1):0} | {file.Peak / 1e6:0} |");
        }

        return text.ToString();
    }

    /// <summary>What it was measured on.</summary>
    public static string Machine(int runs)
    {
        var load = File.Exists("/proc/loadavg") ? ", load " + File.ReadAllText("/proc/loadavg").Split(' ')[0] : string.Empty;
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);
        return string.Create(CultureInfo.InvariantCulture,
            $"Medians of {runs} interleaved runs on {DateTime.UtcNow:yyyy-MM-dd}: {Environment.ProcessorCount} × {model}, {memory} GB, {RuntimeInformation.OSDescription}, .NET {Environment.Version}{load} at the end.");
    }

    public static void Replace(string path, string mark, string text)
    {
        var (begin, end) = ($"<!-- {mark}: begin -->", $"<!-- {mark}: end -->");
        var page = File.Exists(path) ? File.ReadAllText(path) : $"# Performance\n\n{begin}\n{end}\n";
        var from = page.IndexOf(begin, StringComparison.Ordinal);
        var to = page.IndexOf(end, StringComparison.Ordinal);
        if (from < 0 || to < from)
            throw new InvalidOperationException($"'{path}' has no marks of '{mark}'.");
        File.WriteAllText(path, page[..(from + begin.Length)] + "\n" + text.ReplaceLineEndings("\n") + page[to..]);
    }

    private static string Seconds(List<Sample> samples) => string.Create(
        CultureInfo.InvariantCulture, $"{Sample.Median(samples.Select(sample => sample.Wall)):0.00}, {Sample.Median(samples.Select(sample => sample.Cpu)):0.00}");

    private static string Figure(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
