using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Errors;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Sessions;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the payment gateways that this machine knows.</summary>
[Cmdlet(VerbsCommon.Get, "CreditGateway",
    HelpUri = HelpPages.Folder + "Get-CreditGateway.md")]
[OutputType(typeof(CreditGateway))]
public sealed class GetCreditGatewayCommand : LedgerCommandBase
{
    /// <summary>The gateways' names; wildcards are understood. By default all.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(GatewayCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    private protected override void Process()
    {
        var gateways = Gateways.Of(UserConfiguration.Folder).All();
        foreach (var name in Name ?? [])
        {
            if (!NamePattern.IsPattern(name) && !gateways.Any(gateway => NamePattern.Matches(name, gateway.Name)))
                Report(CreditErrors.GatewayNotFound(name));
        }

        WriteEach(gateways.Where(gateway => NamePattern.Matches(Name, gateway.Name)));
    }
}
