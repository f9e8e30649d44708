using System.Management.Automation;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>Gets tenants' included minutes in a month, and how much of them is used.</summary>
[Cmdlet(VerbsCommon.Get, "CreditPool",
    HelpUri = HelpPages.Folder + "Get-CreditPool.md")]
[OutputType(typeof(CreditPool))]
public sealed class GetCreditPoolCommand : TenantReadCommandBase
{
    /// <summary>The capabilities; wildcards are understood. By default all.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    [SupportsWildcards]
    public string[]? Capability { get; set; }

    /// <summary>The countries, ISO 3166-1 codes of two letters. By default all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CountryCompleter))]
    public string[]? Country { get; set; }

    /// <summary>The month UTC, yyyy-MM. By default this month.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(MonthCompleter))]
    public string? Month { get; set; }

    private protected override void Process(TenantSelection tenants) => WriteEach(Ledger.Pools.GetPools(tenants, Month).Where(pool =>
        IsWanted(tenants, Capability, nameof(Capability), pool.Capability)
        && (Country is null || NamePattern.Matches(Country, pool.Country ?? string.Empty))));
}
