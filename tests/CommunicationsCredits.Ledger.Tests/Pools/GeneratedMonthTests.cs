using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>A generated month whose pools run out in its middle, call by call against the independent calculation.</summary>
public sealed class GeneratedMonthTests
{
    private const int Count = 6000;

    [Theory]
    [Trait("Rule", "A2, A3, U4, G3, G4")]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_call_of_a_generated_month_is_as_the_independent_calculation_says(int seed)
    {
        using var ledger = new TestLedger();
        GeneratedMonth.Prepare(ledger);
        var calls = GeneratedMonth.Calls(seed, Count);
        var minutes = new IndependentMinutes();
        var expected = calls.Select(minutes.Post).ToList();

        var import = ledger.Import(Call.Csv(calls));

        Assert.Empty(import.Told.Refusals);
        AssertSame(expected, ledger, minutes);
        Assert.Equal(expected.Sum(call => call.Charge), import.Result.Charged);
        Assert.Equal(100_000m - expected.Sum(call => call.Charge), ledger.Balance());

        // The pools did run out, and in the middle: calls before were pooled, calls after were not.
        foreach (var capability in (string[])["MCOPSTN1", "MCOPSTN2", "ConferenceDialOut", "MCOPSTN9"])
        {
            Assert.Equal(CreditPoolStatus.UsedUp, ledger.Pool(capability, "2026-03").Status);
            var at = Enumerable.Range(0, Count).Last(
                i => expected[i].Pooled > 0 && IsOf(calls[i], capability) && calls[i].Start.StartsWith("2026-03",
                    StringComparison.Ordinal));
            Assert.InRange(at, Count / 20, Count * 19 / 20);
        }

        Assert.True(expected.Count(call => call is { Pooled: > 0, Charge: > 0 }) >= 4);
        Assert.Empty(ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "U7")]
    public void The_same_month_cut_into_ten_files_gives_the_same_result()
    {
        using var ledger = new TestLedger();
        GeneratedMonth.Prepare(ledger);
        var calls = GeneratedMonth.Calls(3, Count);
        var minutes = new IndependentMinutes();
        var expected = calls.Select(minutes.Post).ToList();

        foreach (var part in calls.Chunk(Count / 10))
            ledger.Import(Call.Csv(part));

        AssertSame(expected, ledger, minutes);
        Assert.Equal(10, ledger.Session.Usage.GetImports(Ledger.Tenants.TenantSelection.All).Count());
        Assert.Empty(ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "A2")]
    public void In_ten_shuffled_files_every_call_is_as_the_independent_calculation_says_in_that_order()
    {
        using var ledger = new TestLedger();
        GeneratedMonth.Prepare(ledger);
        var random = new SeededRandom(5);
        var calls = GeneratedMonth.Calls(3, Count);
        random.Shuffle(calls);
        var minutes = new IndependentMinutes();
        var expected = calls.Select(minutes.Post).ToList();

        // Each file again at once, and some later: duplicates take nothing.
        var files = calls.Chunk(Count / 10).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            ledger.Import(i % 2 == 0 ? Call.Csv(files[i]) : Call.Json(files[i]));
            Assert.Equal(0, ledger.Import(Call.Json(files[random.Next(i + 1)])).Result.Imported);
        }

        AssertSame(expected, ledger, minutes);
        Assert.Empty(ledger.Verify());
    }

    private static bool IsOf(Call call, string capability) =>
        capability == "ConferenceDialOut" ? call.Type == "conf_out" : call.Type != "conf_out" && call.Capability == capability;

    private static void AssertSame(List<Expected> expected, TestLedger ledger, IndependentMinutes minutes)
    {
        var records = ledger.Usage();
        Assert.Equal(expected.Count, records.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            var record = records[i];
            Assert.Equal(
                (i, expected[i]),
                (i, new(record.RecordId, record.Status, record.BilledSeconds, record.PooledSeconds, record.Charge)));
        }

        foreach (var pool in ((string[])["2026-01", "2026-02", "2026-03"]).SelectMany(month => ledger.Pools(month)))
        {
            Assert.Equal(
                (decimal.Round(minutes.MinutesUsed(pool.Capability, "Domestic", pool.Month), 2),
                    decimal.Round(minutes.MinutesUsed(pool.Capability, "International", pool.Month), 2)),
                (pool.MinutesUsed, pool.InternationalMinutesUsed));
        }
    }
}
