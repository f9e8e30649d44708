using System.Management.Automation;

namespace CommunicationsCredits.Loading;

/// <summary>What PowerShell calls when the module is imported and removed.</summary>
public sealed class ModuleEvents : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => EngineLoadContext.Hook();

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => EngineLoadContext.Unhook();
}
