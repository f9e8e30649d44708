using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Rates;

namespace CommunicationsCredits.Ledger.Storage.Queries;

/// <summary>The rate sheets and their prefixes.</summary>
internal sealed class RateTable(StoreConnection connection)
{
    private const string Columns =
        "sheet, name, service, currency, effective_from, revision, initial_increment, increment, connection_fee, decimals, rounding, "
        + "rate_count, digest";

    /// <summary>Changes whenever a sheet is added, replaced or removed.</summary>
    public long Version() => connection.Scalar("SELECT rate_version FROM ledger")!.Value;

    /// <summary>All versions and revisions of the sheets, by name, service and date.</summary>
    public IReadOnlyList<RateSheet> Sheets()
    {
        var sheets = new List<RateSheet>();
        using var select = connection.Prepare(
            $"SELECT {Columns} FROM sheet ORDER BY name_key, service, currency, effective_from, revision");
        while (select.Step())
            sheets.Add(Read(select));
        return sheets;
    }

    /// <summary>The prefixes of a sheet.</summary>
    public IReadOnlyList<RatedPrefix> Prefixes(RateSheet sheet)
    {
        var prefixes = new List<RatedPrefix>(sheet.RateCount);
        using var select = connection.Prepare(
            "SELECT prefix, price, destination, country, destination_type, connection_fee, initial_increment, increment, no_pool "
            + "FROM rate WHERE sheet = $1").Bind(1, sheet.Number);
        while (select.Step())
        {
            prefixes.Add(new(sheet, select.Text(0), new(select.Int64(1)), select.TextOrNull(2), select.TextOrNull(3))
            {
                Terms = new(
                    select.Int64OrNull(5) is { } fee ? new Amount(fee) : null, (int?)select.Int64OrNull(6), (int?)select.Int64OrNull(7),
                    select.Int64(8) != 0, select.TextOrNull(4)),
            });
        }

        return prefixes;
    }

    /// <summary>Whether any charge was made by a sheet.</summary>
    public bool IsUsed(long sheet)
    {
        using var select = connection.Prepare("SELECT 1 FROM sheet_used WHERE sheet = $1 LIMIT 1").Bind(1, sheet);
        return select.Step();
    }

    private static RateSheet Read(StoreStatement row) => new()
    {
        Number = row.Int64(0),
        Name = row.Text(1),
        Service = (CreditRateService)row.Int32(2),
        Currency = row.Text(3),
        EffectiveFrom = new(row.Int64(4)),
        Revision = row.Int32(5),
        InitialIncrement = row.Int32(6),
        Increment = row.Int32(7),
        ConnectionFee = new(row.Int64(8)),
        Decimals = row.Int32(9),
        Rounding = (CreditRounding)row.Int32(10),
        RateCount = row.Int32(11),
        Digest = row.Bytes(12).ToArray(),
    };
}
