using System.Collections.Frozen;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>What a column of a rate list says (G2a).</summary>
internal enum RateColumn
{
    Prefix,
    Price,
    Destination,
    DestinationType,
    Country,
    ConnectionFee,
    InitialIncrement,
    Increment,

    /// <summary>Both increments in one: <c>60/60</c>.</summary>
    Increments,

    /// <summary>That no included minutes may cover it.</summary>
    NoPool,

    /// <summary>That included minutes may cover it.</summary>
    Pool,
    Currency,
    EffectiveFrom,
}

/// <summary>
/// The one table of names that carriers have for the columns of a rate list; case, blanks and punctuation do not count. The next
/// carrier's name is one more text here.
/// </summary>
internal static class RateColumns
{
    /// <summary>How many there are.</summary>
    public const int Count = (int)RateColumn.EffectiveFrom + 1;

    /// <summary>The table; a column's first name is the one that messages use.</summary>
    public static readonly IReadOnlyList<(RateColumn Column, string[] Names)> All =
    [
        (RateColumn.Prefix,
            ["Prefix", "Prefixes", "Dial Code", "Dial Codes", "Dialing Code", "Dialling Code", "Dial Prefix", "Dialing Prefix", "Dialled Prefix",
                "Number Prefix", "Destination Prefix", "Destination Prefixes", "Destination Code", "Code", "Codes", "Breakout", "Breakouts",
                "Digits", "E.164 Prefix", "Vorwahl", "Vorwahlen", "Vorwahl(en)"]),
        (RateColumn.Price,
            ["Price / min", "PricePerMinute", "Price", "Price per min", "Rate", "Rate / min", "Rate per Minute", "Rate per min", "rate_cost",
                "Cost", "Cost / min", "Cost per Minute", "Tariff", "Tariff per Minute", "Per Minute", "Per Minute Rate", "Per Minute Price",
                "Minute Rate", "Minute Price", "Our Price", "Our Rate", "Sell Rate", "Sell Price", "Selling Rate", "Buy Rate", "Buying Rate",
                "Call Rate", "Voice Rate", "rateinitial", "Minutentarif", "Minutenpreis", "Preis pro Minute", "Preis / min"]),
        (RateColumn.Destination,
            ["Destination Name", "Destination", "Description", "Destination Description", "Name", "Location", "Area", "rate_name",
                "rate_description", "Ziel", "Zielland"]),
        (RateColumn.DestinationType,
            ["Destination Type", "Type", "Number Type", "Line Type", "Phone Type", "Network Type", "Category", "Destination Category"]),
        (RateColumn.Country,
            ["Country", "Country Code", "Country Name", "ISO", "ISO Code", "ISO 2", "ISO Country", "ISO Country Code", "Country ISO",
                "Country ISO Code", "Country or Region", "Country / Region", "Land"]),
        (RateColumn.ConnectionFee,
            ["Connection Fee", "Connection Charge", "Connection Price", "Connect Fee", "Connect Charge", "Connection Cost", "Connection",
                "Setup Fee", "Set-up Fee", "Set-up Charge", "Call Setup", "Call Setup Fee", "Call Setup Charge", "Surcharge",
                "rate_surcharge", "Session Fee", "Connect Cost", "Flag Fall", "Flagfall"]),
        (RateColumn.InitialIncrement,
            ["Initial Increment", "First Increment", "Initial Interval", "First Interval", "Interval 1", "Increment 1", "Initial Period",
                "Minimum Duration", "Min Duration", "Minimum Seconds", "Min Seconds", "Minimum Time", "Minimum Interval", "Billing Minimum",
                "rate_minimum", "Initial Seconds", "initblock", "Initial Block", "init_inc", "Init Increment"]),
        (RateColumn.Increment,
            ["Increment", "Further Increment", "Next Increment", "Next Interval", "Subsequent Increment", "Subsequent Interval",
                "Additional Increment", "Additional Interval", "Second Increment", "Second Interval", "Interval N", "Interval 2",
                "Increment 2", "Recurring Increment", "rate_increment", "Subsequent Seconds", "billingblock", "Billing Block"]),
        (RateColumn.Increments,
            ["Increments", "Interval", "Intervals", "Billing Interval", "Billing Intervals", "Billing Increment", "Billing Increments",
                "Billing", "Billing Terms", "Rounding", "Billing Rounding", "Pulse", "Min / Incr", "Minimum / Increment",
                "Initial / Further Increment", "Taktung", "Takt"]),
        (RateColumn.NoPool,
            ["No Pool", "Excluded from Pool", "Exclude from Pool", "Pool Excluded", "Not in Pool", "No Included Minutes"]),
        (RateColumn.Pool,
            ["Pool", "Poolable", "Is Poolable", "Pool Allowed", "In Pool", "Included Minutes", "Covered by Pool"]),
        (RateColumn.Currency, ["Currency", "Currency Code", "Rate Currency", "Price Currency", "Ccy", "Währung"]),
        (RateColumn.EffectiveFrom,
            ["Effective Date", "Effective From", "Effective", "EffectiveDate", "Effective Start", "Effective Start Date", "Valid From",
                "Start Date", "From Date", "Gültig ab"]),
    ];

