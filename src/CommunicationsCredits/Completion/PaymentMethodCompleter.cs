using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes payment methods' names.</summary>
public sealed class PaymentMethodCompleter : LedgerCompleter
{
    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger) =>
        ledger.Recharges.GetPaymentMethods(TenantSelection.All).DistinctBy(method => method.Name.ToUpperInvariant())
            .Select(method => (method.Name, $"Gateway {method.Gateway}"));
}
