using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>What is left of a lot at its expiry and not booked as forfeited yet.</summary>
/// <param name="At">The expiry.</param>
/// <param name="Amount">How much, above 0.</param>
internal readonly record struct UnbookedExpiry(Instant At, Amount Amount);

/// <summary>
/// A tenant's account as it is, or as it was once: what had been posted up to an entry. Its balance can be asked at any instant
/// (F8), several times for one look at the lots.
/// </summary>
internal sealed class AccountView
{
    private readonly LedgerSnapshot _snapshot;
    private readonly long _tenant;
    private readonly Amount _sum;

    private AccountView(LedgerSnapshot snapshot, long tenant, long last, Amount sum, IReadOnlyList<UnbookedExpiry> unbooked)
    {
        _snapshot = snapshot;
        _tenant = tenant;
        _sum = sum;
        Last = last;
        Unbooked = unbooked;
    }

    /// <summary>The sequence of the last entry that counts.</summary>
    public long Last { get; }

    /// <summary>What of the lots has expired, or will have, and is not booked.</summary>
    public IReadOnlyList<UnbookedExpiry> Unbooked { get; }

    /// <summary>The account as it is.</summary>
    public static AccountView Current(LedgerSnapshot snapshot, long tenant)
    {
        var account = snapshot.Tenants.GetAccount(tenant);
        return new(snapshot, tenant, account.Sequence, account.Balance, [.. UnbookedOf(snapshot.Lots.WithRemainder(tenant))]);
    }

    /// <summary>The account as it was when nothing after an instant had been posted.</summary>
    public static AccountView AsPosted(LedgerSnapshot snapshot, long tenant, Instant posted)
    {
        var account = snapshot.Tenants.GetAccount(tenant);
        var last = snapshot.Entries.LastRecordedBy(tenant, posted, account.Sequence);
        if (last == account.Sequence)
            return Current(snapshot, tenant);
        if (last == 0)
            return new(snapshot, tenant, 0, Amount.Zero, []);

        // Only what had expired by then can matter: a view of the past does not look into its future.
        var lots = snapshot.Lots.AsPosted(snapshot.Entries, tenant, last, posted);
        var sum = snapshot.Entries.Find(tenant, last)!.Value.Entry.BalanceAfter;
        return new(snapshot, tenant, last, sum, [.. UnbookedOf(lots.Where(lot => lot.ExpiresAt <= posted))]);
    }

    /// <summary>The balance at an instant.</summary>
    public Amount BalanceAt(Instant at) => _sum - _snapshot.Entries.SumAfter(_tenant, at, Last) - UnbookedBetween(Instant.Earliest, at.Next);

    /// <summary>What expires from an instant on and before another, and is not booked.</summary>
    public Amount UnbookedBetween(Instant from, Instant to) =>
        new(Unbooked.Where(expiry => from <= expiry.At && expiry.At < to).Sum(expiry => expiry.Amount.Micros));

    private static IEnumerable<UnbookedExpiry> UnbookedOf(IEnumerable<Lot> lots) =>
        from lot in lots
        where lot.Remaining > lot.Forfeited
        select new UnbookedExpiry(lot.ExpiresAt, lot.Remaining - lot.Forfeited);
}
