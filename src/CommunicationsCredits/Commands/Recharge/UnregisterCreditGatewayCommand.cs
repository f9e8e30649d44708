using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Removes payment gateways from this machine. Payment methods that refer to them stay.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "CreditGateway",
    HelpUri = HelpPages.Folder + "Unregister-CreditGateway.md", SupportsShouldProcess = true, DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class UnregisterCreditGatewayCommand : LedgerCommandBase
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>The gateways' names.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(GatewayCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The gateways, as Get-CreditGateway writes them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    public CreditGateway[] InputObject { get; set; } = [];

    private protected override void Process()
    {
        foreach (var name in ParameterSetName == ByObject ? InputObject.Select(gateway => gateway.Name) : Name)
        {
            try
            {
                if (Confirm($"Remove payment gateway '{name}' from this machine", out var preview))
                    Gateways.Of(UserConfiguration.Folder).Unregister(name, preview);
            }
            catch (CreditException error)
            {
                Report(error, name);
            }
        }
    }
}
