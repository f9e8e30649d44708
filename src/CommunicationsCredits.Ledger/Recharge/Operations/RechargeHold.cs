using CommunicationsCredits.Ledger.Posting;

namespace CommunicationsCredits.Ledger.Recharge.Operations;

/// <summary>Holds a recharge rule and releases it (R10): held, it charges no more a day than the tenant's days usually cost.</summary>
internal static class RechargeHold
{
    /// <summary>Holds the tenant's rule from now on.</summary>
    /// <param name="draft">The posting.</param>
    /// <param name="reason">Why, as somebody who looks at the rule should read it.</param>
    /// <returns>Whether it was held by this; false where no rule can act, or one is held already.</returns>
    public static bool Hold(Draft draft, string reason)
    {
        if (draft.Rule is not { Enabled: true, HeldAt: null } rule)
            return false;
        draft.SetRule(rule with { HeldAt = draft.Now, HeldBecause = reason });
        draft.Note($"Auto-recharge held: {reason}");
        return true;
    }

    /// <summary>Lets the tenant's rule go on without the cap of a held one.</summary>
    /// <param name="draft">The posting.</param>
    /// <param name="reason">Why.</param>
    /// <returns>Whether it was held.</returns>
    public static bool Release(Draft draft, string reason)
    {
        if (draft.Rule is not { HeldAt: not null } rule)
            return false;
        draft.SetRule(rule with { HeldAt = null, HeldBecause = null });
        draft.Note($"Auto-recharge released: {reason}");
        return true;
    }
}
