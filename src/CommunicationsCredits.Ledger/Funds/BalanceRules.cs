using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds;

/// <summary>What a balance is (F8): pure rules over lots.</summary>
internal static class BalanceRules
{
    /// <summary>
    /// The balance now: the sum of all entries, less what has expired by now and is not booked yet. What a clock that ran ahead has
    /// booked of lots that have not expired by now counts as not booked.
    /// </summary>
    /// <param name="sum">The sum of all entries.</param>
    /// <param name="lots">The lots that have something left.</param>
    /// <param name="now">The clock's now.</param>
    public static Amount Now(Amount sum, IEnumerable<Lot> lots, Instant now)
    {
        foreach (var lot in lots)
            sum -= lot.ExpiresAt <= now ? lot.Remaining - lot.Forfeited : -lot.Forfeited;
        return sum;
    }

    /// <summary>What has expired by an instant and is not booked as forfeited yet.</summary>
    public static Amount ExpiredUnbooked(IEnumerable<Lot> undrawn, Instant at)
    {
        var sum = Amount.Zero;
        foreach (var lot in undrawn)
        {
            if (lot.ExpiresAt <= at)
                sum += lot.Remaining - lot.Forfeited;
        }

        return sum;
    }
}
