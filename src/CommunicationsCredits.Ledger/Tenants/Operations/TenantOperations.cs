using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge;

namespace CommunicationsCredits.Ledger.Tenants.Operations;

/// <summary>Adds a tenant (T1).</summary>
/// <param name="tenantId">The id, 1–128 characters.</param>
/// <param name="settings">Its settings; by default currency USD, country US, and the id as its name.</param>
public sealed class AddTenant(string tenantId, TenantSettings settings) : LedgerOperation<CreditTenant>
{
    /// <inheritdoc/>
    internal override bool AddsTenant => true;

    /// <inheritdoc/>
    internal override bool ChangesLedger => true;

    internal override Needs Needs
    {
        get
        {
            var id = tenantId.Trim();
            return id.Length is > 0 and <= Tenant.MaximumIdLength && !id.Any(char.IsControl)
                ? Needs.Of(id)
                : throw LedgerErrors.InvalidTenant(
                    $"A tenant's id has to be 1 to {Tenant.MaximumIdLength} characters on one line.", tenantId);
        }
    }

    internal override IEnumerable<string> Names => settings.Name is { } name ? [tenantId.Trim(), name.Trim()] : [tenantId.Trim()];

    internal override CreditTenant Decide(Draft draft)
    {
        var id = tenantId.Trim();
        draft.SetTenant(settings.ApplyTo(draft.Tenant with { Id = id, Name = id, CreatedAt = draft.Now }));
        var tenant = draft.Tenant;
        NameClash.Refuse(draft, tenant);
        draft.Note($"Tenant created: {tenant.Name}, {tenant.Currency}, {tenant.Country}", StateDigest.OfTenant(tenant));
        draft.Finish();
        draft.ForLedger.Add(LedgerChanges.Added(tenant));
        return tenant.ToContract();
    }
}

/// <summary>Changes a tenant's settings; the changes are noted in its record (C3).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="settings">What changes.</param>
public sealed class ChangeTenant(string tenantId, TenantSettings settings) : LedgerOperation<CreditTenant>
{
    /// <inheritdoc/>
    internal override bool DecidesUnderLock => true;

    internal override Needs Needs => Needs.Of(tenantId);

    internal override IEnumerable<string> Names => settings.Name is { } name ? [tenantId, name.Trim()] : [];

    internal override CreditTenant Decide(Draft draft)
    {
        var before = draft.Tenant;
        var after = settings.ApplyTo(before);
        var changes = Changes(before, after).ToList();
        if (changes.Count == 0)
            return after.ToContract();

        if (before.Name != after.Name)
            NameClash.Refuse(draft, after);
        if (before.Currency != after.Currency && draft.Account.MoneyEntries > 0)
            throw TenantErrors.InUse(before, $"its currency stays {before.Currency}");
        if (before.Currency != after.Currency)
        {
            if (draft.OpenAttempt is { } open)
                throw TenantErrors.HasOpenAttempt(before, Attempt.IdOf(before.Id, open.Number));
            if (draft.Rule is { } rule)
                RechargeRuleCheck.Refuse(rule, after);
        }

        draft.SetTenant(after);
        draft.Note(string.Join("; ", changes), StateDigest.OfTenant(after));
        draft.Finish();
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

/// <summary>Removes a tenant that has no entries of money. Its chain stays, closed by an entry; its id may be used again (H1b).</summary>
/// <param name="tenantId">The tenant.</param>
public sealed class RemoveTenant(string tenantId) : LedgerOperation<CreditTenant>
{
    /// <inheritdoc/>
    internal override bool ChangesLedger => true;

    internal override Needs Needs => Needs.Of(tenantId);

    internal override CreditTenant Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        if (draft.Account.MoneyEntries > 0)
            throw TenantErrors.InUse(tenant, "it stays. 'Set-CreditTenant -Status Closed' closes it");
        if (draft.OpenAttempt is { } open)
            throw TenantErrors.HasOpenAttempt(tenant, Attempt.IdOf(tenant.Id, open.Number));
        var removed = tenant with { RemovedAt = draft.Now, NotificationEmail = [] };
        draft.SetTenant(removed);
        draft.Note("Tenant removed", StateDigest.OfTenant(removed));
        draft.Finish();
        draft.ForLedger.Add(LedgerChanges.Removed(removed));
        return tenant.ToContract();
    }
}
