using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes the ids of recharge attempts that are open.</summary>
public sealed class AttemptIdCompleter : TenantThingCompleter
{
    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger, TenantSelection tenant, int share) =>
        ledger.Recharges.GetAttempts(tenant)
            .Where(attempt => attempt.State is AutoRechargeAttemptState.Pending or AutoRechargeAttemptState.Unknown)
            .Select(attempt => (attempt.AttemptId, $"{attempt.TenantName}: {Display.InWords(attempt.Amount, attempt.Currency)}, {Display.Word(attempt.State)} since {Display.Day(attempt.StartedAt)}"));
}
