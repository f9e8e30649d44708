using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Commands;

/// <summary>Adds up what tenants' calls cost, by who made them, where they went, or when. -From and -To go by StartedAt.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CreditUsage",
    HelpUri = HelpPages.Folder + "Measure-CreditUsage.md")]
[OutputType(typeof(CreditUsage))]
public sealed class MeasureCreditUsageCommand : TenantReadCommandBase
{
    /// <summary>What it is grouped by, one or several. By default each tenant is one group.</summary>
    [Parameter(Position = 1)]
    public UsageDimension[] By { get; set; } = [];

    /// <summary>The earliest start, ISO 8601; included. By default the first call's.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? From { get; set; }

    /// <summary>The latest start, ISO 8601; not included. By default the last call counts too.</summary>
    [Parameter]
    [InstantTransformation]
    public InstantArgument? To { get; set; }

    /// <summary>The statuses that count. By default all but Reversed.</summary>
    [Parameter]
    public UsageStatus[] Status { get; set; } = [];

    /// <summary>So many groups of each tenant, the dearest. By default all.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Top { get; set; }

    private protected override bool IsOfTenants => true;

    private protected override void Process(TenantSelection tenants) => WriteEach(Ledger.Usage.Measure(tenants, new()
    {
        By = [.. By.Distinct()],
        From = From?.Value,
        To = To?.Value,
        Statuses = Status,
        Top = Top,
    }));
}
