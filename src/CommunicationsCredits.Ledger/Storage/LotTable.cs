using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>An entry that is not wholly paid.</summary>
/// <param name="Entry">Its sequence.</param>
/// <param name="EffectiveAt">When it counts: a call's start.</param>
/// <param name="Unpaid">What no lot has paid.</param>
internal readonly record struct Debt(long Entry, Instant EffectiveAt, Amount Unpaid);

/// <summary>A part that a lot paid of an entry, or that a reversal returned (negative).</summary>
/// <param name="Entry">The entry that was paid.</param>
/// <param name="Part">The place among the entry's draws.</param>
/// <param name="Lot">The lot.</param>
/// <param name="Amount">How much.</param>
/// <param name="Posted">The sequence of the entry whose posting drew it.</param>
internal readonly record struct DrawRow(long Entry, int Part, long Lot, Amount Amount, long Posted);

/// <summary>The lots, what was drawn from them, and what no lot has paid.</summary>
internal sealed class LotTable(StoreConnection connection, SqliteBulk bulk)
{
    private const string Columns =
        "lot, amount, remaining, forfeited, purchased_at, expires_at, priority, source, reference, reversed, entry";

    /// <summary>All lots of a tenant, in order of purchase.</summary>
    public IEnumerable<Lot> All(long tenant)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM lot WHERE tenant = $1 ORDER BY purchased_at, lot").Bind(1, tenant);
        while (select.Step())
            yield return Read(select, 0);
    }

    /// <summary>The lots of a tenant with something left, forfeited ones included.</summary>
    public IEnumerable<Lot> Undrawn(long tenant)
    {
        using var select = connection.Prepare(
            $"SELECT {Columns} FROM lot WHERE tenant = $1 AND remaining > 0 ORDER BY expires_at").Bind(1, tenant);
        while (select.Step())
            yield return Read(select, 0);
    }

    public Lot Get(long tenant, long lot)
    {
        using var select = connection.Prepare($"SELECT {Columns} FROM lot WHERE tenant = $1 AND lot = $2").Bind(1, tenant).Bind(2, lot);
        select.Step();
        return Read(select, 0);
    }

    public void Add(long tenant, Lot lot)
    {
        using var insert = connection.Prepare(
            $"INSERT INTO lot (tenant, {Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
        insert.Bind(1, tenant).Bind(2, lot.Number).Bind(3, lot.Amount.Micros).Bind(4, lot.Remaining.Micros)
            .Bind(5, lot.Forfeited.Micros).Bind(6, lot.PurchasedAt.Ticks).Bind(7, lot.ExpiresAt.Ticks).Bind(8, lot.Priority)
            .Bind(9, (long)lot.Source).Bind(10, lot.Reference).Bind(11, lot.Reversed ? 1 : 0).Bind(12, lot.Entry).Step();
    }

    /// <summary>Writes what changes of a lot.</summary>
    public void Update(long tenant, Lot lot)
    {
        using var update = connection.Prepare(
            "UPDATE lot SET remaining = $3, forfeited = $4, reversed = $5 WHERE tenant = $1 AND lot = $2");
        update.Bind(1, tenant).Bind(2, lot.Number).Bind(3, lot.Remaining.Micros).Bind(4, lot.Forfeited.Micros)
            .Bind(5, lot.Reversed ? 1 : 0).Step();
    }

    public void AddDraw(long tenant, in DrawRow draw) => bulk.AddDraw(tenant, draw);

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
            + "UNION ALL SELECT lot, amount FROM draw WHERE tenant = $1 AND entry > $2 AND posted = entry "
            + "UNION ALL SELECT lot, amount FROM draw WHERE tenant = $1 AND posted > $2 AND posted <> entry"
            + ") AS drawn GROUP BY lot").Bind(1, tenant).Bind(2, last);
        while (select.Step())
            drawn[select.Int64(0)] = new(select.Int64(1));
        return drawn;
    }

    /// <summary>What is unpaid of calls before an instant, oldest call first (F4).</summary>
    public IReadOnlyList<Debt> DebtsBefore(long tenant, Instant before)
    {
        var debts = new List<Debt>();
        using var select = connection.Prepare(
            "SELECT entry, effective_at, unpaid FROM debt WHERE tenant = $1 AND effective_at < $2 ORDER BY effective_at, entry")
            .Bind(1, tenant).Bind(2, before.Ticks);
        while (select.Step())
            debts.Add(new(select.Int64(0), new(select.Int64(1)), new(select.Int64(2))));
        return debts;
    }

    public void AddDebt(long tenant, in Debt debt) => bulk.AddDebt(tenant, debt);

    /// <inheritdoc cref="SqliteBulk.UpdateDebt"/>
    public void UpdateDebt(long tenant, in Debt debt) => bulk.UpdateDebt(tenant, debt);

    private static DrawRow ReadDraw(StoreStatement row) =>
        new(row.Int64(0), row.Int32(1), row.Int64(2), new(row.Int64(3)), row.Int64(4));

    private static Lot Read(StoreStatement row, int first) => new()
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
