using CommunicationsCredits.Ledger;
using CommunicationsCredits.Ledger.Tenants;

namespace CommunicationsCredits.Completion;

/// <summary>Completes payment methods' names.</summary>
public sealed class PaymentMethodCompleter : TenantThingCompleter
{
    private protected override bool BeginWithTenant => false;

    private protected override IEnumerable<(string Word, string Hint)> Words(LedgerSession ledger, TenantSelection tenant, int share) =>
        ledger.Recharges.GetPaymentMethods(tenant).Select(method =>
            (method.Name, $"{method.TenantName}: gateway {method.Gateway}{(method.ExpiryMonth is null ? string.Empty : $", expires {method.ExpiryMonth}")}"));
}
