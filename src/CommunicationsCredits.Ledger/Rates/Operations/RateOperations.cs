using System.Globalization;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Rates.Operations;

/// <summary>Stores a rate list as a version of a sheet: all of it, or nothing (G2).</summary>
/// <param name="name">The sheet's name.</param>
/// <param name="list">The list.</param>
public sealed class AddRateSheet(string name, RateListReader list) : LedgerWideOperation<CreditRateSheet>
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

    internal override CreditRateSheet Decide(LedgerDraft draft)
    {
        if (list.Problems.Count > 0)
            throw list.Problems[0];
        var sheets = RateSheet.InForce(draft.Sheets);
        var sheet = Checked(draft, sheets);

        // The same list again changes nothing (G2a).
        if (EffectiveFrom is null && list.EffectiveFrom is null && Newest(sheets, sheet) is { } newest && IsSame(newest, sheet))
            return newest.ToContract();
        var replaced = sheets.FirstOrDefault(sheet.IsSameVersion);
        if (replaced is not null && replaced.Digest.AsSpan().SequenceEqual(sheet.Digest))
            return replaced.ToContract();

        sheet = sheet with { Revision = (replaced?.Revision ?? 0) + 1 };
        RateConflicts.Refuse(
            [.. sheets.Where(other => other != replaced), sheet],
            sheet,
            other => other == sheet ? list.Rows.Select(row => row.Prefix) : draft.Prefixes(other).Select(rate => rate.Prefix));
        sheet = draft.Posting.Add(sheet, [.. list.Rows]);
        draft.Append(new(LedgerEntryKind.SheetAdded, SheetChanges.SubjectOf(sheet), SheetChanges.Describe(sheet), sheet.Digest));
        return sheet.ToContract();
    }

    private static RateSheet? Newest(IReadOnlyList<RateSheet> sheets, RateSheet sheet) => sheets
        .Where(other => other.IsSameSheet(sheet)).MaxBy(other => other.EffectiveFrom);

    /// <summary>Whether the list says what a version says already.</summary>
    private bool IsSame(RateSheet known, RateSheet sheet) => known.Digest.AsSpan().SequenceEqual(
        SheetDigest.Of(sheet with { EffectiveFrom = known.EffectiveFrom, Name = known.Name }, list.Rows));

    private RateSheet Checked(LedgerDraft draft, IReadOnlyList<RateSheet> sheets)
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

        var nameKey = trimmed.ToUpperInvariant();
        var isFirst = !sheets.Any(other => other.NameKey == nameKey && other.Service == Service && other.Currency == currency);
        var sheet = new RateSheet
        {
            Name = trimmed,
            Service = Service,
            Currency = currency,
            EffectiveFrom = Instant.From(EffectiveFrom ?? list.EffectiveFrom)
                ?? (isFirst ? Month.Of(draft.Now).Previous.Start : draft.Now.Midnight),

            // What all rows say is shown as the sheet's own.
            InitialIncrement = list.CommonTerms.InitialIncrement ?? InitialIncrement,
            Increment = list.CommonTerms.Increment ?? Increment,
            ConnectionFee = list.CommonTerms.ConnectionFee ?? fee,
            Decimals = Decimals,
            Rounding = Rounding,
            RateCount = list.Rows.Count,
        };
        return sheet with { Digest = SheetDigest.Of(sheet, list.Rows) };
    }
}

/// <summary>Removes the newest revision of a version of a rate sheet, as long as no charge was made by it; the one before is in force again.</summary>
/// <param name="sheet">The version.</param>
public sealed class RemoveRateSheet(CreditRateSheet sheet) : LedgerWideOperation<CreditRateSheet>
{
    internal override CreditRateSheet Decide(LedgerDraft draft)
    {
        var removed = RateSheet.InForce(draft.Sheets).FirstOrDefault(other => other.ToContract() == sheet)
            ?? throw LedgerErrors.RateRejected($"There is no rate sheet '{sheet.Name}'. Get-CreditRateSheet lists the sheets in this ledger.", sheet.Name);
        if (draft.IsUsed(removed))
        {
            throw LedgerErrors.RateRejected(
                $"'{removed.Name}' from {removed.EffectiveFrom} on has made charges, so it stays. A newer version of the same name "
                + "replaces it from its date on.",
                removed.Name);
        }

        // The one before it is in force again, and must not meet another name's prefixes.
        RateConflicts.Refuse(
            RateSheet.InForce(draft.Sheets.Where(other => other != removed)), removed,
            other => draft.Prefixes(other).Select(rate => rate.Prefix));
        draft.Posting.Remove(removed.Number);
        draft.Append(new(LedgerEntryKind.SheetRemoved, SheetChanges.SubjectOf(removed), SheetChanges.Describe(removed), removed.Digest));
        return removed.ToContract();
    }
}

/// <summary>What the ledger's own chain says of rate sheets (H1b).</summary>
internal static class SheetChanges
{
    public static string SubjectOf(RateSheet sheet) => string.Create(CultureInfo.InvariantCulture, $"sheet/{sheet.Number}");

    public static string Describe(RateSheet sheet) => string.Create(
        CultureInfo.InvariantCulture,
        $"{sheet.Service} rates '{sheet.Name}' in {sheet.Currency} from {sheet.EffectiveFrom} on, revision {sheet.Revision}, {sheet.RateCount} prefixes");
}
