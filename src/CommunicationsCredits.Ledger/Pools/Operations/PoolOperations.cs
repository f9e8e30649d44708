using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Pools.Operations;

/// <summary>Sets the included minutes of a capability from a month on (A1).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="capability">The license's capability, or <c>ConferenceDialOut</c>.</param>
public sealed class SetPool(string tenantId, string capability) : LedgerOperation<CreditPool>
{
    private const int MostLicenses = 10_000_000;
    private const int MostMinutes = 44_640;
    private const int LongestCapability = 64;

    /// <summary>The country, ISO 3166-1 alpha-2; the tenant's where nothing is given.</summary>
    public string? Country { get; init; }

    /// <summary>The number of licenses, 0 to 10,000,000; needed for a new pool.</summary>
    public int? Licenses { get; init; }

    /// <summary>The domestic minutes of a license, or the dial-out ones, 0 to 44,640; the capability's preset where nothing is given.</summary>
    public int? MinutesPerLicense { get; init; }

    /// <summary>The international minutes of a license, 0 to 44,640; the capability's preset where nothing is given.</summary>
    public int? InternationalMinutesPerLicense { get; init; }

    /// <summary>The month from which it holds, yyyy-MM; this month where nothing is given.</summary>
    public string? Month { get; init; }

    internal override Needs Needs => PoolName.Needs(tenantId, Month);

    internal override CreditPool Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        var month = Month is null ? Time.Month.Of(draft.Now) : Time.Month.Parse(Month);
        var (name, country) = PoolName.Of(tenant, capability, Country);
        var settings = draft.State.PoolSettings.Where(setting => setting.Capability == name && setting.Country == country).ToList();
        var before = settings.Count == 0 ? null : PoolRules.InForce(settings, month);
        var preset = LicenseCapability.Preset(name, country);
        if (name.Length is 0 or > LongestCapability || name.Any(char.IsControl))
            throw Invalid(tenant, "it needs a capability, as in MCOPSTN1 or ConferenceDialOut");
        if (name == "MCOPSTNPP")
            throw Invalid(tenant, "pay-as-you-go has no included minutes");
        if (Licenses is null && before is null)
            throw Invalid(tenant, "a new one needs -Licenses");
        if (preset is null && before is null && MinutesPerLicense is null && InternationalMinutesPerLicense is null)
            throw Invalid(tenant, $"the minutes of '{capability}' are not known; give -MinutesPerLicense");
        var setting = new PoolSetting(
            name, country, month,
            Licenses ?? before!.Licenses,
            MinutesPerLicense ?? before?.DomesticMinutes ?? preset?.Domestic ?? 0,
            InternationalMinutesPerLicense ?? before?.InternationalMinutes ?? preset?.International ?? 0);
        if (setting.Licenses is < 0 or > MostLicenses)
            throw Invalid(tenant, $"{setting.Licenses} licenses are not between 0 and {MostLicenses:N0}");
        if (setting.DomesticMinutes is < 0 or > MostMinutes || setting.InternationalMinutes is < 0 or > MostMinutes)
            throw Invalid(tenant, $"the minutes of a license are between 0 and {MostMinutes:N0}, which is a month");

        if (setting.DomesticMinutes > 0 && !LicenseCapability.HasDomestic(name))
            throw Invalid(tenant, $"{name} has no domestic minutes");
        if (setting.InternationalMinutes > 0 && !LicenseCapability.HasInternational(name))
            throw Invalid(tenant, $"{name} has no international minutes");

        // A later change of an earlier month must not reach a month that was set, even to what it would inherit.
        if (!settings.Contains(setting))
            PoolName.Put(draft, [.. settings.Where(other => other.From != month), setting], setting);

        return PoolView.At(tenant, setting, month, draft.State.PoolMonths.Values);
    }

    private static CreditException Invalid(Tenant tenant, string reason) =>
        new(CreditErrorId.PoolInvalid, $"The pool of {tenant.InWords} makes no sense: {reason}.", tenant.Id);
}

/// <summary>Ends the included minutes of a capability from a month on; earlier months keep theirs.</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="capability">The license's capability, or <c>ConferenceDialOut</c>.</param>
public sealed class RemovePool(string tenantId, string capability) : LedgerOperation<CreditPool>
{
    /// <summary>The country, ISO 3166-1 alpha-2; the tenant's where nothing is given.</summary>
    public string? Country { get; init; }

    /// <summary>The month from which it holds, yyyy-MM; this month where nothing is given.</summary>
    public string? Month { get; init; }

    internal override Needs Needs => PoolName.Needs(tenantId, Month);

    internal override CreditPool Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        var month = Month is null ? Time.Month.Of(draft.Now) : Time.Month.Parse(Month);
        var (name, country) = PoolName.Of(tenant, capability, Country);
        var settings = draft.State.PoolSettings.Where(setting => setting.Capability == name && setting.Country == country).ToList();
        if (settings.Count == 0 || PoolRules.InForce(settings, month).Licenses == 0)
        {
            throw new CreditException(
                CreditErrorId.PoolInvalid, $"{tenant.InWords} has no pool of {capability} in {month}. Get-CreditPool lists those it has.", tenant.Id);
        }

        var setting = PoolRules.InForce(settings, month) with { From = month, Licenses = 0 };
        var kept = settings.Where(other => other.From < month).ToList();

        // The first setting holds for all earlier months, so it has to begin in one of them.
        if (month <= settings[0].From)
            kept.Insert(0, settings[0] with { From = month.Previous });
        PoolName.Put(draft, [.. kept, setting], setting);
        return PoolView.At(tenant, setting, month, draft.State.PoolMonths.Values);
    }
}

/// <summary>What a pool is called.</summary>
internal static class PoolName
{
    /// <summary>The capability and country a pool is kept under.</summary>
    /// <exception cref="CreditException"><c>PoolInvalid</c>: there is no such country.</exception>
    public static (string Capability, string Country) Of(Tenant tenant, string capability, string? country)
    {
        var name = capability.Trim();
        if (name.Equals(LicenseCapability.ConferenceDialOut, StringComparison.OrdinalIgnoreCase))
            return (LicenseCapability.ConferenceDialOut, string.Empty);
        if (LicenseCapability.IsDialOut(name))
            return (name.ToUpperInvariant(), string.Empty);
        if (country is null)
            return (name.ToUpperInvariant(), tenant.Country);
        var code = Tenants.Country.TryParse(country) ?? throw LedgerErrors.InvalidCountry(country, tenant.Id);
        return (name.ToUpperInvariant(), code);
    }

    /// <summary>What a change of a pool needs: the use of its month, to answer with.</summary>
    public static Needs Needs(string tenantId, string? month) => month is null
        ? Posting.Needs.Of(tenantId) with { PoolMonths = (Time.Month.First, Time.Month.Last) }
        : Posting.Needs.Of(tenantId) with { PoolMonths = (Time.Month.Parse(month), Time.Month.Parse(month)) };

    /// <summary>Sets what a pool is, and notes it.</summary>
    public static void Put(Draft draft, IEnumerable<PoolSetting> settings, PoolSetting changed)
    {
        IReadOnlyList<PoolSetting> all = [.. settings.OrderBy(setting => setting.From)];
        draft.Changes.PoolSettings[(changed.Capability, changed.Country)] = all;
        draft.Note(
            $"Pool {changed.Capability} {changed.Country} from {changed.From} on: {changed.Licenses} licenses, "
            + $"{changed.DomesticMinutes} + {changed.InternationalMinutes} minutes each",
            StateDigest.OfPool(changed.Capability, changed.Country, all));
        draft.Finish();
    }
}
