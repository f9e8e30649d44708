using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Evaluates a tenant's rule once, or marks an open attempt as asked again (R6, R8).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="trigger">Why.</param>
/// <param name="means">What this machine can do for it.</param>
/// <param name="now">The clock's now.</param>
internal sealed class EvaluateRecharge(string tenantId, RechargeTrigger trigger, IRechargeMeans means, Instant now) : LedgerOperation<Attempt?>
{
    internal override Needs Needs => Needs.Of(tenantId) with { AttemptsSince = RechargeDecisions.CapsFrom(now), PaymentMethods = true, UseWhereHeld = now };

    internal override Needs? More(TenantState state, Instant now)
    {
        // New money repays debts: as many as the charge can.
        if (state.OpenAttempt is not null || state.Account.Debt == Amount.Zero
            || !RechargeDecisions.MayAct(state.Rule, state.Tenant, trigger, now))
            return null;
        var balance = BalanceRules.Now(state.Account.Balance, state.Lots, now);
        var size = RechargeDecisions.Size(state.Rule!, state.Tenant, balance, state.Attempts.Values, state.UseDays, now);
        return size.Charge == Amount.Zero ? null : Needs.Of(tenantId) with { Debts = size.Charge };
    }

    internal override Attempt? Decide(Draft draft)
    {
        var attempt = RechargeDecisions.Evaluate(draft, trigger, means);

        // Whatever posts books what has expired (F5), and most tenants' rules have nothing to do.
        if (draft.HasChanges)
            draft.Finish();
        return attempt;
    }
}

/// <summary>Writes what a gateway answered (R5, R6).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="number">The attempt's number.</param>
/// <param name="answer">The answer.</param>
internal sealed class SettleAttempt(string tenantId, long number, GatewayAnswer answer) : LedgerOperation<Attempt>
{
    internal override Needs Needs => Needs.Of(tenantId) with { Attempts = [number] };

    internal override Needs? More(TenantState state, Instant now) =>
        answer.State == AutoRechargeAttemptState.Succeeded && state.Attempts.TryGetValue(number, out var attempt)
            ? Needs.Of(tenantId) with { Debts = attempt.Amount }
            : null;

    internal override Attempt Decide(Draft draft)
    {
        var attempt = RechargeDecisions.Settle(draft, number, answer);
        if (draft.HasChanges)
            draft.Finish();
        return attempt;
    }
}
