using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Security;

namespace CommunicationsCredits.Sessions;

/// <summary>
/// Reads secrets at the moment of use: from the environment variable of that name, else by Get-Secret where
/// Microsoft.PowerShell.SecretManagement is installed. They are kept nowhere.
/// </summary>
internal static class SessionSecrets
{
    /// <summary>
    /// The key of tokens is asked for with every recharge and payment method, and most have none: a vault that did not give it is asked again only after
    /// this time. The environment is looked at each time.
    /// </summary>
    private static readonly TimeSpan VaultPause = TimeSpan.FromMinutes(1);

    private const string KeyName = "COMMUNICATIONSCREDITS_KEY";
    private const string GetSecret = @"Microsoft.PowerShell.SecretManagement\Get-Secret";

    // When the vault last did not give the key, as a timestamp of the stopwatch; 0 before.
    private static long _withoutKeyAt;

    /// <summary>The secret, or null without one, or its vault does not give it.</summary>
    public static string? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } secret ? secret : name == KeyName ? KeyFromVault() : FromVault(name);

    private static string? KeyFromVault()
    {
        var withoutKeyAt = Interlocked.Read(ref _withoutKeyAt);
        if (withoutKeyAt != 0 && Stopwatch.GetElapsedTime(withoutKeyAt) < VaultPause)
            return null;
        var key = FromVault(KeyName);
        if (key is null)
            Interlocked.Exchange(ref _withoutKeyAt, Stopwatch.GetTimestamp());
        return key;
    }

    private static string? FromVault(string name)
    {
        try
        {
            // The user's session may have unlocked the vault; on a thread that has no session, a new one has to do.
            using var shell = Runspace.CanUseDefaultRunspace ? PowerShell.Create(RunspaceMode.CurrentRunspace) : PowerShell.Create();
            shell.AddCommand(GetSecret).AddParameter("Name", name).AddParameter("ErrorAction", ActionPreference.Stop);
            return shell.Invoke().FirstOrDefault()?.BaseObject switch
            {
                string text => text,
                SecureString secret => new NetworkCredential(string.Empty, secret).Password,
                PSCredential credential => credential.GetNetworkCredential().Password,
                _ => null,
            };
        }
        catch (Exception problem) when (problem is RuntimeException or InvalidOperationException)
        {
            return null;
        }
    }
}
