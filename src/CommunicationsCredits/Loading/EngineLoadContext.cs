using System.Reflection;
using System.Runtime.Loader;

namespace CommunicationsCredits.Loading;

/// <summary>
/// Loads the ledger engine and all it depends on from the module's <c>deps</c> folder, apart from what other modules have loaded
/// under the same names. The records it answers with are those of the default context, so that they are the types scripts name.
/// </summary>
internal sealed class EngineLoadContext : AssemblyLoadContext
{
    private const string Engine = "CommunicationsCredits.Ledger";

    private static readonly Lazy<EngineLoadContext> Instance = new(() => new());
    private static int _imports;

    private readonly AssemblyDependencyResolver _resolver;

    private EngineLoadContext()
        : base("CommunicationsCredits")
    {
        var module = Path.GetDirectoryName(typeof(EngineLoadContext).Assembly.Location)!;
        _resolver = new(Path.Combine(module, "deps", Engine + ".dll"));
    }

    /// <summary>Answers for the engine from now on. Each runspace that imports the module asks for it.</summary>
    public static void Hook()
    {
        if (Interlocked.Increment(ref _imports) == 1)
            Default.Resolving += Resolve;
    }

    /// <summary>Undoes one <see cref="Hook"/>; the last one takes the handler away.</summary>
    public static void Unhook()
    {
        if (Interlocked.Decrement(ref _imports) == 0)
            Default.Resolving -= Resolve;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var contracts = typeof(CreditTenant).Assembly;
        if (assemblyName.Name == contracts.GetName().Name)
            return contracts;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == Engine ? Instance.Value.LoadFromAssemblyName(name) : null;
}
