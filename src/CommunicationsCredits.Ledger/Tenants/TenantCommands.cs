using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Notifications;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
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
    /// <exception cref="CreditException"><c>InvalidCurrency</c>, <c>InvalidAmount</c>, <c>RuleInvalid</c>.</exception>
    internal Tenant ApplyTo(Tenant tenant) => tenant with
    {
        Name = Name is null ? tenant.Name : Checked(Name, "name", tenant.Id),
        Currency = Currency is null ? tenant.Currency : Money.Currency.Parse(Currency),
        Country = Country is null
            ? tenant.Country
            : Tenants.Country.TryParse(Country) ?? throw LedgerErrors.InvalidTenant(
                $"'{Country}' is not a country. Give its ISO 3166-1 code of two letters, as in US.", tenant.Id),
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

/// <summary>Adds a tenant (T1).</summary>
/// <param name="tenantId">The id, 1–128 characters.</param>
/// <param name="settings">Its settings; by default currency USD, country US, and the id as its name.</param>
public sealed class AddTenant(string tenantId, TenantSettings settings) : LedgerCommand<CreditTenant>
{
    internal override CreditTenant Run(LedgerTransaction tx, LedgerSession ledger)
    {
        var id = tenantId.Trim();
        if (id.Length is 0 or > Tenant.MaximumIdLength || id.Any(char.IsControl))
        {
            throw LedgerErrors.InvalidTenant(
                $"A tenant's id has to be 1 to {Tenant.MaximumIdLength} characters on one line.", tenantId);
        }

        if (tx.Tenants.Find(id) is { } existing)
            throw LedgerErrors.TenantExists(existing.Id);
        var tenant = tx.Tenants.Add(settings.ApplyTo(new()
        {
            Id = id,
            Name = id,
            Currency = "USD",
            Country = "US",
            NotificationEmail = [],
            LowBalance = null,
            AccountFrom = null,
            Status = CreditTenantStatus.Active,
            CreatedAt = ledger.Now,
        }));
        TenantNames.RefuseClash(tx, tenant);
        var posting = new TenantPosting(tx, tenant, ledger.Context);
        posting.Note($"Tenant created: {tenant.Name}, {tenant.Currency}, {tenant.Country}");
        posting.Finish();
        return tenant.ToContract();
    }
}

/// <summary>Changes a tenant's settings; the changes are noted in its record (C3).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="settings">What changes.</param>
public sealed class ChangeTenant(string tenantId, TenantSettings settings) : LedgerCommand<CreditTenant>
{
    internal override CreditTenant Run(LedgerTransaction tx, LedgerSession ledger)
    {
        var before = tx.Tenants.Get(tenantId);
        var after = settings.ApplyTo(before);
        var changes = Changes(before, after).ToList();
        if (changes.Count == 0)
            return after.ToContract();

        if (before.Name != after.Name)
            TenantNames.RefuseClash(tx, after);
        var posting = new TenantPosting(tx, after, ledger.Context);
        if (before.Currency != after.Currency && posting.Account.MoneyEntries > 0)
            throw LedgerErrors.TenantInUse(before.Id, $"its currency stays {before.Currency}");
        if (before.Currency != after.Currency)
        {
            if (tx.Recharge.FindOpen(before.Number) is { } open)
                throw LedgerErrors.HasOpenAttempt(before.Id, Recharge.Attempt.IdOf(before.Id, open.Number));
            if (tx.Recharge.FindRule(before.Number) is { } rule)
                Recharge.SetRechargeRule.Check(rule, after);
        }

        tx.Tenants.Update(after);
        posting.Note(string.Join("; ", changes));
        posting.Finish();
        return after.ToContract();
    }

    private static IEnumerable<string> Changes(Tenant before, Tenant after)
    {
        (string Field, string? Before, string? After)[] fields =
        [
            ("Name", before.Name, after.Name),
            ("Currency", before.Currency, after.Currency),
            ("Country", before.Country, after.Country),
            ("Notification e-mail", Addresses(before), Addresses(after)),
            ("Low balance", before.LowBalance?.ToString(), after.LowBalance?.ToString()),
            ("Account from", before.AccountFrom?.ToString(), after.AccountFrom?.ToString()),
            ("Status", before.Status.ToString(), after.Status.ToString()),
        ];
        return from field in fields
               where field.Before != field.After
               select $"{field.Field}: {field.Before ?? "none"} → {field.After ?? "none"}";
    }

    private static string? Addresses(Tenant tenant) =>
        tenant.NotificationEmail.Count == 0 ? null : string.Join(", ", tenant.NotificationEmail);
}

/// <summary>Removes a tenant that has no entries of money.</summary>
/// <param name="tenantId">The tenant.</param>
public sealed class RemoveTenant(string tenantId) : LedgerCommand<CreditTenant>
{
    internal override CreditTenant Run(LedgerTransaction tx, LedgerSession ledger)
    {
        var tenant = tx.Tenants.Get(tenantId);
        if (tx.Tenants.GetAccount(tenant.Number).MoneyEntries > 0)
            throw LedgerErrors.TenantInUse(tenant.Id, "it stays. 'Set-CreditTenant -Status Closed' closes it");
        if (tx.Recharge.FindOpen(tenant.Number) is { } open)
            throw LedgerErrors.HasOpenAttempt(tenant.Id, Recharge.Attempt.IdOf(tenant.Id, open.Number));
        tx.Tenants.Remove(tenant.Number);
        return tenant.ToContract();
    }
}
