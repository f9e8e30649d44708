using System.Text.Json;

namespace CommunicationsCredits.Benchmarks;

/// <summary>What one run of a job took.</summary>
/// <param name="Wall">Seconds that passed.</param>
/// <param name="Cpu">Seconds of CPU, of all threads.</param>
/// <param name="Written">Bytes given to the disk; 0 where the system does not count them.</param>
/// <param name="Peak">The most memory the process had so far, in bytes.</param>
/// <param name="Size">The size of the ledger afterwards, in bytes.</param>
internal sealed record Sample(double Wall, double Cpu, long Written = 0, long Peak = 0, long Size = 0)
{
    public static Sample Parse(string json) => JsonSerializer.Deserialize<Sample>(json)!;

    /// <summary>The middle one of some figures.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
