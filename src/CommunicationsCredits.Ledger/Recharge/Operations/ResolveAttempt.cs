using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Settles an attempt by hand that no gateway answers (R6).</summary>
/// <param name="attemptId">The attempt's id.</param>
/// <param name="succeeded">Whether it was paid.</param>
/// <param name="paymentReference">The payment provider's reference.</param>
public sealed class ResolveAttempt(string attemptId, bool succeeded, string? paymentReference) : LedgerOperation<AutoRechargeAttempt>
{
    internal override Needs Needs
    {
        get
        {
            CardNumbers.Refuse(paymentReference, "payment reference");
            return LedgerIds.Parse(attemptId, "A") is var (tenantId, number)
                ? Needs.Of(tenantId) with { Attempts = [number] }
                : throw NotFound(attemptId);
        }
    }

    internal override CreditException NotFound(string tenantId) => RechargeErrors.AttemptNotFound(attemptId, "There is no such attempt");

    internal override Needs? More(TenantState state, Instant now) => Number is var number && state.Attempts.TryGetValue(number, out var attempt)
        ? Needs.Of(state.Tenant.Id) with { Debts = attempt.Amount }
        : null;

    internal override AutoRechargeAttempt Decide(Draft draft)
    {
        var attempt = draft.FindAttempt(Number) ?? throw NotFound(draft.Tenant.Id);
        if (!attempt.IsOpen)
            throw RechargeErrors.AttemptNotFound(attemptId, $"It is not open any more ({attempt.State})");
        var settled = RechargeDecisions.Settle(draft, attempt.Number, succeeded
            ? new(AutoRechargeAttemptState.Succeeded, paymentReference, null)
            : new(AutoRechargeAttemptState.Declined, paymentReference, "settled by hand as declined"));
        var answer = settled.ToContract(draft.Tenant);
        draft.Note($"{answer.AttemptId} settled by hand as {answer.State}");
        draft.Finish();
        return answer;
    }

    private long Number => LedgerIds.Parse(attemptId, "A")!.Value.Number;
}
