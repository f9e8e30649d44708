using System.Globalization;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Time;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>What calls came to, added up and grouped by the database.</summary>
internal sealed class MeasureTable(StoreConnection connection)
{
    /// <summary>The countries by their names, as destinations have them.</summary>
    public static readonly string CountryNames = "SELECT column1 AS name, column2 AS code FROM (VALUES "
        + string.Join(", ", Country.CodesOfNames.Select(country => $"('{country.Name.Replace("'", "''", StringComparison.Ordinal)}', '{country.Code}')"))
        + ") AS names";

    /// <summary>The groups of a tenant: in order of time where they are grouped by it first, else the dearest first.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="measure">What is asked.</param>
    /// <param name="now">What ends the time where nothing else does.</param>
    public IEnumerable<UsageGroup> Query(long tenant, UsageMeasure measure, Instant now)
    {
        var by = measure.By;
        using var select = Prepare(tenant, measure, now);
        while (select.Step())
        {
            var keys = new string?[by.Count];
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = select.IsNull(i) ? null
                    : IsNumber(by[i]) ? select.Int64(i).ToString(CultureInfo.InvariantCulture)
                    : select.Text(i);
            }

            yield return new(
                keys, select.Int64(by.Count), select.Int64(by.Count + 1), select.Int64(by.Count + 2), new(select.Int64(by.Count + 3)),
                new(select.Int64(by.Count + 4)));
        }
    }

    private static bool IsNumber(UsageDimension dimension) =>
        dimension is UsageDimension.Service or UsageDimension.Day or UsageDimension.Month;

