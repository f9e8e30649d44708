using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Pools;

/// <summary>Sets the included minutes of a capability from a month on (A1).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="capability">The licence's capability, or <c>ConferenceDialOut</c>.</param>
public sealed class SetPool(string tenantId, string capability) : LedgerCommand<CreditPool>
{
    private const int MostLicences = 10_000_000;
    private const int MostMinutes = 44_640;
    private const int LongestCapability = 64;

    /// <summary>The country, ISO 3166-1 alpha-2; the tenant's where nothing is given.</summary>
    public string? Country { get; init; }

    /// <summary>The number of licences, 0 to 10,000,000; needed for a new pool.</summary>
    public int? Licences { get; init; }

    /// <summary>The domestic minutes of a licence, or the dial-out ones, 0 to 44,640; the capability's preset where nothing is given.</summary>
    public int? MinutesPerLicence { get; init; }

    /// <summary>The international minutes of a licence, 0 to 44,640; the capability's preset where nothing is given.</summary>
    public int? InternationalMinutesPerLicence { get; init; }

    /// <summary>The month from which it holds, yyyy-MM; this month where nothing is given.</summary>
    public string? Month { get; init; }

    internal override CreditPool Run(LedgerTransaction tx, LedgerSession ledger)
    {
        var tenant = tx.Tenants.Get(tenantId);
        var month = Month is null ? Time.Month.Of(ledger.Now) : Time.Month.Parse(Month);
        var (name, country) = PoolName.Of(tenant, capability, Country);
        var settings = tx.Pools.Settings(tenant.Number).Where(setting => setting.Capability == name && setting.Country == country).ToList();
        var before = settings.Count == 0 ? null : PoolRules.InForce(settings, month);
        var preset = LicenceCapability.Preset(name, country);
        if (name.Length is 0 or > LongestCapability || name.Any(char.IsControl))
            throw Invalid(tenant, "it needs a capability, as in MCOPSTN1 or ConferenceDialOut");
        if (name == "MCOPSTNPP")
            throw Invalid(tenant, "pay-as-you-go has no included minutes");
        if (Licences is null && before is null)
            throw Invalid(tenant, "a new one needs -Licenses");
        if (preset is null && before is null && MinutesPerLicence is null && InternationalMinutesPerLicence is null)
            throw Invalid(tenant, $"the minutes of '{capability}' are not known; give -MinutesPerLicense");
        var setting = new PoolSetting(
            name, country, month,
            Licences ?? before!.Licences,
            MinutesPerLicence ?? before?.DomesticMinutes ?? preset?.Domestic ?? 0,
            InternationalMinutesPerLicence ?? before?.InternationalMinutes ?? preset?.International ?? 0);
        if (setting.Licences is < 0 or > MostLicences)
            throw Invalid(tenant, $"{setting.Licences} licences are not between 0 and {MostLicences:N0}");
        if (setting.DomesticMinutes is < 0 or > MostMinutes || setting.InternationalMinutes is < 0 or > MostMinutes)
            throw Invalid(tenant, $"the minutes of a licence are between 0 and {MostMinutes:N0}, which is a month");

        if (setting.DomesticMinutes > 0 && !LicenceCapability.HasDomestic(name))
            throw Invalid(tenant, $"{name} has no domestic minutes");
        if (setting.InternationalMinutes > 0 && !LicenceCapability.HasInternational(name))
            throw Invalid(tenant, $"{name} has no international minutes");

        if (setting != (before is null ? null : before with { From = month }))
        {
            tx.Pools.PutSetting(tenant.Number, setting);
            PoolName.Note(tx, tenant, ledger, setting);
        }

        return PoolView.At(tx, tenant, setting, month);
    }

    private static CreditException Invalid(Tenant tenant, string reason) =>
        new(CreditErrorId.PoolInvalid, $"The pool of '{tenant.Id}' makes no sense: {reason}.", tenant.Id);
}

/// <summary>Ends the included minutes of a capability from a month on; earlier months keep theirs.</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="capability">The licence's capability, or <c>ConferenceDialOut</c>.</param>
public sealed class RemovePool(string tenantId, string capability) : LedgerCommand<CreditPool>
{
    /// <summary>The country, ISO 3166-1 alpha-2; the tenant's where nothing is given.</summary>
    public string? Country { get; init; }

