using System.Reflection;

namespace CommunicationsCredits.Ledger.Tests.Architecture;

/// <summary>What the engine and its contracts refer to, as their assemblies say: the engine never sees PowerShell.</summary>
public sealed class EngineReferenceTests
{
    [Fact]
    public void The_engine_never_sees_PowerShell_however_far_its_references_lead()
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Follow(typeof(LedgerSession).Assembly, "", seen);

        Assert.Contains("CommunicationsCredits.Contracts", seen.Keys);
        Assert.Contains(seen.Keys, name => name.StartsWith("SQLitePCLRaw", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, reference =>
            reference.Key.StartsWith("System.Management.Automation", StringComparison.OrdinalIgnoreCase)
            || reference.Key.Contains("PowerShell", StringComparison.OrdinalIgnoreCase)
            || reference.Key == "CommunicationsCredits");
    }

    [Fact]
    public void The_contracts_refer_to_nothing_but_the_framework() => Assert.All(
        typeof(CreditException).Assembly.GetReferencedAssemblies(),
        reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    // What comes with .NET is not followed: it lies elsewhere, and leads nowhere else.
    private static void Follow(Assembly assembly, string by, Dictionary<string, string> seen)
    {
        foreach (var reference in assembly.GetReferencedAssemblies())
        {
            if (!seen.TryAdd(reference.Name!, $"{by}/{assembly.GetName().Name}"))
                continue;
            if (File.Exists(Path.Combine(AppContext.BaseDirectory, $"{reference.Name}.dll")))
                Follow(Assembly.Load(reference), $"{by}/{assembly.GetName().Name}", seen);
        }
    }
}
