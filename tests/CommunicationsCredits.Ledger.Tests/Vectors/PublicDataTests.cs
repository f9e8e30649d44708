using CommunicationsCredits.Ledger.Pools;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Vectors;

/// <summary>The rest of the public data: ../shared/data.</summary>
public sealed class PublicDataTests
{
    [SharedFact]
    [Trait("Rule", "U4")]
    public void Zone_A_is_the_published_list()
    {
        var rows = Shared.Rows("data", "zone-a.csv").ToList();

        Assert.Equal(44, rows.Count);
        Assert.All(rows, row => Assert.True(ZoneA.ContainsCountry(row["Code"]), row["Code"]));
        Assert.All(rows, row => Assert.True(ZoneA.ContainsDestination(row["Country"]), row["Country"]));
        var codes = rows.Select(row => row["Code"]).ToHashSet();
        for (var first = 'A'; first <= 'Z'; first++)
        {
            for (var second = 'A'; second <= 'Z'; second++)
                Assert.Equal(codes.Contains($"{first}{second}"), ZoneA.ContainsCountry($"{first}{second}"));
        }
    }

    [SharedFact]
    [Trait("Rule", "U1")]
    public void The_Teams_columns_are_the_published_ones_in_their_order() => Assert.Equal(
        File.ReadAllLines(Shared.PathOf("data", "teams-pstn-columns.txt")), UsageFieldNames.TeamsColumns.Select(column => column.Name));

    [SharedFact]
    [Trait("Rule", "U1")]
    public void The_documented_Graph_row_is_a_free_call_in()
    {
        using var ledger = new TestLedger();

        var import = ledger.ImportFile(Shared.PathOf("data", "graph-getpstncalls-example.json"));

        Assert.Equal((1, 1, 0), (import.Result.Read, import.Result.Free, import.Result.Rejected));
        Assert.Equal(UsageFormat.GraphPstnCalls, import.Result.Format);
        Assert.Equal("graph-getpstncalls-example.json", Assert.Single(import.Told.Incomplete));
        Assert.Empty(import.Told.Warnings);
        var record = Assert.Single(ledger.Usage());
        Assert.Equal("9c4984c7-6c3c-427d-a30c-bd0b2eacee90", record.RecordId);
        Assert.Equal(TestLedger.At("2019-11-01T00:00:08.2589935Z"), record.StartedAt);
        Assert.Equal(TimeSpan.FromSeconds(219), record.Duration);
        Assert.Equal("user_in", record.CallType);
        Assert.Equal(UsageService.Inbound, record.Service);
        Assert.Equal(UsageStatus.Free, record.Status);
        Assert.Equal(0m, record.RecordedCharge);
        Assert.Equal(("+0123456789", "+1234567890"), (record.Caller, record.Callee));
        Assert.Equal(("richard.malk@contoso.com", "MCOPSTNU"), (record.User, record.Capability));
    }
}