    /// <summary>The month from which it holds, yyyy-MM; this month where nothing is given.</summary>
    public string? Month { get; init; }

    internal override CreditPool Run(LedgerTransaction tx, LedgerSession ledger)
    {
        var tenant = tx.Tenants.Get(tenantId);
        var month = Month is null ? Time.Month.Of(ledger.Now) : Time.Month.Parse(Month);
        var (name, country) = PoolName.Of(tenant, capability, Country);
        var settings = tx.Pools.Settings(tenant.Number).Where(setting => setting.Capability == name && setting.Country == country).ToList();
        if (settings.Count == 0 || PoolRules.InForce(settings, month).Licences == 0)
        {
            throw new CreditException(
                CreditErrorId.PoolInvalid, $"'{tenant.Id}' has no pool of {capability} in {month}. Get-CreditPool lists those it has.", tenant.Id);
        }

        var setting = PoolRules.InForce(settings, month) with { From = month, Licences = 0 };
        tx.Pools.RemoveSettings(tenant.Number, setting);

        // The first setting holds for all earlier months, so it has to begin in one of them.
        if (month <= settings[0].From)
            tx.Pools.PutSetting(tenant.Number, settings[0] with { From = month.Previous });
        tx.Pools.PutSetting(tenant.Number, setting);
        PoolName.Note(tx, tenant, ledger, setting);
        return PoolView.At(tx, tenant, setting, month);
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
        if (name.Equals(LicenceCapability.ConferenceDialOut, StringComparison.OrdinalIgnoreCase))
            return (LicenceCapability.ConferenceDialOut, string.Empty);
        if (LicenceCapability.IsDialOut(name))
            return (name.ToUpperInvariant(), string.Empty);
        if (country is null)
            return (name.ToUpperInvariant(), tenant.Country);
        var code = Tenants.Country.TryParse(country) ?? throw new CreditException(
            CreditErrorId.PoolInvalid, $"'{country}' is not a country. Give its ISO 3166-1 code of two letters, as in US.", tenant.Id);
        return (name.ToUpperInvariant(), code);
    }

    public static void Note(LedgerTransaction tx, Tenant tenant, LedgerSession ledger, PoolSetting setting)
    {
        var posting = new TenantPosting(tx, tenant, ledger.Context);
        posting.Note($"Pool {setting.Capability} {setting.Country} from {setting.From} on: {setting.Licences} licences, "
            + $"{setting.DomesticMinutes} + {setting.InternationalMinutes} minutes each");
        posting.Finish();
    }
}

/// <summary>A pool as the border shows it.</summary>
internal static class PoolView
{
    public static CreditPool At(LedgerTransaction tx, Tenant tenant, PoolSetting setting, Month month)
    {
        var used = tx.Pools.Months(tenant.Number, month)
            .Where(state => state.Capability == setting.Capability && state.Country == setting.Country);
        var all = new PoolMonth(setting.Capability, setting.Country, month, string.Empty);
        all.Domestic.Total = 60L * setting.Licences * setting.DomesticMinutes;
        all.International.Total = 60L * setting.Licences * setting.InternationalMinutes;
        foreach (var state in used)
        {
            Add(all.Domestic, state.Domestic);
            Add(all.International, state.International);
        }

        return new()
        {
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            Capability = setting.Capability,
            Country = setting.IsDialOut ? null : setting.Country,
            Licenses = setting.Licences,
            Month = month.ToString(),
            Minutes = Minutes(all.Domestic.Total),
            MinutesUsed = Minutes(all.Domestic.Used + all.Domestic.Void),
            InternationalMinutes = Minutes(all.International.Total),
            InternationalMinutesUsed = Minutes(all.International.Used + all.International.Void),
            PercentUsed = decimal.Round(all.Percent, 2),
            Status = all.IsUsedUp ? CreditPoolStatus.UsedUp : CreditPoolStatus.Open,
        };
    }

    public static decimal Minutes(long seconds) => decimal.Round(seconds / 60m, 2);

    private static void Add(PoolMinutes all, PoolMinutes part)
    {
        all.Used += part.Used;
        all.Void += part.Void;
    }
}
