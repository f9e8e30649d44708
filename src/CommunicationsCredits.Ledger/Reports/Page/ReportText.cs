using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports.Page;

/// <summary>Figures and names as the report shows them, the same in every culture.</summary>
internal static class ReportText
{
    private const string Minus = "\u2212";

    /// <summary>An amount with its currency, to the currency's smallest coin.</summary>
    public static string Money(Amount amount, string currency) => $"{currency}\u00A0{Figure(amount, currency)}";

    /// <summary>An amount without its currency, to the currency's smallest coin.</summary>
    public static string Figure(Amount amount, string currency)
    {
        var digits = Currency.MinorDigits(currency);
        var value = decimal.Round(amount.ToDecimal(), digits);
        var text = Math.Abs(value).ToString($"N{digits}", CultureInfo.InvariantCulture);
        return value < 0 ? Minus + text : text;
    }

    /// <summary>The mark of an axis: no more decimals than it needs.</summary>
    public static string Mark(decimal value)
    {
        var text = Math.Abs(value).ToString("#,0.######", CultureInfo.InvariantCulture);
        return value < 0 ? Minus + text : text;
    }

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number and what it counts, in the singular where it is one.</summary>
    public static string Count(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary>The date UTC.</summary>
    public static string Date(Instant instant) => instant.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Date(DateTimeOffset instant) => Date(Instant.From(instant));

    /// <summary>The day and month UTC, for an axis.</summary>
    public static string Day(Instant instant) => instant.Date.ToString("d MMM", CultureInfo.InvariantCulture);

    /// <summary>The days of a time, the last one included.</summary>
    public static string Days((Instant From, Instant To) time) => $"{Date(time.From)} to {Date(time.To.Previous)}";

    public static string Minute(Instant instant) =>
        new DateTime(instant.Ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Percent(decimal share) => $"{decimal.Round(100 * share, 1).ToString("0.#", CultureInfo.InvariantCulture)}\u00A0%";

    public static string Service(UsageService service) => service switch
    {
        UsageService.TollFreeInbound => "Toll-free inbound",
        UsageService.ConferenceDialOut => "Conference dial-out",
        UsageService.ConferencePayPerMinute => "Conference, pay per minute",
        _ => service.ToString(),
    };
}
