using System.Management.Automation;
using CommunicationsCredits.Binding;
using CommunicationsCredits.Completion;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Commands;

/// <summary>What New-CreditTenant and Set-CreditTenant have in common.</summary>
public abstract class TenantSettingsCommandBase : PassThruCommandBase<CreditTenant>
{
    // A cell of a table has several addresses in it, as Export-Csv writes them.
    private static readonly char[] Separators = [';', ','];

    /// <summary>The name to show. By default the id.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Name { get; set; }

    /// <summary>The account's currency, an ISO 4217 code. By default USD. It can be changed until the first entry of money.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CurrencyCompleter))]
    public string? Currency { get; set; }

    /// <summary>The country, an ISO 3166-1 code of two letters. By default US.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CountryCompleter))]
    public string? Country { get; set; }

    /// <summary>The addresses that notices go to. An empty list removes the present ones.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    public string[]? NotificationEmail { get; set; }

    /// <summary>The balance below which the tenant counts as low, in its currency; 0 or more.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AmountTransformation]
    public AmountArgument? LowBalance { get; set; }

    /// <summary>The instant from which the tenant's money is kept here: calls before it draw nothing. By default all are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [InstantTransformation]
    public InstantArgument? AccountFrom { get; set; }

    /// <summary>The settings that were given, without the currency, whose blank cell New- refuses and Set- passes over.</summary>
    private protected TenantSettings Settings() => new()
    {
        Name = ValueOrNull(Name, nameof(Name)),
        Country = ValueOrNull(Country, nameof(Country)),
        NotificationEmail = Addresses(),
        LowBalance = ValueOrNull(LowBalance, nameof(LowBalance)),
        AccountFrom = ValueOrNull(AccountFrom, nameof(AccountFrom)),
    };

    private string[]? Addresses() =>
        NotificationEmail is [var only] && ValueOrNull(only, nameof(NotificationEmail)) is null
            ? null
            : NotificationEmail?.SelectMany(text => (text ?? string.Empty).Split(Separators, StringSplitOptions.TrimEntries)).ToArray();
}
