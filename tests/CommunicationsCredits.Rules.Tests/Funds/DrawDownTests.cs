using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Funds;

/// <summary>Draw-down as a pure rule, over random lots: against a search that tries lots one by one.</summary>
public sealed class DrawDownTests
{
    [Fact]
    [Trait("Rule", "F3")]
    [Trait("Rule", "F4")]
    [Trait("Rule", "F6")]
    public void Every_draw_is_of_the_best_lot_that_may_pay_and_nothing_is_lost()
    {
        for (var seed = 0; seed < 4000; seed++)
        {
            var random = new SeededRandom(seed);
            var lots = Enumerable.Range(1, random.Next(1, 9)).Select(number => NewLot(random, number)).ToList();
            var before = lots.ToDictionary(lot => lot.Number, lot => (lot.Remaining, lot.Forfeited));
            var start = new Instant(random.Next(20));
            var amount = new Amount(random.Next(60));
            lots.Sort(DrawDown.DrawOrder);

            var draws = new List<LotDraw>();
            var unpaid = DrawDown.Draw(lots, amount, start, draws);

            Assert.Equal(amount.Micros, unpaid.Micros + draws.Sum(draw => draw.Amount.Micros));
            var expected = new List<(long Lot, long Amount)>();
            var left = amount.Micros;
            foreach (var lot in lots.Where(lot => lot.ExpiresAt > start && before[lot.Number].Remaining.Micros > 0)
                .OrderBy(lot => lot.PurchasedAt > start).ThenBy(lot => lot.Priority).ThenBy(lot => lot.ExpiresAt.Ticks)
                .ThenBy(lot => lot.PurchasedAt.Ticks).ThenBy(lot => lot.Number))
            {
                var part = Math.Min(left, before[lot.Number].Remaining.Micros);
                if (part > 0)
                    expected.Add((lot.Number, part));
                left -= part;
            }

            Assert.True(
                expected.SequenceEqual(draws.Select(draw => (draw.Lot.Number, draw.Amount.Micros))), $"seed {seed}: the draws differ.");
            Assert.Equal(left, unpaid.Micros);
            foreach (var draw in draws)
                DrawDown.Take(draw);
            foreach (var lot in lots)
            {
                var (remaining, forfeited) = before[lot.Number];
                var drawn = draws.Where(draw => draw.Lot == lot).Sum(draw => draw.Amount.Micros);
                Assert.Equal(remaining.Micros - drawn, lot.Remaining.Micros);

                // What is not forfeited goes first; only the rest is released.
                var released = Math.Max(0, drawn - (remaining.Micros - forfeited.Micros));
                Assert.Equal(forfeited.Micros - released, lot.Forfeited.Micros);
                Assert.Equal(released, draws.Where(draw => draw.Lot == lot).Sum(draw => draw.Released.Micros));
            }
        }
    }

    private static Lot NewLot(SeededRandom random, long number)
    {
        var purchased = random.Next(15);
        var remaining = random.Next(20);
        return new()
        {
            Number = number,
            Amount = new(20),
            Remaining = new(remaining),
            Forfeited = new(random.Chance(50) ? 0 : random.Next(remaining + 1)),
            PurchasedAt = new(purchased),
            ExpiresAt = new(purchased + random.Next(1, 12)),
            Priority = random.Next(3),
            Source = CreditFundsSource.Manual,
            Reference = null,
            Entry = number,
        };
    }
}
