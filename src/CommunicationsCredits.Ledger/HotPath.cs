using System.Runtime.CompilerServices;

namespace CommunicationsCredits.Ledger;

/// <summary>
/// How the methods that every call of an import passes are compiled: at once, and fully. A runbook imports in a new process each night, which would
/// otherwise run them unoptimised, then counting, then compiled a third time, until the file is half read. What they inline comes with them.
/// </summary>
internal static class HotPath
{
    /// <summary>For <see cref="MethodImplAttribute"/>.</summary>
    public const MethodImplOptions Compiled = MethodImplOptions.AggressiveOptimization;
}
