using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Rates;

/// <summary>Stores a rate list as a version of a sheet: all of it, or nothing (G2).</summary>
/// <param name="name">The sheet's name.</param>
/// <param name="list">The list.</param>
public sealed class AddRateSheet(string name, RateListReader list) : LedgerCommand<CreditRateSheet>
{
    private const int LongestName = 128;
    private const int LongestIncrement = 3600;

    /// <summary>The currency, ISO 4217; the list's own, else USD, where nothing is given.</summary>
    public string? Currency { get; init; }

    /// <summary>What it prices.</summary>
    public CreditRateService Service { get; init; }

    /// <summary>
    /// From when it is in force. Where neither this nor the list says it, a first list holds from the first of the month before this
    /// one, for that month's usage is what is imported next, and a later one from today's midnight UTC (G2a).
    /// </summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>The seconds billed at least, 1 to 3,600.</summary>
    public int InitialIncrement { get; init; } = 60;

    /// <summary>The seconds by which more is billed, 1 to 3,600.</summary>
    public int Increment { get; init; } = 60;

    /// <summary>The fee for connecting a call, 0 or more.</summary>
    public decimal ConnectionFee { get; init; }

    /// <summary>The decimals a cost is rounded to, 0 to 6.</summary>
    public int Decimals { get; init; } = 4;

    /// <summary>How a cost is rounded.</summary>
    public CreditRounding Rounding { get; init; }

    internal override CreditRateSheet Run(LedgerTransaction tx, LedgerSession ledger)
    {
        if (list.Problems.Count > 0)
            throw list.Problems[0];
        var sheets = tx.Rates.Sheets();
        var sheet = Checked(ledger, sheets);
        if (EffectiveFrom is null && list.EffectiveFrom is null && Newest(sheets, sheet) is { } newest && IsSame(newest, sheet, tx.Rates.Prefixes(newest)))
            return newest.ToContract();
        var replaced = sheets.FirstOrDefault(other => other.NameKey == sheet.NameKey && other.Service == sheet.Service
            && other.Currency == sheet.Currency && other.EffectiveFrom == sheet.EffectiveFrom);
        if (replaced is not null)
        {
            if (tx.Rates.IsUsed(replaced.Number))
            {
                throw LedgerErrors.RateRejected(
                    $"'{replaced.Name}' from {replaced.EffectiveFrom} on has made charges, so it stays as it is. Import the list with "
                    + "another -EffectiveFrom.",
                    replaced.Name);
            }

            tx.Rates.Remove(replaced.Number);
        }

        RateConflicts.Refuse(
            [.. sheets.Where(other => other != replaced), sheet],
            sheet,
            other => other == sheet ? list.Rows.Select(row => row.Prefix) : tx.Rates.Prefixes(other).Select(rate => rate.Prefix));
        sheet = tx.Rates.Add(sheet);
        foreach (var row in list.Rows.OrderBy(row => row.Prefix, StringComparer.Ordinal))
            tx.Rates.AddPrefix(sheet.Number, row);
        return sheet.ToContract();
    }

    private static RateSheet? Newest(IReadOnlyList<RateSheet> sheets, RateSheet sheet) => sheets
        .Where(other => other.NameKey == sheet.NameKey && other.Service == sheet.Service && other.Currency == sheet.Currency)
        .MaxBy(other => other.EffectiveFrom);

    /// <summary>Whether a list says what a version says already: the same list again changes nothing (G2a).</summary>
    private bool IsSame(RateSheet known, RateSheet sheet, IReadOnlyList<RatedPrefix> prefixes)
    {
        if (known with { Number = 0, EffectiveFrom = sheet.EffectiveFrom, Name = sheet.Name } != sheet || prefixes.Count != list.Rows.Count)
            return false;
        var rows = list.Rows.ToDictionary(row => row.Prefix, StringComparer.Ordinal);
        return prefixes.All(rate => rows.TryGetValue(rate.Prefix, out var row) && row.PricePerMinute == rate.PricePerMinute
            && row.Destination == rate.Destination && row.Country == rate.Country && row.Terms == rate.Terms);
    }

