namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>Why tests of Unix permissions do not run elsewhere.</summary>
internal static class Unix
{
    public static string? WhyMissing { get; } = OperatingSystem.IsWindows() ? "Windows has no Unix permissions." : null;
}

/// <summary>A fact about Unix permissions, skipped by name elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = Unix.WhyMissing;
}

/// <summary>A theory about Unix permissions, skipped by name elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = Unix.WhyMissing;
}
