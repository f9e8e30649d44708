using System.Runtime.CompilerServices;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Funds;

/// <summary>A part of an amount that one lot pays.</summary>
/// <param name="Lot">The lot.</param>
/// <param name="Amount">How much of it, above 0.</param>
/// <param name="Released">How much of that had been booked as forfeited, and is released first (F6).</param>
internal readonly record struct LotDraw(Lot Lot, Amount Amount, Amount Released);

/// <summary>Which lots pay what: pure rules over lots (F3, F4, F6).</summary>
internal static class DrawDown
{
    /// <summary>The order in which lots are drawn (F3).</summary>
    public static readonly Comparer<Lot> DrawOrder = Comparer<Lot>.Create((left, right) =>
    {
        var order = left.Priority.CompareTo(right.Priority);
        if (order == 0)
            order = left.ExpiresAt.CompareTo(right.ExpiresAt);
        if (order == 0)
            order = left.PurchasedAt.CompareTo(right.PurchasedAt);
        return order != 0 ? order : left.Number.CompareTo(right.Number);
    });

    /// <summary>
    /// Draws an amount for a call: from the lots live at its start, then from those bought later, each in draw order (F6).
    /// </summary>
    /// <param name="lots">The tenant's lots with something left, in draw order.</param>
    /// <param name="amount">The amount, 0 or more.</param>
    /// <param name="start">The call's start.</param>
    /// <param name="draws">Receives what each lot pays.</param>
    /// <returns>What no lot covers: debt (F4).</returns>
    [MethodImpl(HotPath.Compiled)]
    public static Amount Draw(IReadOnlyList<Lot> lots, Amount amount, Instant start, List<LotDraw> draws)
    {
        for (var later = 0; later < 2 && amount > Amount.Zero; later++)
        {
            for (var i = 0; i < lots.Count && amount > Amount.Zero; i++)
            {
                var lot = lots[i];
                if (start < lot.ExpiresAt && (lot.PurchasedAt > start) == (later == 1) && lot.Remaining > Amount.Zero)
                {
                    var draw = Part(lot, Amount.Min(amount, lot.Remaining));
                    draws.Add(draw);
                    amount -= draw.Amount;
                }
            }
        }

        return amount;
    }

    /// <summary>A part of a lot, of what is not forfeited first.</summary>
    public static LotDraw Part(Lot lot, Amount amount)
    {
        var remaining = lot.Remaining - amount;
        return new(lot, amount, lot.Forfeited > remaining ? lot.Forfeited - remaining : Amount.Zero);
    }

    /// <summary>Takes a part out of its lot.</summary>
    public static void Take(in LotDraw draw)
    {
        draw.Lot.Remaining -= draw.Amount;
        draw.Lot.Forfeited -= draw.Released;
    }
}
