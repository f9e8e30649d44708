using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Pools.Operations;
using CommunicationsCredits.Ledger.Pools;

namespace CommunicationsCredits.Commands;

/// <summary>Sets the included minutes of a license's capability from a month on; what is not given stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "CreditPool",
    HelpUri = HelpPages.Folder + "Set-CreditPool.md", SupportsShouldProcess = true)]
[OutputType(typeof(CreditPool))]
public sealed class SetCreditPoolCommand : PassThruTenantChangeCommandBase<CreditPool>
{
    /// <summary>The license's capability, such as MCOPSTN1, or ConferenceDialOut.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string Capability { get; set; } = string.Empty;

    /// <summary>The country, an ISO 3166-1 code of two letters. By default the tenant's; ConferenceDialOut has none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CountryCompleter))]
    public string? Country { get; set; }

    /// <summary>The number of licenses.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankIsAbsent]
    public int? Licenses { get; set; }

    /// <summary>The domestic minutes of a license, or its dial-out ones. By default what the capability is known to have.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankIsAbsent]
    public int? MinutesPerLicense { get; set; }

    /// <summary>The international minutes of a license. By default what the capability is known to have.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankIsAbsent]
    public int? InternationalMinutesPerLicense { get; set; }

    /// <summary>The month UTC from which it holds, yyyy-MM. By default this month.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(MonthCompleter))]
    public string? Month { get; set; }

    private protected override void Process(string id) => Submit(
        id,
        $"Set the included minutes of {Capability} of {Called(id)}",
        new SetPool(id, Capability)
        {
            Country = ValueOrNull(Country, nameof(Country)),
            Licenses = Licenses,
            MinutesPerLicense = MinutesPerLicense,
            InternationalMinutesPerLicense = InternationalMinutesPerLicense,
            Month = ValueOrNull(Month, nameof(Month)),
        });
}
