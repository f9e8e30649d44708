using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Removes a payment method that no rule pays by.</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="name">The method's name.</param>
public sealed class RemovePaymentMethod(string tenantId, string name) : LedgerOperation<CreditPaymentMethod>
{
    internal override Needs Needs => Needs.Of(tenantId) with { PaymentMethods = true };

    internal override CreditPaymentMethod Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        var method = draft.FindMethod(name) ?? throw RechargeErrors.PaymentMethodNotFound(tenant, name);
        if (method.Name.Equals(draft.Rule?.Method, StringComparison.OrdinalIgnoreCase))
        {
            throw new CreditException(
                CreditErrorId.RuleInvalid,
                $"The recharge rule of {tenant.InWords} pays by '{method.Name}'. Give the rule another -PaymentMethod first.",
                tenant.Id);
        }

        draft.RemoveMethod(method);
        draft.Note($"Payment method {method.Name} removed");
        draft.Finish();
        return method.ToContract(tenant);
    }
}
