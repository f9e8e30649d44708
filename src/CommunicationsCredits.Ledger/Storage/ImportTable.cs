using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>The imports of usage, and what each did.</summary>
internal sealed class ImportTable(StoreConnection connection)
{
    private const string Columns =
        "import, source, format, started_at, read, imported, duplicate, free, excluded, unrated, rejected, charged, recharged, "
        + "balance_after, elapsed";

    /// <summary>Writes what an import has done so far.</summary>
    public void Put(long tenant, ImportTally tally)
    {
        using var put = connection.Prepare(
            $"INSERT INTO import (tenant, {Columns}) "
            + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
            + Upsert.Of("tenant, import", Columns));
        put.Bind(1, tenant).Bind(2, tally.Number).Bind(3, tally.Source).Bind(4, (long)tally.Format).Bind(5, tally.StartedAt.Ticks)
            .Bind(6, tally.Read).Bind(7, tally.Imported).Bind(8, tally.Duplicate).Bind(9, tally.Free).Bind(10, tally.Excluded)
            .Bind(11, tally.Unrated).Bind(12, tally.Rejected).Bind(13, tally.Charged.Micros).Bind(14, tally.Recharged.Micros)
            .Bind(15, tally.BalanceAfter.Micros).Bind(16, tally.Elapsed.Ticks).Step();
    }

    /// <summary>The last import's number; 0 before the first.</summary>
    public long Last(long tenant)
    {
        using var select = connection.Prepare("SELECT coalesce(max(import), 0) FROM import WHERE tenant = $1").Bind(1, tenant);
        select.Step();
        return select.Int64(0);
    }

    /// <summary>The imports of a tenant, in their order; one of them where a number is given.</summary>
    public IEnumerable<ImportTally> Query(long tenant, long? number = null)
    {
        var where = new Conditions().Add("tenant = ", tenant);
        if (number is { } only)
            where.Add("import = ", only);
        using var select = where.Prepare(connection, $"SELECT {Columns} FROM import", " ORDER BY import");
        while (select.Step())
        {
            yield return new()
            {
                Number = select.Int64(0),
                Source = select.Text(1),
                Format = (UsageFormat)select.Int32(2),
                StartedAt = new Instant(select.Int64(3)),
                Read = select.Int64(4),
                Imported = select.Int64(5),
                Duplicate = select.Int64(6),
                Free = select.Int64(7),
                Excluded = select.Int64(8),
                Unrated = select.Int64(9),
                Rejected = select.Int64(10),
                Charged = new(select.Int64(11)),
                Recharged = new(select.Int64(12)),
                BalanceAfter = new(select.Int64(13)),
                Elapsed = new(select.Int64(14)),
            };
        }
    }
}
