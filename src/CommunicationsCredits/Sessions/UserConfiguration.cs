namespace CommunicationsCredits.Sessions;

/// <summary>The user's configuration on this machine: gateways, and the key that tokens are kept with.</summary>
internal static class UserConfiguration
{
    private const string Variable = "COMMUNICATIONSCREDITS_CONFIGURATION";

    /// <summary>Its folder, where the environment names another than the usual one; else null.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;
}
