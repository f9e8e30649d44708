namespace CommunicationsCredits.Ledger.Tests.Support;

/// <summary>A theory that only Linux can run, skipped by name elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute(string reason) => Skip = OperatingSystem.IsLinux() ? null : $"This needs Linux: {reason}.";
}
