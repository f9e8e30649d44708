using System.Globalization;

namespace CommunicationsCredits.Benchmarks;

/// <summary>A session: what is run once, and then again and again, one job after another, so that load meets all alike.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Begin">What is run once.</param>
/// <param name="Round">What each round runs.</param>
internal sealed record Session(string Name, string[] Begin, string[] Round)
{
    /// <summary>All sessions.</summary>
    public static IReadOnlyList<Session> All { get; } =
    [
        new("job", [], ["import", "import-again", "verify", "transactions", "import-csv", "sqlite-import"]),
        new("objects", [], ["objects", "objects-empty"]),
        new("files", [], ["files", "import"]),
        new("balances", ["tenants"], ["balances", "balances-empty"]),
        new("lots", ["tenants", "lots"], ["balances", "balances-empty"]),
        new("writes", [], ["funds", "funds-singly", "rules", "rules-singly", "maintenance", "sqlite-inserts", "funds-to-many-lots"]),
        new("module", [], ["module", "module-empty"]),
    ];
}

/// <summary>A line of the table: a job beside the one that it is measured against.</summary>
/// <param name="What">What it is, in words.</param>
/// <param name="Against">What it is measured against, in words.</param>
/// <param name="Session">The session that both are of.</param>
/// <param name="Subject">The job.</param>
/// <param name="Reference">The job it is measured against; null where a plain figure is the target.</param>
/// <param name="Target">The target.</param>
/// <param name="Ratio">The figure, of a run of each.</param>
/// <param name="Unit">What follows the figure.</param>
internal sealed record Comparison(
    string What, string Against, string Session, string Subject, string? Reference, string Target, Func<Sample, Sample, double> Ratio,
    string Unit = " ×")
{
    /// <summary>The table of targets.</summary>
    public static IReadOnlyList<Comparison> Table(Workload workload)
    {
        var calls = workload.Records.ToString("N0", CultureInfo.InvariantCulture);
        var tenants = workload.Tenants.ToString("N0", CultureInfo.InvariantCulture);
        var few = (double)workload.Tenants / workload.FewTenants;
        return
        [
            new($"`Import-UsageRecord`, {calls} calls", "`Import-Csv \\| Measure-Object`", "job", "import", "import-csv", "≥ 1.5 ×", Faster),
            new("the same, CPU of all threads", "the same", "job", "import", "import-csv", "–", (one, other) => other.Cpu / one.Cpu),
            new("the same", "`sqlite3 .import` into one table with a unique id", "job", "import", "sqlite-import", "≥ 2.5 ×", Faster),
            new("peak memory of that PowerShell", "–", "job", "import", null, "≤ 400 MB", (one, _) => one.Peak / 1e6, " MB"),
            new("on disk", "–", "job", "import", null, "≤ 270 bytes a call", (one, _) => (double)one.Size / workload.Records, " bytes"),
            new("bytes given to the disk", "–", "job", "import", null, "≤ 1,500 a call", (one, _) => (double)one.Written / workload.Records, " bytes"),
            new("the same file again: all duplicates", "its first import", "job", "import-again", "import", "≥ 1.5 ×", Faster),
            new("`Test-CreditLedger`, CPU seconds", "–", "job", "verify", null, "≤ 7 s a million calls", (one, _) => one.Cpu * 1e6 / workload.Records, " s"),
            new("`Get-CreditTransaction \\| Measure-Object`", "`Import-Csv \\| Measure-Object`", "job", "transactions", "import-csv", "–", Faster),
            new($"{workload.Records / 10:N0} objects into `Import-UsageRecord`", "`ForEach-Object { $n++ }` on them", "objects", "objects", "objects-empty", "≤ 3 ×", Slower),
            new($"{workload.Files:N0} files of {workload.Records / workload.Files:N0} calls, a tenant each", "one file of as many calls", "files", "files", "import", "≤ 1.3 ×", Slower),
            new($"`Get-CreditBalance`, {tenants} tenants", "as many `[pscustomobject]`", "balances", "balances", "balances-empty", "≤ 3 ×", Slower),
            new("the same with 11 open lots each", "the same", "lots", "balances", "balances-empty", "≤ 3 ×", Slower),
            new("one `Add-CreditFunds`", "a bare durable SQLite insert", "writes", "funds-singly", "sqlite-inserts", "≤ 2.5 ×", Slower),
            new($"`Add-CreditFunds` to a tenant with {workload.Tenants / 2:N0} live lots", "to one with none", "writes", "funds-to-many-lots", "funds-singly", "–", Slower),
            new($"{tenants} tenants piped into `Add-CreditFunds`", "one commit each", "writes", "funds", "funds-singly", "≥ 20 ×", (one, other) => other.Wall * few / one.Wall),
            new($"{tenants} tenants piped into `Set-AutoRecharge`", "one commit each", "writes", "rules", "rules-singly", "≥ 20 ×", (one, other) => other.Wall * few / one.Wall),
            new($"`Invoke-CreditMaintenance`, {tenants} tenants", "the piped `Add-CreditFunds`", "writes", "maintenance", "funds", "≤ 2 ×", Slower),
            new("import of the module and `Get-CreditLedger`", "an empty PowerShell", "module", "module", "module-empty", "≤ 200 ms", (one, other) => (one.Wall - other.Wall) * 1000, " ms"),
        ];
    }

    private static double Faster(Sample one, Sample other) => other.Wall / one.Wall;

    private static double Slower(Sample one, Sample other) => one.Wall / other.Wall;
}
