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

    /// <summary>The user, as the call has it.</summary>
    private const string User = "u.user_name";

    /// <summary>The country that the call says, else its rate's; else after a slash its destination, which may be called as a country is.</summary>
    private const string Place = "coalesce(u.other_country, p.country, '/' || u.destination, '')";

    /// <summary>What is added up of calls.</summary>
    private static readonly (string Name, string Expression)[] Sums =
    [
        ("seconds", "u.duration"), ("billed", "coalesce(r.billed_seconds, u.billed_seconds)"),
        ("pooled", "coalesce(r.pooled_seconds, u.pooled_seconds)"), ("charge", "coalesce(r.charge, u.charge)"),
    ];

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
                keys, select.Int64(by.Count), select.Int64(by.Count + 1), select.Int64(by.Count + 2), select.Int64(by.Count + 3),
                new(select.Int64(by.Count + 4)), new(select.Int64(by.Count + 5)));
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

        // Calls are added up by what stands in their rows; what that stands for is looked up once a group.
        var keys = new List<string>();
        var columns = new List<string>();
        var (joins, rateJoin) = (string.Empty, string.Empty);
        if (isByPeople)
        {
            // A user belongs where the last setting up to the call's own month says (P1).
            var (person, month) = (Key(User), Key(months));
            joins += $" LEFT JOIN credit_user d ON d.tenant = $1 AND d.user_key = lower({person}) AND d.month = "
                + $"(SELECT max(m.month) FROM credit_user m WHERE m.tenant = $1 AND m.user_key = lower({person}) AND m.month <= {month})";
        }

        foreach (var dimension in by)
        {
            switch (dimension)
            {
                case UsageDimension.User:
                    columns.Add($"lower({Key(User)})");
                    break;
                case UsageDimension.Department:
                    columns.Add("d.department");
                    break;
                case UsageDimension.CostCenter:
                    columns.Add("d.cost_center");
                    break;
                case UsageDimension.Country:
                    var place = Key(Place);
                    columns.Add($"CASE WHEN substr({place}, 1, 1) = '/' THEN n.code ELSE nullif({place}, '') END");
                    joins += $" LEFT JOIN ({CountryNames}) AS n ON n.name = lower(substr({place}, 2))";
                    rateJoin = $" LEFT JOIN rate p ON u.other_country IS NULL AND p.sheet = {UsageTable.Sheet} AND p.prefix = {UsageTable.Prefix}";
                    break;
                case UsageDimension.Sheet:
                    columns.Add("s.name");
                    joins += $" LEFT JOIN sheet s ON s.sheet = {Key(UsageTable.Sheet)}";
                    break;
                case UsageDimension.Month:
                    columns.Add(Key(months));
                    break;
                default:
                    columns.Add(Key(Expression(dimension)));
                    break;
            }
        }

        var where = new Conditions().Add("u.tenant = ", tenant);
        if (from is { } first)
            where.Add("u.started_at >= ", first.Ticks);
        if (to is { } end)
            where.Add("u.started_at < ", end.Ticks);
        where.Add(measure.Statuses.Count == 0
            ? "x.record IS NULL"
            : $"{UsageTable.CurrentStatus} IN ({string.Join(", ", measure.Statuses.Select(status => (int)status).Distinct().Order())})");
        var (groups, values) = connection.Group(
            tenant, keys, Sums, $"FROM usage u LEFT JOIN usage_rated r ON r.tenant = u.tenant AND r.record = u.record "
            + $"LEFT JOIN usage_reversed x ON x.tenant = u.tenant AND x.record = u.record{rateJoin}{where}", where.Values);
        return values.Bind(connection.Prepare(
            $"SELECT {string.Concat(columns.Select(column => column + ", "))}"
            + "coalesce(sum(g.calls), 0), coalesce(sum(g.seconds), 0), coalesce(sum(g.billed), 0), coalesce(sum(g.pooled), 0), coalesce(sum(g.charge), 0), "
            + $"coalesce(sum(sum(g.charge)) OVER (), 0) FROM {groups} AS g{joins} WHERE g.calls > 0{StoreConnection.GroupBy(by.Count)}{OrderBy(by)}"
            + (measure.Top is { } top ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {top}") : string.Empty)));

        string Key(string expression)
        {
            if (!keys.Contains(expression))
                keys.Add(expression);
            return string.Create(CultureInfo.InvariantCulture, $"g.k{keys.IndexOf(expression)}");
        }
    }

    private static string OrderBy(IReadOnlyList<UsageDimension> by)
    {
        if (by.Count == 0)
            return string.Empty;
        var keys = Enumerable.Range(1, by.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}")).ToList();
        var dearest = string.Create(CultureInfo.InvariantCulture, $"{by.Count + 5} DESC, {by.Count + 1} DESC");
        return by[0] is UsageDimension.Day or UsageDimension.Month
            ? $" ORDER BY {keys[0]}, {string.Join(", ", keys.Skip(1).Prepend(dearest))}"
            : $" ORDER BY {string.Join(", ", keys.Prepend(dearest))}";
    }

    private static string Expression(UsageDimension dimension) => dimension switch
    {
        UsageDimension.AdministrativeUnit => "u.administrative_units",
        UsageDimension.Destination => "u.destination",
        UsageDimension.Service => UsageTable.Service,
        UsageDimension.Capability => "u.capability",
        UsageDimension.Number => "u.callee",
        UsageDimension.Day => $"u.started_at / {TimeSpan.TicksPerDay}",
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
