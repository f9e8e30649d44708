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
}
