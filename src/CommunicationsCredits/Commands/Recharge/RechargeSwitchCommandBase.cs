using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Recharge;

namespace CommunicationsCredits.Commands;

/// <summary>What Enable-AutoRecharge and Disable-AutoRecharge have in common.</summary>
public abstract class RechargeSwitchCommandBase : PassThruTenantChangeCommandBase<AutoRecharge>
{
    /// <summary>Whether the rules are enabled.</summary>
    private protected abstract bool Enables { get; }

    private protected sealed override void Process(string id) => Submit(
        id, $"{(Enables ? "Enable" : "Disable")} the recharge rule of {Called(id)}", new SetRechargeRuleEnabled(id, Enables));
}
