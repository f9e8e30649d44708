using CommunicationsCredits.Ledger;

namespace CommunicationsCredits.Completion;

/// <summary>Completes rate sheets' names.</summary>
public sealed class RateSheetNameCompleter : LedgerCompleter
{
    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger) =>
        ledger.Rates.GetRateSheets().DistinctBy(sheet => sheet.Name.ToUpperInvariant())
            .Select(sheet => (sheet.Name, $"{sheet.Service}, {sheet.Currency}"));
}