    private RateSheet Checked(LedgerSession ledger, IReadOnlyList<RateSheet> sheets)
    {
        var trimmed = name.Trim();
        if (trimmed.Length is 0 or > LongestName || trimmed.Any(char.IsControl))
            throw LedgerErrors.RateRejected($"A sheet's name has to be 1 to {LongestName} characters on one line.", name);
        if (InitialIncrement is < 1 or > LongestIncrement || Increment is < 1 or > LongestIncrement)
            throw LedgerErrors.RateRejected($"Increments are 1 to {LongestIncrement:N0} seconds.", name);
        if (Decimals is < 0 or > Money.Rounding.MaximumDecimals)
            throw LedgerErrors.RateRejected($"A cost is rounded to 0 to {Money.Rounding.MaximumDecimals} decimals.", name);
        var fee = Amount.FromDecimal(ConnectionFee);
        if (fee < Amount.Zero)
            throw LedgerErrors.InvalidAmount($"A connection fee of {fee} makes no sense: it is 0 or more.", name);
        if (list.Rows.Count == 0)
            throw LedgerErrors.RateRejected($"{list.Source}: there are no rates in it.", name);
        var currency = Money.Currency.Parse(Currency ?? list.Currency ?? "USD");
        if (list.Currency is { } own && own != currency)
            throw LedgerErrors.RateRejected($"{list.Source}: its prices are in {own}, and the sheet would be in {currency}. Leave -Currency away, or give {own}.", name);
        if (EffectiveFrom is { } asked && list.EffectiveFrom is { } says && asked != says)
        {
            throw LedgerErrors.RateRejected(
                $"{list.Source}: it holds from {Instant.From(says)} on by its own column, and -EffectiveFrom is {Instant.From(asked)}. Leave -EffectiveFrom "
                + "away, or remove the column.",
                name);
        }

        var isFirst = !sheets.Any(other => other.Name.Equals(trimmed, StringComparison.OrdinalIgnoreCase) && other.Service == Service && other.Currency == currency);
        return new()
        {
            Name = trimmed,
            Service = Service,
            Currency = currency,
            EffectiveFrom = Instant.From(EffectiveFrom ?? list.EffectiveFrom)
                ?? (isFirst ? Month.Of(ledger.Now).Previous.Start : ledger.Now.Midnight),

            // What all rows say is shown as the sheet's own.
            InitialIncrement = list.CommonTerms.InitialIncrement ?? InitialIncrement,
            Increment = list.CommonTerms.Increment ?? Increment,
            ConnectionFee = list.CommonTerms.ConnectionFee ?? fee,
            Decimals = Decimals,
            Rounding = Rounding,
            RateCount = list.Rows.Count,
        };
    }
}

/// <summary>Removes a version of a rate sheet, as long as no charge was made by it.</summary>
/// <param name="sheet">The version.</param>
public sealed class RemoveRateSheet(CreditRateSheet sheet) : LedgerCommand<CreditRateSheet>
{
    internal override CreditRateSheet Run(LedgerTransaction tx, LedgerSession ledger)
    {
        var sheets = tx.Rates.Sheets();
        var removed = sheets.FirstOrDefault(other => other.ToContract() == sheet)
            ?? throw LedgerErrors.RateRejected($"There is no rate sheet '{sheet.Name}'. Get-CreditRateSheet lists those there are.", sheet.Name);
        if (tx.Rates.IsUsed(removed.Number))
        {
            throw LedgerErrors.RateRejected(
                $"'{removed.Name}' from {removed.EffectiveFrom} on has made charges, so it stays. A newer version of the same name "
                + "replaces it from its date on.",
                removed.Name);
        }

        // The version before it is in force again, and must not meet another name's prefixes.
        RateConflicts.Refuse(
            [.. sheets.Where(other => other != removed)], removed, other => tx.Rates.Prefixes(other).Select(rate => rate.Prefix));
        tx.Rates.Remove(removed.Number);
        return removed.ToContract();
    }
}
