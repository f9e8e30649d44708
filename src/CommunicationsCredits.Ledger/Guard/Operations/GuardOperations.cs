using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Ledger.Guard.Operations;

/// <summary>Sets how the guard watches a tenant; what is not given stays as it is (D1, D2).</summary>
/// <param name="tenantId">The tenant.</param>
public sealed class SetGuard(string tenantId) : LedgerOperation<CreditGuard>
{
    /// <summary>How much has to be unusual.</summary>
    public CreditSensitivity? Sensitivity { get; init; }

    /// <summary>Whether an alarm holds the recharge rule (R10).</summary>
    public bool? HoldRecharge { get; init; }

    /// <summary>The countries to which calls are meant, by their codes or names in English; they replace those that were. Null leaves them.</summary>
    public IReadOnlyList<string>? AllowedCountry { get; init; }

    internal override Needs Needs => Needs.Of(tenantId) with { Alarms = true };

    internal override CreditGuard Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        if (Sensitivity is { } sensitivity && !Enum.IsDefined(sensitivity))
            throw GuardErrors.Invalid(tenant, "the sensitivity is Low, Normal or High");
        var before = draft.Guard;
        var after = before with
        {
            Enabled = true,
            Sensitivity = Sensitivity ?? before.Sensitivity,
            HoldRecharge = HoldRecharge ?? before.HoldRecharge,
            AllowedCountries = AllowedCountry is null ? before.AllowedCountries : string.Join(' ', AllowedCountry
                .Where(country => !string.IsNullOrWhiteSpace(country))
                .Select(country => Country.Find(country) ?? throw LedgerErrors.InvalidCountry(country, tenant.Id))
                .Distinct().Order(StringComparer.Ordinal)),
        };
        if (after != before)
        {
            draft.PutGuard(after, $"Guard: {after.Sensitivity}, {(after.HoldRecharge ? "holds the recharge rule" : "does not hold the recharge rule")}"
                + (after.AllowedCountries.Length == 0 ? string.Empty : $", {after.AllowedCountries} allowed"));
            draft.Finish();
        }

        return GuardView.Of(tenant, after, draft.Alarms);
    }
}

/// <summary>Ends that the guard watches a tenant; an alarm that is open ends, and the recharge rule is not held any more.</summary>
/// <param name="tenantId">The tenant.</param>
public sealed class RemoveGuard(string tenantId) : LedgerOperation<CreditGuard>
{
    internal override Needs Needs => Needs.Of(tenantId) with { Alarms = true };

    internal override CreditGuard Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        if (!draft.Guard.Enabled)
            throw GuardErrors.Invalid(tenant, "the tenant is not watched. Set-CreditGuard watches it again");
        var after = draft.Guard with { Enabled = false };
        draft.PutGuard(after, "Guard removed");
        foreach (var alarm in draft.Alarms.Where(alarm => alarm.IsOpen).ToList())
            draft.PutAlarm(alarm with { IsOpen = false }, $"Unusual use since {GuardWatch.DateOf(alarm.FirstDay)} is not looked at any more");
        RechargeHold.Release(draft, "the guard was removed");
        draft.Finish();
        return GuardView.Of(tenant, after, draft.Alarms);
    }
}

/// <summary>The guard as the border shows it.</summary>
internal static class GuardView
{
    public static CreditGuard Of(Tenant tenant, GuardSetting setting, IEnumerable<Alarm> alarms)
    {
        var open = alarms.Where(alarm => alarm.IsOpen).OrderBy(alarm => alarm.FirstDay).LastOrDefault();
        return new()
        {
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            Sensitivity = setting.Sensitivity,
            HoldRecharge = setting.HoldRecharge,
            AllowedCountry = setting.Allowed,
            Alarm = open?.Seen,
            AlarmedAt = open is null ? null : open.Since.ToDateTimeOffset(),
        };
    }
}
