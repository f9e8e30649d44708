using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Pauses a tenant's recharge rule until it is enabled again, though nothing was declined (R11).</summary>
/// <param name="tenantId">The tenant.</param>
/// <param name="reason">Why, as in "restored from a copy of …".</param>
internal sealed class PauseRule(string tenantId, string reason) : LedgerOperation<bool>
{
    internal override Needs Needs => Needs.Of(tenantId);

    internal override bool Decide(Draft draft)
    {
        if (draft.Rule is not { } rule)
            return false;
        draft.SetRule(rule with { PausedBecause = reason });
        draft.Note($"Auto-recharge paused: {reason}");
        draft.Finish();
        return true;
    }
}
