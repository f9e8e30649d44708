using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>What a tenant uses, and what becomes of its funds if that goes on.</summary>
/// <param name="Pattern">What is used; null where there is too little history.</param>
/// <param name="Projection">What becomes of the funds; null where there is too little history.</param>
/// <param name="Days">How many whole days there were to tell.</param>
internal sealed record Forecast(UsePattern? Pattern, BurnDown? Projection, int Days)
{
    private const int DaysOfMinimum = 7;
    private const int DaysOfRecharge = 30;

    /// <summary>The forecast of a tenant from the days before an instant.</summary>
    public static Forecast Of(LedgerSnapshot snapshot, Tenant tenant, int window, Instant now)
    {
        var (from, to) = UsePattern.WindowOf(now, window, snapshot.Reports.Calls(tenant.Number, now));

        // What was used before the account was kept here is not known (T2).
        if (tenant.AccountFrom is { } kept && from < kept)
            from = kept == kept.Midnight ? kept : kept.NextMidnight;
        var days = Math.Max(0, (int)((to.Ticks - from.Ticks) / TimeSpan.TicksPerDay));
        if (UsePattern.Of(days < UsePattern.FewestDays ? [] : snapshot.Reports.UseByDay(tenant.Number, from, to), from, to) is not { } pattern)
            return new(null, null, days);
        return new(pattern, BurnDown.Project(snapshot.Lots.WithRemainder(tenant.Number), pattern, now), days);
    }

    /// <summary>What so many days use, up to the currency's smallest coin.</summary>
    public Amount? UseOf(int days, string currency)
    {
        if (Pattern is null)
            return null;
        decimal coin = Amount.MicrosPerUnit;
        for (var digit = Currency.MinorDigits(currency); digit > 0; digit--)
            coin /= 10;
        return new((long)(decimal.Ceiling(decimal.Round(days * Pattern.Daily, 6) / coin) * coin));
    }

    /// <summary>The forecast as the border shows it.</summary>
    public CreditForecast ToContract(Tenant tenant)
    {
        ExpiringUnused? first = Projection is { Expiring.Count: > 0 } ? Projection.Expiring[0] : null;
        return new()
        {
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            Currency = tenant.Currency,
            DailyUse = Pattern is null ? null : new Amount((long)decimal.Round(Pattern.Daily)).ToDecimal(),
            RunsOutAt = Projection?.RunsOutAt?.ToDateTimeOffset(),
            ExpiringUnused = Projection is null ? null : (first?.Amount ?? Amount.Zero).ToDecimal(),
            ExpiringAt = first?.At.ToDateTimeOffset(),
            SuggestedMinimum = UseOf(DaysOfMinimum, tenant.Currency)?.ToDecimal(),
            SuggestedRecharge = UseOf(DaysOfRecharge, tenant.Currency)?.ToDecimal(),
            Message = Pattern is not null ? null : string.Create(
                CultureInfo.InvariantCulture,
                $"{tenant.InWords} has {Days} whole day(s) of usage, and a forecast needs {UsePattern.FewestDays}. Import the usage of the days before, or ask again later."),
        };
    }
}