    private static readonly FrozenDictionary<string, RateColumn> ByKey = All
        .SelectMany(known => known.Names.Select(name => (Key: UsageFieldNames.KeyOf(name), known.Column)))
        .DistinctBy(known => known.Key)
        .ToFrozenDictionary(known => known.Key, known => known.Column, StringComparer.Ordinal);

    /// <summary>
    /// Whether a second column of the kind is a guess: of what decides a cost, two are; of two descriptions, the first counts.
    /// </summary>
    public static bool IsBilled(RateColumn column) =>
        column is not (RateColumn.Destination or RateColumn.DestinationType or RateColumn.Country);

    /// <summary>The column of that name, or null; a currency in the name (<c>Rate (EUR)</c>) is the list's.</summary>
    /// <param name="name">The name.</param>
    /// <param name="currency">The currency that the name has, or null.</param>
    public static RateColumn? Find(string name, out string? currency)
    {
        currency = null;
        if (ByKey.TryGetValue(UsageFieldNames.KeyOf(name), out var column))
            return column;

        // "Minutentarif in EUR (Abrechnung …)", "Rate USD/min", "Price (€)": the words without the currency are the name.
        var words = name.Split([' ', '(', ')', '[', ']', '/', '_', ',', '-', '.'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        currency = words.Select(CurrencyOf).FirstOrDefault(code => code is not null);
        var bracket = name.AsSpan().IndexOfAny('(', '[');
        var plain = bracket > 0 && !ChangesUnit(name[bracket..]) ? name[..bracket] : name;
        foreach (var candidate in (string[])[name, plain])
        {
            var rest = string.Concat(candidate
                .Split([' ', '(', ')', '[', ']', '/', '_', ',', '-', '.'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(word => CurrencyOf(word) is null && !word.Equals("in", StringComparison.OrdinalIgnoreCase)));
            if (ByKey.TryGetValue(UsageFieldNames.KeyOf(rest), out column))
                return column;

            // "USD/min": what costs so much money a minute is a price.
            if (currency is not null && UsageFieldNames.KeyOf(rest) is "min" or "minute" or "permin")
                return RateColumn.Price;
        }

        currency = null;
        return null;
    }

    /// <summary>Whether a remark in brackets may say that the figure is of something else than a unit of currency a minute.</summary>
    private static bool ChangesUnit(string remark) => remark.Any(c => char.IsDigit(c) || c is '¢' or '%')
        || Array.Exists((string[])["cent", "ct", "pence", "penny", "sec", "hour", "unit", "call", "month"], word => remark.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string? CurrencyOf(string word) => word switch
    {
        "$" or "US$" => "USD",
        "€" => "EUR",
        "£" => "GBP",
        { Length: 3 } => Money.Currency.All.FirstOrDefault(code => code.Equals(word, StringComparison.Ordinal)),
        _ => null,
    };
}
