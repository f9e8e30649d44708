using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes tenants' ids.</summary>
public sealed class TenantIdCompleter : LedgerCompleter
{
    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger) =>
        ledger.GetTenants(TenantSelection.All).Select(tenant => (tenant.TenantId, $"{tenant.Name}, {tenant.Currency}"));
}
