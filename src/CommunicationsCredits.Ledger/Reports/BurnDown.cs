using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Reports;

/// <summary>A point of a projected balance.</summary>
/// <param name="At">The instant.</param>
/// <param name="Balance">The balance then, in millionths: before what expires at this instant, where two points share it.</param>
internal readonly record struct BurnDownPoint(Instant At, decimal Balance);

/// <summary>What will expire unused.</summary>
/// <param name="At">The expiry.</param>
/// <param name="Amount">How much, above 0.</param>
internal readonly record struct ExpiringUnused(Instant At, Amount Amount);

/// <summary>What becomes of funds if use goes on: a pure projection over lots (F2, F3).</summary>
internal sealed record BurnDown
{
    /// <summary>How far it looks ahead.</summary>
    public const int MostDays = 5 * 365;

    /// <summary>When nothing is left, by use or by expiry; null where something is left after <see cref="MostDays"/>.</summary>
    public required Instant? RunsOutAt { get; init; }

    /// <summary>What expires unused, by expiry.</summary>
    public required IReadOnlyList<ExpiringUnused> Expiring { get; init; }

    /// <summary>The balance over time, for a chart: at the start, every midnight and around every expiry.</summary>
    public required IReadOnlyList<BurnDownPoint> Points { get; init; }

    /// <summary>What is used until the end of the projection.</summary>
    public required Amount Used { get; init; }

    /// <summary>Draws the lots day by day as a week's pattern says, in draw order.</summary>
    /// <param name="lots">The lots that have something left and have not expired.</param>
    /// <param name="use">What a day uses.</param>
    /// <param name="now">Where it begins.</param>
    public static BurnDown Project(IEnumerable<Lot> lots, UsePattern use, Instant now)
    {
        var funds = lots.Where(lot => lot.ExpiresAt > now && lot.Remaining > Amount.Zero).ToList();
        funds.Sort(DrawDown.DrawOrder);
        var left = funds.Select(lot => (decimal)lot.Remaining.Micros).ToArray();
        var start = left.Sum();
        var expiries = new Queue<Instant>(funds.Select(lot => lot.ExpiresAt).Distinct().Order());
        var expiring = new List<ExpiringUnused>();
        var points = new List<BurnDownPoint> { new(now, start) };
        var balance = start;
        decimal used = 0;
        var end = now.Add(TimeSpan.FromDays(MostDays));
        Instant? runsOutAt = start == 0 ? now : null;
        for (var at = now; runsOutAt is null && at < end;)
        {
            var rate = use.Of(at.Date.DayOfWeek);

            // Where nothing is used, only the next expiry changes anything.
            var next = use.IsNothing ? end : at.NextMidnight;
            var isExpiry = expiries.TryPeek(out var expiry) && expiry <= next;
            if (isExpiry)
                next = expiry;
            var wanted = rate * (next.Ticks - at.Ticks) / TimeSpan.TicksPerDay;
            if (wanted >= balance)
            {
                runsOutAt = new(at.Ticks + (long)(balance * TimeSpan.TicksPerDay / rate));
                used += balance;
                points.Add(new(runsOutAt.Value, 0));
                break;
            }

            Draw(funds, left, at, wanted);
            used += wanted;
            at = next;
            points.Add(new(at, balance = left.Sum()));
            if (!isExpiry)
                continue;
            expiries.Dequeue();
            var lost = Rounded(Expire(funds, left, at));
            if (lost == Amount.Zero)
                continue;
            expiring.Add(new(at, lost));
            points.Add(new(at, balance = left.Sum()));
            if (balance == 0)
                runsOutAt = at;
        }

        return new() { RunsOutAt = runsOutAt, Expiring = expiring, Points = points, Used = Rounded(used) };
    }

    private static void Draw(List<Lot> funds, decimal[] left, Instant at, decimal amount)
    {
        for (var i = 0; i < left.Length && amount > 0; i++)
        {
            if (at >= funds[i].ExpiresAt)
                continue;
            var drawn = Math.Min(left[i], amount);
            left[i] -= drawn;
            amount -= drawn;
        }
    }

    private static decimal Expire(List<Lot> funds, decimal[] left, Instant at)
    {
        decimal lost = 0;
        for (var i = 0; i < left.Length; i++)
        {
            if (funds[i].ExpiresAt == at)
                (lost, left[i]) = (lost + left[i], 0);
        }

        return lost;
    }

    private static Amount Rounded(decimal micros) => new((long)decimal.Round(micros, 0, MidpointRounding.AwayFromZero));
}
