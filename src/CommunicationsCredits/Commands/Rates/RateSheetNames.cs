namespace CommunicationsCredits.Commands;

/// <summary>Finds rate sheets by their names.</summary>
internal static class RateSheetNames
{
    /// <summary>The sheets whose name is the text, or matches it.</summary>
    public static IReadOnlyList<CreditRateSheet> Matching(IEnumerable<CreditRateSheet> sheets, string text) =>
        [.. sheets.Where(sheet => NamePattern.Matches(text, sheet.Name))];

    /// <summary>Whether a sheet has that name, in whatever case.</summary>
    public static bool Named(CreditRateSheet sheet, string name) => string.Equals(sheet.Name, name, StringComparison.OrdinalIgnoreCase);
}
