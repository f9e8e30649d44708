using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tenants;

/// <summary>What a tenant's settings are to be; null leaves each as it is, or at its default.</summary>
public sealed record TenantSettings
{
    /// <summary>The name to show.</summary>
    public string? Name { get; init; }

    /// <summary>The currency, ISO 4217.</summary>
    public string? Currency { get; init; }

    /// <summary>The country, ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>The addresses that notices go to; none clears them.</summary>
    public IReadOnlyList<string>? NotificationEmail { get; init; }

    /// <summary>The balance below which the tenant counts as low.</summary>
    public decimal? LowBalance { get; init; }

    /// <summary>The instant from which the tenant's money is kept here (T2).</summary>
    public DateTimeOffset? AccountFrom { get; init; }

    /// <summary>Whether the account is kept.</summary>
    public CreditTenantStatus? Status { get; init; }

    /// <summary>The tenant with these settings.</summary>
    /// <exception cref="CreditException"><c>InvalidCurrency</c>, <c>InvalidAmount</c>, <c>InvalidCountry</c>, <c>RuleInvalid</c>.</exception>
    internal Tenant ApplyTo(Tenant tenant) => tenant with
    {
        Name = Name is null ? tenant.Name : Checked(Name, "name", tenant.Id),
        Currency = Currency is null ? tenant.Currency : Money.Currency.Parse(Currency),
        Country = Country is null
            ? tenant.Country
            : Tenants.Country.TryParse(Country) ?? throw LedgerErrors.InvalidCountry(Country, tenant.Id),
        NotificationEmail = NotificationEmail is null ? tenant.NotificationEmail : [.. NotificationEmail.Select(Address)],
        LowBalance = LowBalance is { } low ? Positive(low) : tenant.LowBalance,
        AccountFrom = AccountFrom is { } from ? Instant.From(from) : tenant.AccountFrom,
        Status = Status ?? tenant.Status,
    };

    private static Amount Positive(decimal value)
    {
        var amount = Amount.FromDecimal(value);
        return amount >= Amount.Zero
            ? amount
            : throw LedgerErrors.InvalidAmount($"A low-balance mark of {amount} makes no sense: it is 0 or more.");
    }

    private static string Address(string address) => EmailAddress.TryParse(address) is { } parsed
        ? parsed.Address
        : throw LedgerErrors.InvalidTenant($"'{address}' is not an e-mail address. Write it as in billing@contoso.com.", address);

    private static string Checked(string text, string field, string id)
    {
        if (text.Length is 0 or > Tenant.MaximumIdLength || HasBreak(text))
        {
            throw LedgerErrors.InvalidTenant(
                $"The {field} of '{id}' has to be 1 to {Tenant.MaximumIdLength} characters on one line.", id);
        }

        return text;
    }

    private static bool HasBreak(string text) => text.Any(char.IsControl);
}
