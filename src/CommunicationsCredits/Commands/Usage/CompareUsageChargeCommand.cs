using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets the calls whose own charge is not what the rate sheet makes of them, rounding aside. -From and -To go by StartedAt.</summary>
[Cmdlet(VerbsData.Compare, "UsageCharge",
    HelpUri = HelpPages.Folder + "Compare-UsageCharge.md")]
[OutputType(typeof(UsageChargeDifference))]
public sealed class CompareUsageChargeCommand : TenantReadCommandBase
{
    /// <summary>The earliest start, ISO 8601; included.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? From { get; set; }

    /// <summary>The latest start, ISO 8601; not included.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? To { get; set; }

    /// <summary>The difference that is none yet. By default half the last decimal of the recorded charge: it was rounded to that.</summary>
    [Parameter]
    [AmountTransformation]
    public AmountArgument? Tolerance { get; set; }

    private protected override void Process(TenantSelection tenants) =>
        WriteEach(Ledger.Usage.CompareCharges(tenants, From?.Value, To?.Value, Tolerance?.Value));
}
