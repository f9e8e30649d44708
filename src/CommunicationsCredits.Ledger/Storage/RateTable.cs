using CommunicationsCredits.Ledger.Rates;

namespace CommunicationsCredits.Ledger.Storage;

/// <summary>The rate sheets and their prefixes.</summary>
internal sealed class RateTable(StoreConnection connection)
{
    private const string Columns =
        "sheet, name, service, currency, effective_from, initial_increment, increment, connection_fee, decimals, rounding, rate_count";

    /// <summary>Changes whenever a sheet is added, replaced or removed.</summary>
    public long Version() => connection.Scalar("SELECT version FROM rate_version")!.Value;

    /// <summary>The sheets, by name, service and date; of one currency where that is given.</summary>
    public IReadOnlyList<RateSheet> Sheets(string? currency = null)
    {
        var sheets = new List<RateSheet>();
        var where = new Conditions();
        if (currency is not null)
            where.Add("currency = ", currency);
        using var select = where.Prepare(
            connection, $"SELECT {Columns} FROM sheet", " ORDER BY name_key, service, currency, effective_from");
        while (select.Step())
            sheets.Add(Read(select));
        return sheets;
    }

    /// <summary>The prefixes of a sheet.</summary>
    public IReadOnlyList<RatedPrefix> Prefixes(RateSheet sheet)
    {
        var prefixes = new List<RatedPrefix>(sheet.RateCount);
        using var select = connection.Prepare("SELECT prefix, price, destination, country FROM rate WHERE sheet = $1")
            .Bind(1, sheet.Number);
        while (select.Step())
            prefixes.Add(new(sheet, select.Text(0), new(select.Int64(1)), select.TextOrNull(2), select.TextOrNull(3)));
        return prefixes;
    }

    /// <summary>The rates of a currency, to be kept in memory while the version stands.</summary>
    public RateBook Book(string currency)
    {
        var sheets = Sheets(currency);
        var prefixes = sheets.ToDictionary(sheet => sheet.Number, Prefixes);
        return new(Version(), sheets, sheet => prefixes[sheet.Number]);
    }

    public RateSheet Add(RateSheet sheet)
    {
        using var insert = connection.Prepare(
            "INSERT INTO sheet (name, service, currency, effective_from, initial_increment, increment, connection_fee, decimals, "
            + "rounding, rate_count, name_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING sheet");
        insert.Bind(1, sheet.Name).Bind(2, (long)sheet.Service).Bind(3, sheet.Currency).Bind(4, sheet.EffectiveFrom.Ticks)
            .Bind(5, sheet.InitialIncrement).Bind(6, sheet.Increment).Bind(7, sheet.ConnectionFee.Micros).Bind(8, sheet.Decimals)
            .Bind(9, (long)sheet.Rounding).Bind(10, sheet.RateCount).Bind(11, sheet.NameKey).Step();
        Touch();
        return sheet with { Number = insert.Int64(0) };
    }

    public void AddPrefix(long sheet, RateRow rate)
    {
        using var insert = connection.Prepare("INSERT INTO rate (sheet, prefix, price, destination, country) VALUES ($1, $2, $3, $4, $5)");
        insert.Bind(1, sheet).Bind(2, rate.Prefix).Bind(3, rate.PricePerMinute.Micros).Bind(4, rate.Destination)
            .Bind(5, rate.Country).Step();
    }

    public void Remove(long sheet)
    {
        foreach (var table in (string[])["rate", "sheet"])
        {
            using var delete = connection.Prepare($"DELETE FROM {table} WHERE sheet = $1").Bind(1, sheet);
            delete.Step();
        }

        Touch();
    }

    /// <summary>Notes that a charge of the tenant was made by the sheet.</summary>
    public void MarkUsed(long tenant, long sheet)
    {
        using var insert = connection.Prepare(
            "INSERT INTO sheet_used (tenant, sheet) VALUES ($1, $2) ON CONFLICT (tenant, sheet) DO NOTHING");
        insert.Bind(1, tenant).Bind(2, sheet).Run();
    }

    /// <summary>Whether a charge was made by the sheet.</summary>
    public bool IsUsed(long sheet)
    {
        using var select = connection.Prepare("SELECT 1 FROM sheet_used WHERE sheet = $1 LIMIT 1").Bind(1, sheet);
        return select.Step();
    }

    private void Touch() => connection.Execute("UPDATE rate_version SET version = version + 1");

    private static RateSheet Read(StoreStatement row) => new()
    {
        Number = row.Int64(0),
        Name = row.Text(1),
        Service = (CreditRateService)row.Int32(2),
        Currency = row.Text(3),
        EffectiveFrom = new(row.Int64(4)),
        InitialIncrement = row.Int32(5),
        Increment = row.Int32(6),
        ConnectionFee = new(row.Int64(7)),
        Decimals = row.Int32(8),
        Rounding = (CreditRounding)row.Int32(9),
        RateCount = row.Int32(10),
    };
}
