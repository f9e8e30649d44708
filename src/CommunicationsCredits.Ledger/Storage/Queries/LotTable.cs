using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The lots, what was drawn from them, and what no lot has paid.</summary>
internal sealed class LotTable(StoreConnection connection)
{
    public const string Columns =
        "lot, amount, remaining, forfeited, purchased_at, expires_at, priority, source, reference, reversed, entry";

    /// <summary>All lots of a tenant, in order of purchase.</summary>
    public IEnumerable<Lot> All(long tenant)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM lot WHERE tenant = $1 ORDER BY purchased_at, lot").Bind(1, tenant);
        while (select.Step())
            yield return Read(select, 0);
    }

    /// <summary>The lots of a tenant with something left, forfeited ones included.</summary>
    public IEnumerable<Lot> WithRemainder(long tenant)
    {
        using var select = connection.Prepare(
            $"SELECT {Columns} FROM lot WHERE tenant = $1 AND remaining > 0 ORDER BY expires_at").Bind(1, tenant);
        while (select.Step())
            yield return Read(select, 0);
    }

    /// <summary>The lots of all tenants with something left, by tenant.</summary>
    public Dictionary<long, List<Lot>> AllWithRemainder()
    {
        var lots = new Dictionary<long, List<Lot>>();
        using var select = connection.Prepare($"SELECT tenant, {Columns} FROM lot WHERE remaining > 0 ORDER BY tenant, expires_at");
        while (select.Step())
        {
            var tenant = select.Int64(0);
            if (!lots.TryGetValue(tenant, out var undrawn))
                lots.Add(tenant, undrawn = []);
            undrawn.Add(Read(select, 1));
        }

        return lots;
    }

    public Lot Get(long tenant, long lot)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM lot WHERE tenant = $1 AND lot = $2").Bind(1, tenant).Bind(2, lot);
        select.Step();
        return Read(select, 0);
    }

    /// <summary>What was drawn for an entry, in order.</summary>
    public IReadOnlyList<DrawRow> Draws(long tenant, long entry)
    {
        var draws = new List<DrawRow>();
        using var select = connection.Prepare(
            "SELECT entry, part, lot, amount, posted FROM draw WHERE tenant = $1 AND entry = $2 ORDER BY part")
            .Bind(1, tenant).Bind(2, entry);
        while (select.Step())
            draws.Add(ReadDraw(select));
        return draws;
    }

    /// <summary>What was drawn for entries or returned to them, by whatever posting, and what their own postings drew for others, in order.</summary>
    public IReadOnlyList<DrawRow> DrawsAbout(long tenant, IReadOnlyList<long> entries)
    {
        var draws = new List<DrawRow>();
        using var select = connection.Prepare(
            $"SELECT entry, part, lot, amount, posted FROM draw WHERE tenant = $1 AND entry {connection.Among(2)} "
            + "UNION SELECT entry, part, lot, amount, posted FROM draw "
            + $"WHERE tenant = $1 AND posted {connection.Among(2)} AND posted <> entry ORDER BY 5, 1, 2").Bind(1, tenant).BindAll(2, entries);
        while (select.Step())
            draws.Add(ReadDraw(select));
        return draws;
    }

    /// <summary>What the posting of an entry drew, for itself and for others, or returned (negative).</summary>
    public IEnumerable<DrawRow> DrawnBy(long tenant, long posted)
    {
        // Of "posted = $2" SQLite would put $2 for the other "posted", too, and the index of those posted later would not apply.
        using var select = connection.Prepare(
            "SELECT entry, part, lot, amount, posted FROM draw WHERE tenant = $1 AND entry = $2 AND posted = entry "
            + "UNION ALL SELECT entry, part, lot, amount, posted FROM draw "
            + "WHERE tenant = $1 AND posted >= $2 AND posted <= $2 AND posted <> entry").Bind(1, tenant).Bind(2, posted);
        while (select.Step())
            yield return ReadDraw(select);
    }

    /// <summary>Everything that was drawn for a tenant, by entry.</summary>
    public IEnumerable<DrawRow> AllDraws(long tenant)
    {
        using var select = connection.Prepare(
            "SELECT entry, part, lot, amount, posted FROM draw WHERE tenant = $1 ORDER BY entry, part").Bind(1, tenant);
        while (select.Step())
            yield return ReadDraw(select);
    }

    /// <summary>What was drawn from each lot by postings after an entry, less what was returned to it.</summary>
    public Dictionary<long, Amount> DrawnAfter(long tenant, long last)
    {
        var drawn = new Dictionary<long, Amount>();
        using var select = connection.Prepare(
            "SELECT lot, sum(amount) FROM ("
            + "SELECT lot, -amount AS amount FROM entry WHERE tenant = $1 AND sequence > $2 AND lot IS NOT NULL AND amount < 0 AND kind IN (2, 6) "
            + "UNION ALL SELECT lot, charge FROM usage WHERE tenant = $1 AND sequence > $2 AND lot IS NOT NULL "
            + "UNION ALL SELECT lot, amount FROM draw WHERE tenant = $1 AND entry > $2 AND posted = entry "
            + "UNION ALL SELECT lot, amount FROM draw WHERE tenant = $1 AND posted > $2 AND posted <> entry"
            + ") AS drawn GROUP BY lot").Bind(1, tenant).Bind(2, last);
        while (select.Step())
            drawn[select.Int64(0)] = new(select.Int64(1));
        return drawn;
    }

    /// <summary>What the lots of a tenant had left when an entry had been posted, and nothing after it.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="last">The sequence of the last entry that had been posted.</param>
    /// <param name="at">What was forfeited is found out of those only that had expired at this instant.</param>
    public IReadOnlyList<Lot> AsPosted(EntryTable entries, long tenant, long last, Instant at)
    {
        var lots = new List<Lot>();
        var drawnSince = DrawnAfter(tenant, last);
        foreach (var lot in All(tenant).ToList())
        {
            if (lot.Entry > last || (lot.Reversed && entries.IsReversed(tenant, lot.Entry, last)))
                continue;

            // What a lot had left then is what it has now, and what was drawn from it since.
            lot.Remaining = (lot.Reversed ? lot.Amount : lot.Remaining) + drawnSince.GetValueOrDefault(lot.Number);
            if (lot.Remaining == Amount.Zero)
                continue;
            if (lot.ExpiresAt <= at)
                lot.Forfeited = -entries.SumOfForfeitures(tenant, lot.Number, last);
            lots.Add(lot);
        }

        return lots;
    }

    /// <summary>What is unpaid of calls before an instant, oldest call first (F4).</summary>
    public IReadOnlyList<Debt> DebtsBefore(long tenant, Instant before)
    {
        var debts = new List<Debt>();
        using var select = connection.Prepare(
            "SELECT entry, effective_at, unpaid, parts FROM debt WHERE tenant = $1 AND effective_at < $2 ORDER BY effective_at, entry")
            .Bind(1, tenant).Bind(2, before.Ticks);
        while (select.Step())
            debts.Add(new(select.Int64(0), new(select.Int64(1)), new(select.Int64(2)), select.Int32(3)));
        return debts;
    }

    public static DrawRow ReadDraw(StoreStatement row) =>
        new(row.Int64(0), row.Int32(1), row.Int64(2), new(row.Int64(3)), row.Int64(4));

    public static Lot Read(StoreStatement row, int first) => new()
    {
        Number = row.Int64(first),
        Amount = new(row.Int64(first + 1)),
        Remaining = new(row.Int64(first + 2)),
        Forfeited = new(row.Int64(first + 3)),
        PurchasedAt = new(row.Int64(first + 4)),
        ExpiresAt = new(row.Int64(first + 5)),
        Priority = row.Int32(first + 6),
        Source = (CreditFundsSource)row.Int32(first + 7),
        Reference = row.TextOrNull(first + 8),
        Reversed = row.Int64(first + 9) != 0,
        Entry = row.Int64(first + 10),
    };
}
