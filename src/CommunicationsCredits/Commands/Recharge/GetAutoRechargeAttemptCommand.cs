using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the attempts to recharge, and those that caps refused.</summary>
[Cmdlet(VerbsCommon.Get, "AutoRechargeAttempt",
    HelpUri = HelpPages.Folder + "Get-AutoRechargeAttempt.md")]
[OutputType(typeof(AutoRechargeAttempt))]
public sealed class GetAutoRechargeAttemptCommand : TenantReadCommandBase
{
    /// <summary>The earliest start, ISO 8601; included.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? From { get; set; }

    /// <summary>The states wanted. By default all.</summary>
    [Parameter]
    public AutoRechargeAttemptState[]? State { get; set; }

    private protected override bool Takes(TypedObject thing) => thing.Type == nameof(AutoRechargeAttempt);

    private protected override void Process(TenantSelection tenants) =>
        WriteEach(Ledger.Recharges.GetAttempts(tenants, From?.Value).Where(attempt =>
            (State is null || State.Contains(attempt.State)) && IsWanted(tenants, null, nameof(attempt.AttemptId), attempt.AttemptId)));
}
