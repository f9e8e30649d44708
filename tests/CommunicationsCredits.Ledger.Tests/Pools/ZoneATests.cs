using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>The public rows of Zone A, through a real import with dial-out minutes.</summary>
public sealed class ZoneATests : IDisposable
{
    private readonly TestLedger _ledger = new();

    [SharedTheory]
    [Trait("Rule", "U4")]
    [InlineData(true)]
    [InlineData(false)]
    public void The_golden_rows_are_paid_from_what_they_say(bool byCountry)
    {
        // By the country of the matched rate; without one, by the destination's name.
        _ledger.AddRates(byCountry
            ? PoolLedger.DollarRates
            : "Prefix,Price / min,Destination Name\n1,1,United States\n44,1,United Kingdom\n263,1,Zimbabwe\n");
        _ledger.SetPool("ConferenceDialOut", 1);
        _ledger.SetPool("MCOPSTN2", 1);
        _ledger.AddFunds(100m, "2026-01-01");
        var rows = Shared.Rows("vectors", "classes.csv").ToList();

        _ledger.Import([.. rows.Select(row => new Call
        {
            Id = row["id"],
            Type = row["call_type"],
            Capability = row["capability"],
            Context = row["domestic_international"],
            Country = row["caller_country"],
            Destination = row["destination"],
            To = row["destination"] switch { "United Kingdom" => "+442071234567", "United States" => "+12065550100", _ =>
                "+2634123456" },
        })]);

        foreach (var row in rows)
        {
            var record = _ledger.Record(row["id"]);
            Assert.Equal(
                (row["id"], row["service"], row["paid_from"]),
                (row["id"], record.Service?.ToString() ?? "", record.Status switch
                {
                    UsageStatus.Pooled => "Pool",
                    UsageStatus.Charged => "Credits",
                    var other => other.ToString(),
                }));
            Assert.Equal(row["paid_from"] == "Credits" ? 1m : 0m, record.Charge);
        }

        Assert.Equal(3m, _ledger.Pool("ConferenceDialOut").MinutesUsed);
        Assert.Empty(_ledger.Verify());
    }

    [SharedTheory]
    [Trait("Rule", "U4")]
    [InlineData("name")]
    [InlineData("code")]
    [InlineData("rate")]
    public void Every_country_of_Zone_A_is_covered_by_name_by_code_and_by_its_rate(string by)
    {
        var rows = Shared.Rows("data", "zone-a.csv").ToList();
        var codes = rows.Select(row => row["Code"]).ToList();
        _ledger.AddRates(
            by == "rate"
                ? "Prefix,Price / min,Country\n" + string.Concat(codes.Select((code, i) => $"9{i:00},1,{code}\n")) + "8,1,ZW\n"
                : "Prefix,Price / min\n9,1\n8,1\n");
        _ledger.SetPool("ConferenceDialOut", 100);

        var import = _ledger.Import(
            [
                .. rows.Select((row, i) => PoolLedger.DialOut(
                    row["Code"], 60, $"+9{i:00}1234567", by switch { "name" => row["Country"], "code" => row["Code"], _ =>
                        "Zimbabwe" })),
                PoolLedger.DialOut("not", 60, "+81234567", by == "code" ? "ZW" : by == "name" ? "Zimbabwe" : "United States"),
            ]);

        Assert.Empty(import.Told.Refusals);
        Assert.Equal(44, rows.Count);
        Assert.All(codes, code => Assert.Equal(UsageStatus.Pooled, _ledger.Record(code).Status));
        Assert.Equal(UsageStatus.Charged, _ledger.Record("not").Status);
    }

    public void Dispose() => _ledger.Dispose();
}
