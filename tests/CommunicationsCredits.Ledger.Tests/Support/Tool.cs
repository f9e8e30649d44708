using System.Diagnostics;

namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>A program that tests use where it is installed.</summary>
internal static class Tool
{
    /// <summary>The program's path, or null where it is on none.</summary>
    public static string? Find(params string[] names) => (
        from name in names
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        let path = Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault();

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, and all it wrote.</returns>
    public static (int Code, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["LANG"] = start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}

/// <summary>A fact that needs hledger, and is skipped by name without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HledgerFactAttribute : FactAttribute
{
    public HledgerFactAttribute() => Skip = Hledger.WhyMissing;
}

/// <summary>A theory that needs hledger, and is skipped by name without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HledgerTheoryAttribute : TheoryAttribute
{
    public HledgerTheoryAttribute() => Skip = Hledger.WhyMissing;
}

/// <summary>The judge from outside (H2).</summary>
internal static class Hledger
{
    private static readonly string? Program = Tool.Find("hledger", "hledger.exe");

    public static string? WhyMissing { get; } = Program is null ? "hledger is not on the PATH." : null;

    /// <summary>What hledger says against a journal, by all its checks; nothing where all is well.</summary>
    public static string Check(string journal)
    {
        var (code, output) = Tool.Run(
            Program!, "check", "--strict", "accounts", "commodities", "balancednoautoconversion", "ordereddates", "payees", "uniqueleafnames", "-f", journal);
        return code == 0 ? output.Trim() : $"{code}: {output.Trim()}";
    }

    /// <summary>The balances that a query finds, as CSV without its header.</summary>
    public static IReadOnlyList<string> Balances(string journal, params string[] query)
    {
        var (code, output) = Tool.Run(Program!, ["balance", "--flat", "--empty", "-N", "-O", "csv", .. query, "-f", journal]);
        Assert.True(code == 0, output);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
    }
}
