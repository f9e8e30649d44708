using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes the ids of imports.</summary>
public sealed class ImportIdCompleter : LedgerCompleter
{
    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger) =>
        ledger.Usage.GetImports(TenantSelection.All).Select(import =>
            (import.ImportId, $"{import.TenantName}: {import.Source}, {import.Imported} records, {Display.InWords(import.Charged, import.Currency)}"));
}
