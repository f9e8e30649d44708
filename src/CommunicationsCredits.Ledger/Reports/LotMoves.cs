using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage.Queries;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>What an entry moves of a lot.</summary>
/// <param name="Lot">The lot's number.</param>
/// <param name="Amount">What it gains, or loses where it is negative; not 0.</param>
internal readonly record struct LotMove(long Lot, Amount Amount);

/// <summary>
/// What each entry moves of which lot, repayments that its posting made included (F4). What an entry's amount is more or less than
/// its moves is debt taken up or repaid.
/// </summary>
internal static class LotMoves
{
    /// <summary>The moves of an entry, by lot.</summary>
    public static IReadOnlyList<LotMove> Of(LedgerSnapshot snapshot, long tenant, in LedgerEntry entry)
    {
        // The usual entry: a call that one lot paid. Nothing else can have been drawn by it.
        var draws = entry.Kind is CreditTransactionKind.Usage ? entry.Lot is null && entry.Amount != Amount.Zero : entry.Amount != Amount.Zero;
        if (!draws)
            return entry.Lot is { } only && entry.Amount != Amount.Zero ? [new(only, entry.Amount)] : [];

        var moves = new SortedDictionary<long, Amount>();
        if (entry.Lot is { } lot)
            moves.Add(lot, entry.Amount);
        foreach (var draw in snapshot.Lots.DrawnBy(tenant, entry.Sequence))
            moves[draw.Lot] = moves.GetValueOrDefault(draw.Lot) - draw.Amount;
        return [.. moves.Where(move => move.Value != Amount.Zero).Select(move => new LotMove(move.Key, move.Value))];
    }
}
