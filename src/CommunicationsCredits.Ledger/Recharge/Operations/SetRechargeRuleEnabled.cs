using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Enables a tenant's recharge rule, which clears its back-off and lets a held or restored one go on, or disables it.</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="enabled">Whether it may act.</param>
public sealed class SetRechargeRuleEnabled(string tenantId, bool enabled) : LedgerOperation<AutoRecharge>
{
    internal override Needs Needs => Needs.Of(tenantId);

    internal override AutoRecharge Decide(Draft draft)
    {
        var tenant = draft.Tenant;
        var before = draft.Rule ?? throw RechargeErrors.NoRule(tenant);
        var after = (enabled ? before.Resumed() with { PausedBecause = null, HeldAt = null, HeldBecause = null } : before)
            with { Enabled = enabled };
        if (after != before)
        {
            draft.SetRule(after);
            draft.Note(enabled ? "Auto-recharge enabled" : "Auto-recharge disabled");
            draft.Finish();
        }

        return RechargeState.Describe(tenant, after, draft.OpenAttempt is not null, draft.State.LastAttemptAt, draft.Now);
    }
}