    private StoreStatement Prepare(long tenant, UsageMeasure measure, Instant now)
    {
        var by = measure.By;
        var (from, to) = Instant.Between(measure.From, measure.To);
        var isByPeople = by.Contains(UsageDimension.Department) || by.Contains(UsageDimension.CostCenter);
        var months = isByPeople || by.Contains(UsageDimension.Month) ? MonthsBetween(tenant, from, to, now) : string.Empty;

        // Calls are added up by what stands in their rows; what that stands for is looked up once a group. A database that sorts them by their
        // keys is the faster the fewer there are, and the sooner they differ.
        var inner = new List<string>();
        var outer = by.Select((dimension, i) => dimension switch
        {
            UsageDimension.Sheet => "s.name",
            UsageDimension.Department => "d.department",
            UsageDimension.CostCenter => "d.cost_center",
            UsageDimension.Country => $"CASE WHEN substr(g.k{i}, 1, 1) = '/' THEN n.code ELSE nullif(g.k{i}, '') END",
            _ => $"g.k{i}",
        }).ToList();
        var (joins, innerJoins) = (string.Empty, string.Empty);
        if (isByPeople)
        {
            // A user belongs where the last setting up to the call's own month says (P1).
            inner.AddRange(["lower(u.user_name) AS person", $"{months} AS month"]);
            joins += " LEFT JOIN credit_user d ON d.tenant = $1 AND d.user_key = g.person AND d.month = "
                + "(SELECT max(m.month) FROM credit_user m WHERE m.tenant = $1 AND m.user_key = g.person AND m.month <= g.month)";
        }

        for (var i = 0; i < by.Count; i++)
        {
            if (by[i] is not (UsageDimension.Department or UsageDimension.CostCenter))
                inner.Add($"{Expression(by[i], months)} AS k{i}");
        }

        if (by.Contains(UsageDimension.Sheet))
            joins += string.Create(CultureInfo.InvariantCulture, $" LEFT JOIN sheet s ON s.sheet = g.k{IndexOf(by, UsageDimension.Sheet)}");
        if (by.Contains(UsageDimension.Country))
        {
            innerJoins = $" LEFT JOIN rate p ON u.other_country IS NULL AND p.sheet = {UsageTable.Sheet} AND p.prefix = {UsageTable.Prefix}";
            joins += string.Create(
                CultureInfo.InvariantCulture, $" LEFT JOIN ({CountryNames}) AS n ON n.name = lower(substr(g.k{IndexOf(by, UsageDimension.Country)}, 2))");
        }

        var where = new Conditions().Add("u.tenant = ", tenant);
        if (from is { } first)
            where.Add("u.started_at >= ", first.Ticks);
        if (to is { } end)
            where.Add("u.started_at < ", end.Ticks);
        where.Add(measure.Statuses.Count == 0
            ? "x.record IS NULL"
            : $"{UsageTable.CurrentStatus} IN ({string.Join(", ", measure.Statuses.Select(status => (int)status).Distinct().Order())})");
        var text = $"SELECT {Columns(inner)}count(*) AS calls, sum(u.duration) AS seconds, sum(coalesce(r.pooled_seconds, u.pooled_seconds)) AS pooled, "
            + "sum(coalesce(r.charge, u.charge)) AS charge FROM usage u "
            + "LEFT JOIN usage_rated r ON r.tenant = u.tenant AND r.record = u.record "
            + "LEFT JOIN usage_reversed x ON x.tenant = u.tenant AND x.record = u.record" + innerJoins;
        return where.Prepare(
            connection,
            $"SELECT {Columns(outer)}coalesce(sum(g.calls), 0), coalesce(sum(g.seconds), 0), coalesce(sum(g.pooled), 0), coalesce(sum(g.charge), 0), "
            + $"coalesce(sum(sum(g.charge)) OVER (), 0) FROM ({text}",
            $"{GroupBy(inner.Count)}) AS g{joins} WHERE g.calls > 0{GroupBy(by.Count)}{OrderBy(by)}"
            + (measure.Top is { } top ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {top}") : string.Empty));
    }

    private static string Columns(IEnumerable<string> columns) => string.Concat(columns.Select(column => column + ", "));

    private static string GroupBy(int count) =>
        count == 0 ? string.Empty : $" GROUP BY {string.Join(", ", Enumerable.Range(1, count))}";

    private static int IndexOf(IReadOnlyList<UsageDimension> by, UsageDimension dimension)
    {
        for (var i = 0; i < by.Count; i++)
        {
            if (by[i] == dimension)
                return i;
        }

        return -1;
    }

    private static string OrderBy(IReadOnlyList<UsageDimension> by)
    {
        if (by.Count == 0)
            return string.Empty;
        var keys = Enumerable.Range(1, by.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}")).ToList();
        var dearest = string.Create(CultureInfo.InvariantCulture, $"{by.Count + 4} DESC, {by.Count + 1} DESC");
        return by[0] is UsageDimension.Day or UsageDimension.Month
            ? $" ORDER BY {keys[0]}, {string.Join(", ", keys.Skip(1).Prepend(dearest))}"
            : $" ORDER BY {string.Join(", ", keys.Prepend(dearest))}";
    }

    private static string Expression(UsageDimension dimension, string months) => dimension switch
    {
        UsageDimension.User => "lower(u.user_name)",
        UsageDimension.AdministrativeUnit => "u.administrative_units",

        // The country that the call says, else its rate's; else its destination, which may be called as a country is.
        UsageDimension.Country => "coalesce(u.other_country, p.country, '/' || u.destination, '')",
        UsageDimension.Destination => "u.destination",
        UsageDimension.Service => UsageTable.Service,
        UsageDimension.Capability => "u.capability",
        UsageDimension.Number => "u.callee",
        UsageDimension.Sheet => UsageTable.Sheet,
        UsageDimension.Day => $"u.started_at / {TimeSpan.TicksPerDay}",
        UsageDimension.Month => months,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
    };

    /// <summary>The month of a start: the calendar is known here, and a database would work it out anew for each call.</summary>
    private string MonthsBetween(long tenant, Instant? from, Instant? to, Instant now)
    {
        if (new ReportTable(connection).Calls(tenant, to ?? Instant.Latest) is not var (earliest, latest))
            return string.Create(CultureInfo.InvariantCulture, $"{Month.Of(now).Index}");
        var first = Month.Of(from is { } start ? Instant.Max(start, earliest) : earliest);
        return Between(first.Index, Math.Max(first.Index, Month.Of(latest).Index));

        static string Between(int low, int high)
        {
            if (low == high)
                return string.Create(CultureInfo.InvariantCulture, $"{low}");
            var middle = (low + high + 1) / 2;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"CASE WHEN u.started_at < {new Month(middle).Start.Ticks} THEN {Between(low, middle - 1)} ELSE {Between(middle, high)} END");
        }
    }
}
