using System.Text;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Pools.Operations;

/// <summary>Who may still call, and why (S1–S3).</summary>
/// <param name="snapshot">What is read.</param>
/// <param name="now">The instant.</param>
/// <param name="book">Gives the rates of a currency.</param>
/// <param name="isForMany">Whether many tenants are asked about, so that their accounts are read in one go.</param>
internal sealed class ServiceGate(LedgerSnapshot snapshot, Instant now, Func<string, RateBook> book, bool isForMany)
{
    private readonly Dictionary<long, AccountState>? _accounts = isForMany ? snapshot.Tenants.Accounts() : null;
    private readonly Dictionary<long, List<Lot>>? _lots = isForMany ? snapshot.Lots.AllWithRemainder() : null;

    public CreditServiceAnswer Answer(Tenant tenant, ServiceQuestion question)
    {
        var balance = BalanceOf(tenant);
        var rate = question.Number is null ? null : FindRate(tenant, question);
        var service = question.Service ?? (rate?.Country == tenant.Country ? CreditService.Domestic : CreditService.International);
        var (hasPool, left) = Minutes(tenant, service, question, rate);
        var reason = tenant.Status == CreditTenantStatus.Closed ? CreditServiceReason.TenantClosed
            : question.Number is not null && rate is null ? CreditServiceReason.NoRate
            : left > 0 ? CreditServiceReason.Pool
            : balance > Amount.Zero ? CreditServiceReason.Credits
            : hasPool ? CreditServiceReason.PoolExhausted
            : CreditServiceReason.BalanceExhausted;
        return new()
        {
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            Service = service,
            Allowed = reason is CreditServiceReason.Pool or CreditServiceReason.Credits,
            Reason = reason,
            Balance = balance.ToDecimal(),
            PoolMinutesLeft = PoolView.Minutes(left),
            Currency = tenant.Currency,
        };
    }

    private Amount BalanceOf(Tenant tenant)
    {
        var account = _accounts is null ? snapshot.Tenants.GetAccount(tenant.Number) : _accounts.GetValueOrDefault(tenant.Number) ?? new();
        IEnumerable<Lot> lots = _lots is null ? snapshot.Lots.WithRemainder(tenant.Number)
            : _lots.TryGetValue(tenant.Number, out var undrawn) ? undrawn : [];
        return BalanceRules.Now(account.Balance, lots, now);
    }

    private RatedPrefix? FindRate(Tenant tenant, ServiceQuestion question)
    {
        var sheets = question.Service == CreditService.TollFreeInbound ? CreditRateService.TollFreeInbound : CreditRateService.Outbound;
        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        var number = NumberDigits.Read(Encoding.UTF8.GetBytes(question.Number!), buffer);
        return number.Kind is NumberKind.NoNumber or NumberKind.None
            ? throw RateErrors.InvalidNumber(question.Number!)
            : book(tenant.Currency).Find(sheets, number, now);
    }

    /// <summary>Whether there are pools that cover the service, and the seconds left in them.</summary>
    private (bool HasPool, long Left) Minutes(Tenant tenant, CreditService service, ServiceQuestion question, RatedPrefix? rate)
    {
        if (service is CreditService.TollFreeInbound or CreditService.ConferencePayPerMinute)
            return default;
        if (service == CreditService.ConferenceDialOut && rate is not null && !ZoneA.Contains(rate.Country, rate.Destination))
            return default;

        var month = Month.Of(now);
        var hasPool = false;
        long left = 0;
        var settings = snapshot.Pools.Settings(tenant.Number);
        var used = settings.Count == 0 ? [] : snapshot.Pools.Months(tenant.Number, month);
        foreach (var pool in settings.GroupBy(setting => (setting.Capability, setting.Country)))
        {
            var setting = PoolRules.InForce([.. pool], month);
            if (setting.Licenses == 0 || setting.IsDialOut != (service == CreditService.ConferenceDialOut)
                || (!setting.IsDialOut && question.Capability is { } capability
                    && !setting.Capability.Equals(capability, StringComparison.OrdinalIgnoreCase))
                || (setting.IsDialOut && !MayDialOut(setting, question, rate)))
                continue;
            var state = StateOf(setting, month, used, question.User);
            var kind = service == CreditService.International ? state.International : state.Domestic;
            hasPool |= kind.Total > 0;
            left += state.LeftOf(kind);
        }

        return (hasPool, left);
    }

    /// <summary>Whether a pool of dial-out minutes is the asked capability's, and covers the destination.</summary>
    private static bool MayDialOut(PoolSetting setting, ServiceQuestion question, RatedPrefix? rate) =>
        (question.Capability is not { } capability || LicenseCapability.IsDialOutPoolOf(setting.Capability, Encoding.UTF8.GetBytes(capability)))
        && (setting.Capability == LicenseCapability.ConferenceDialOut || rate is null
            || (rate.Country ?? Country.Find(rate.Destination)) is "US" or "CA");

    private static PoolMonth StateOf(PoolSetting setting, Month month, IReadOnlyList<PoolMonth> used, string? user)
    {
        var state = new PoolMonth(setting.Capability, setting.Country, month, user ?? string.Empty);
        var seconds = setting.Seconds();

        // Without a user, the minutes of all of them count together.
        var share = setting.IsPerUser && user is null ? setting.Licenses : 1;
        state.Domestic.Total = seconds.Domestic * share;
        state.International.Total = seconds.International * share;
        foreach (var other in used)
        {
            if (other.Capability != setting.Capability || other.Country != setting.Country
                || (setting.IsPerUser && user is not null && !other.User.Equals(user, StringComparison.OrdinalIgnoreCase)))
                continue;
            state.Domestic.Used += other.Domestic.Used;
            state.Domestic.Unusable += other.Domestic.Unusable;
            state.International.Used += other.International.Used;
            state.International.Unusable += other.International.Unusable;
        }

        return state;
    }
}
