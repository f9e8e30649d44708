using System.Globalization;
using System.Reflection;

namespace CommunicationsCredits.Benchmarks;

/// <summary>How much is measured, where its files are, and what module is measured.</summary>
internal sealed class Workload : IDisposable
{
    private readonly bool _keeps;

    public Workload(int records, int tenants, int files, int months, string? folder)
    {
        Records = records;
        Tenants = tenants;
        Files = files;
        Months = months;
        _keeps = folder is not null;
        Folder = Path.GetFullPath(folder ?? Path.Combine(Path.GetTempPath(), "bench-" + Path.GetRandomFileName()));
        Directory.CreateDirectory(Folder);
    }

    public static string Repository { get; } = Path.GetFullPath(Metadata("Repository"));

    /// <summary>The calls of a file.</summary>
    public int Records { get; }

    /// <summary>The tenants of what is measured of many.</summary>
    public int Tenants { get; }

    /// <summary>The tenants of what is measured of a few: their jobs take that much longer.</summary>
    public int FewTenants => Math.Max(10, Tenants / 40);

    /// <summary>The small files, each of as many calls as make one large file together.</summary>
    public int Files { get; }

    /// <summary>The files that the growing ledger gets.</summary>
    public int Months { get; }

    public string Folder { get; }

    /// <summary>The manifest of the staged module.</summary>
    public string Module { get; } = Path.Combine(Path.GetFullPath(Metadata("ModuleStage")), "CommunicationsCredits.psd1");

    public string Usage(int month) => Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"usage-{month}.csv"));

    /// <summary>Writes the files that are not there yet.</summary>
    public void WriteFiles(bool small)
    {
        UsageData.WriteRates(Path.Combine(Folder, "rates.csv"));
        var start = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var month = 1; month <= Months; month++)
        {
            if (!File.Exists(Usage(month)))
                UsageData.WriteUsage(Usage(month), Records, month, start.AddMonths(month - 1));
        }

        var folder = Path.Combine(Folder, "files");
        if (!small || Directory.Exists(folder))
            return;
        Directory.CreateDirectory(folder);
        for (var file = 1; file <= Files; file++)
            UsageData.WriteUsage(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{file:d5}.csv")), Records / Files, 1000 + file, start);
    }

    public void Dispose()
    {
        if (!_keeps)
            Directory.Delete(Folder, recursive: true);
    }

    private static string Metadata(string key) => typeof(Workload).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(item => item.Key == key).Value!;
}
