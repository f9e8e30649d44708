using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes the ids of funds, those with something left first.</summary>
public sealed class FundsIdCompleter : TenantThingCompleter
{
    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger, TenantSelection tenant, int share) =>
        ledger.Funds.GetFunds(tenant, includeSpent: true).OrderBy(funds => funds.Status).Select(funds =>
            (funds.FundsId, $"{funds.TenantName}: {Display.InWords(funds.Remaining, funds.Currency)} left of {Display.InWords(funds.Amount, funds.Currency)}, expires {Display.Day(funds.ExpiresAt)}"));
}
