using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The imports of usage, and what each did.</summary>
internal sealed class ImportTable(StoreConnection connection)
{
    public const string Columns =
        "import, kind, source, format, started_at, actor, status, read, imported, duplicate, free, excluded, unrated, rejected, charged, "
        + "recharged, balance_after, elapsed, period_from, period_to, exported_from, exported_to, undoes, records, entry";

    private static readonly string LastImportOf =
        $"SELECT i.started_at FROM import i WHERE i.tenant = a.tenant AND i.kind = {(int)ImportKind.Usage} "
        + $"AND i.status <> {(int)UsageImportStatus.Reversed} ORDER BY i.import DESC LIMIT 1";

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

    /// <summary>The last import of usage of each tenant that has any, undone ones aside: when it was made.</summary>
    public Dictionary<long, Instant> LastImports()
    {
        var last = new Dictionary<long, Instant>();
        using var select = connection.Prepare($"SELECT a.tenant, ({LastImportOf}) FROM account a");
        while (select.Step())
        {
            if (select.Int64OrNull(1) is { } at)
                last.Add(select.Int64(0), new(at));
        }

        return last;
    }

    /// <summary>When the last import of usage of a tenant was made, undone ones aside; null where there is none.</summary>
    public Instant? LastImport(long tenant)
    {
        using var select = connection.Prepare($"SELECT ({LastImportOf}) FROM account a WHERE a.tenant = $1").Bind(1, tenant);
        return select.Step() && select.Int64OrNull(0) is { } at ? new Instant(at) : null;
    }

    /// <inheritdoc cref="Posting.ILedgerFacts.ImportPeriods"/>
    public IReadOnlyList<ImportPeriod> Periods(long tenant, long except)
    {
        var periods = new List<ImportPeriod>();
        using var select = connection.Prepare(
            $"SELECT coalesce(exported_from, period_from), coalesce(exported_to, period_to), exported_from IS NOT NULL FROM import WHERE tenant = $1 AND import <> $2 "
            + $"AND kind = {(int)ImportKind.Usage} AND status <> {(int)UsageImportStatus.Reversed} AND (exported_from IS NOT NULL OR period_from IS NOT NULL)")
            .Bind(1, tenant).Bind(2, except);
        while (select.Step())
            periods.Add(new(new(select.Int64(0)), new(select.Int64(1)), select.Int64(2) != 0));
        return periods;
    }

    /// <inheritdoc cref="Posting.ILedgerFacts.FindSamples"/>
    public IReadOnlyList<ForeignImport> FindSamples(long tenant, IReadOnlyList<UInt128> keys)
    {
        if (keys.Count == 0)
            return [];

        // One text for every import: where there are fewer ids, the last one fills up.
        var parameters = string.Join(", ", Enumerable.Range(2, ImportSample.Size).Select(number => $"${number}"));
        using var select = connection.Prepare(
            "SELECT t.id, t.name, s.import, count(*) FROM import_sample s "
            + "JOIN import i ON i.tenant = s.tenant AND i.import = s.import JOIN tenant t ON t.tenant = s.tenant "
            + $"WHERE s.key IN ({parameters}) AND s.tenant <> $1 AND i.status <> {(int)UsageImportStatus.Reversed} AND t.removed_at IS NULL "
            + "GROUP BY t.tenant, t.id, t.name, s.import ORDER BY t.tenant, count(*) DESC, s.import").Bind(1, tenant);
        for (var i = 0; i < ImportSample.Size; i++)
            select.BindKey(i + 2, keys[Math.Min(i, keys.Count - 1)]);
        var found = new List<ForeignImport>();
        while (select.Step())
        {
            if (found.Count == 0 || found[^1].TenantId != select.Text(0))
                found.Add(new(select.Text(0), select.Text(1), select.Int64(2), select.Int32(3)));
        }

        return found;
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
