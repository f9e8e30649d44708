namespace CommunicationsCredits.Commands;

/// <summary>Where the help pages are that <c>Get-Help -Online</c> opens.</summary>
internal static class HelpPages
{
    /// <summary>The folder of the pages.</summary>
    public const string Folder = "https://github.com/communicationscredits/communicationscredits/blob/main/docs/en-US/";
}
