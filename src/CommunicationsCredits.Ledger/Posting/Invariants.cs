using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Posting;

/// <summary>What must hold after every posting. A violation is a fault of ours: the posting is refused, and nothing is written.</summary>
internal static class Invariants
{
    /// <exception cref="InvalidOperationException">One does not hold.</exception>
    public static void Check(Draft draft)
    {
        var account = draft.Account;
        var left = Amount.Zero;
        var lastExpiry = Instant.Earliest;
        foreach (var lot in draft.Lots.All)
        {
            if (lot.Remaining < Amount.Zero || lot.Remaining > lot.Amount || lot.Forfeited < Amount.Zero || lot.Forfeited > lot.Remaining)
                throw Violation(draft, $"lot {lot.Number} has {lot.Remaining} of {lot.Amount} left, {lot.Forfeited} forfeited");
            left += lot.Remaining - lot.Forfeited;
            if (lot.Remaining > Amount.Zero)
                lastExpiry = Instant.Max(lastExpiry, lot.ExpiresAt);
        }

        if (account.Balance != left - account.Debt || account.Debt < Amount.Zero)
            throw Violation(draft, $"the balance is {account.Balance}, and its lots and debts make {left} - {account.Debt}");

        // A forfeited rest would have paid it as well (F6).
        foreach (var debt in draft.Changes.Debts.Values)
        {
            if (debt.Unpaid > Amount.Zero && debt.EffectiveAt < lastExpiry)
                throw Violation(draft, $"{debt.Unpaid} of entry {debt.Entry} are unpaid beside a lot that may pay them");
        }

        foreach (var pool in draft.Changes.PoolMonths.Values)
        {
            // What a blanked user's calls give back has nobody's name any more, and counts in the sum of all users (C4).
            if (pool.User.Length == 0 && LicenseCapability.IsPerUser(pool.Capability))
                continue;
            if (pool.Domestic.Used < 0 || pool.Domestic.Unusable < 0 || pool.International.Used < 0 || pool.International.Unusable < 0)
                throw Violation(draft, $"less than nothing is used of pool {pool.Capability} {pool.Country} in {pool.Month}");
        }
    }

    private static InvalidOperationException Violation(Draft draft, string what) =>
        new($"Refused before it was written, in '{draft.Tenant.Id}': {what}.");
}
