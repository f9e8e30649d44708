using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes the ids of imports, the newest first.</summary>
public sealed class ImportIdCompleter : TenantThingCompleter
{
    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger, TenantSelection tenant, int share) =>
        ledger.Usage.GetImports(tenant).Reverse().Select(import =>
            (import.ImportId, $"{import.TenantName}: {import.Source}, {import.Imported} records, {Display.InWords(import.Charged, import.Currency)}, {Display.Day(import.ImportedAt)}"));
}
