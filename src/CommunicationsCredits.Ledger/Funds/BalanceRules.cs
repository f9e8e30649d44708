using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds;

/// <summary>What a balance is (F8).</summary>
internal static class BalanceRules
{
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

    /// <summary>
    /// The balance at an instant: the sum of the entries effective by then, less what has expired and is not booked yet.
    /// </summary>
    public static Amount At(LedgerTransaction tx, long tenant, AccountState account, Instant at) =>
        account.Balance - tx.Entries.SumAfter(tenant, at) - ExpiredUnbooked(tx.Lots.Undrawn(tenant), at);

    /// <summary>
    /// The balance at an instant by what had been posted up to an entry (F8): of what happened since, nothing is known yet.
    /// </summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="last">The sequence of the last entry that had been posted; 0 before the first.</param>
    /// <param name="at">The instant.</param>
    /// <returns>The balance, and the lots that had something left then; what was forfeited only of those expired at the instant.</returns>
    public static (Amount Balance, IReadOnlyList<Lot> Lots) AsPosted(LedgerTransaction tx, long tenant, long last, Instant at)
    {
        if (last == 0)
            return (Amount.Zero, []);
        var lots = new List<Lot>();
        var drawnSince = tx.Lots.DrawnAfter(tenant, last);
        foreach (var lot in tx.Lots.All(tenant))
        {
            if (lot.Entry > last || (lot.Reversed && tx.Entries.IsReversed(tenant, lot.Entry, last)))
                continue;

            // What a lot had left then is what it has now, and what was drawn from it since.
            lot.Remaining = (lot.Reversed ? lot.Amount : lot.Remaining) + drawnSince.GetValueOrDefault(lot.Number);
            if (lot.Remaining == Amount.Zero)
                continue;
            if (lot.ExpiresAt <= at)
                lot.Forfeited = -tx.Entries.SumOfForfeitures(tenant, lot.Number, last);
            lots.Add(lot);
        }

        var balance = tx.Entries.Find(tenant, last)!.Value.Entry.BalanceAfter - tx.Entries.SumAfter(tenant, at, last);
        return (balance - ExpiredUnbooked(lots, at), lots);
    }
}
