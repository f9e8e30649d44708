using System.Reflection;

namespace CommunicationsCredits.Tests;

/// <summary>Where this checkout has its files.</summary>
internal static class Checkout
{
    /// <summary>The module as <c>dotnet build</c> stages it, or the one whose manifest COMMUNICATIONSCREDITS_MODULE names.</summary>
    public static string ModuleStage { get; } = Path.GetFullPath(
        Path.GetDirectoryName(Environment.GetEnvironmentVariable("COMMUNICATIONSCREDITS_MODULE")) ?? Metadata("ModuleStage"));

    /// <summary>The manifest of the staged module.</summary>
    public static string Manifest { get; } = Path.Combine(ModuleStage, "CommunicationsCredits.psd1");

    /// <summary>The folder of the Pester suites.</summary>
    public static string PesterSuites { get; } = Path.GetFullPath(Path.Combine(Metadata("Repository"), "tests", "Pester"));

    /// <summary>The folder of the pages that Get-Help shows.</summary>
    public static string HelpPages { get; } = Path.GetFullPath(Path.Combine(Metadata("Repository"), "docs", "en-US"));

    /// <summary>The folder of the checkout.</summary>
    public static string Repository { get; } = Path.GetFullPath(Metadata("Repository"));

    /// <summary>The sample that shows the main job.</summary>
    public static string Quickstart { get; } = Path.GetFullPath(Metadata("Quickstart"));

    /// <summary>The folder of the packages that were restored.</summary>
    public static string Packages { get; } = Path.GetFullPath(Metadata("Packages"));

    private static string Metadata(string key) => typeof(Checkout).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(item => item.Key == key).Value!;
}
