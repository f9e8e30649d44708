using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes the ids of entries, the newest of each tenant.</summary>
public sealed class TransactionIdCompleter : TenantThingCompleter
{
    private const int Most = 200;

    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger, TenantSelection tenant, int share) =>
        ledger.Funds.GetTransactions(tenant, new() { Newest = Most / share }).Select(entry =>
            (entry.TransactionId, $"{entry.TenantName}: {Display.Word(entry.Kind)} {Display.InWords(entry.Amount, entry.Currency)}, {Display.Day(entry.EffectiveAt)}"));
}
