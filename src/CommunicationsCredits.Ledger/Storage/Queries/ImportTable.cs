using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The imports of usage, and what each did.</summary>
internal sealed class ImportTable(StoreConnection connection)
{
    public const string Columns =
        "import, kind, source, format, started_at, actor, status, read, imported, duplicate, free, excluded, unrated, rejected, charged, "
        + "recharged, balance_after, elapsed, period_from, period_to, exported_from, exported_to, undoes, records, entry";

    /// <summary>The last import's number; 0 before the first.</summary>
    public long Last(long tenant)
    {
        using var select = connection.Prepare("SELECT coalesce(max(import), 0) FROM import WHERE tenant = $1").Bind(1, tenant);
        select.Step();
        return select.Int64(0);
    }

    /// <summary>The imports of a tenant, in their order.</summary>
    public IReadOnlyList<ImportTally> Query(long tenant)
    {
        var imports = new List<ImportTally>();
        using var select = connection.Prepare($"SELECT {Columns} FROM import WHERE tenant = $1 ORDER BY import").Bind(1, tenant);
        while (select.Step())
            imports.Add(Read(select, 0));
        return imports;
    }

    public static ImportTally Read(StoreStatement row, int first) => new()
    {
        Number = row.Int64(first),
        Kind = (ImportKind)row.Int32(first + 1),
        Source = row.Text(first + 2),
        Format = (UsageFormat)row.Int32(first + 3),
        StartedAt = new Instant(row.Int64(first + 4)),
        Actor = row.Text(first + 5),
        Status = (UsageImportStatus)row.Int32(first + 6),
        Read = row.Int64(first + 7),
        Imported = row.Int64(first + 8),
        Duplicate = row.Int64(first + 9),
        Free = row.Int64(first + 10),
        Excluded = row.Int64(first + 11),
        Unrated = row.Int64(first + 12),
        Rejected = row.Int64(first + 13),
        Charged = new(row.Int64(first + 14)),
        Recharged = new(row.Int64(first + 15)),
        BalanceAfter = new(row.Int64(first + 16)),
        Elapsed = new(row.Int64(first + 17)),
        PeriodFrom = InstantOrNull(row, first + 18),
        PeriodTo = InstantOrNull(row, first + 19),
        ExportedFrom = InstantOrNull(row, first + 20),
        ExportedTo = InstantOrNull(row, first + 21),
        Undoes = row.Int64OrNull(first + 22),
        Records = row.IsNull(first + 23) ? null : row.Bytes(first + 23).ToArray(),
        Entry = row.Int64OrNull(first + 24),
    };

    private static Instant? InstantOrNull(StoreStatement row, int column) =>
        row.Int64OrNull(column) is { } ticks ? new Instant(ticks) : null;
}
