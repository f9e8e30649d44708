using System.Globalization;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Storage;

/// <summary>Writers take turns: a small write beside an import waits for the batch at hand, not for the import.</summary>
public sealed class FairnessTests
{
    private const int Batches = 14;
    private const int RowsABatch = UsageBatch.Capacity;
    private const int Writes = 5;

    [Fact]
    [Trait("Rule", "U6")]
    public async Task A_small_write_beside_an_import_waits_for_a_batch_or_two()
    {
        using var ledger = new TestLedger();
        await WaitsForABatchOrTwo(ledger, TestLedger.Contoso);
    }

    /// <summary>In a database only writers of the same tenant wait for each other.</summary>
    [PgFact]
    [Trait("Rule", "U6")]
    public async Task A_small_write_of_the_tenant_beside_an_import_waits_for_a_batch_or_two()
    {
        using var ledger = new TestLedger(database: PgCluster.Create());
        await WaitsForABatchOrTwo(ledger, "fabrikam.com");
    }

    private static async Task WaitsForABatchOrTwo(TestLedger ledger, string writesTo)
    {
        ledger.AddTenant("fabrikam.com");
        var file = ledger.Folder.Write("usage.csv", Call.Csv(Enumerable.Range(0, Batches * RowsABatch).Select(row =>
            Call.Paid(string.Create(CultureInfo.InvariantCulture, $"{row}"), "2026-03-01T00:00:00Z", 0.01m))));
        using var other = ledger.Open();

        // Threads of their own: those of the pool have more to do than they are.
        var import = Task.Factory.StartNew(
            () => ledger.ImportFile(file, new() { NoRecharge = true }, "fabrikam.com"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var waited = new List<long>();
        while (Rows(other) == 0)
            Thread.Sleep(1);
        for (var write = 0; write < Writes; write++)
        {
            var before = Rows(other);
            other.Execute(new AddFunds(writesTo, 1));
            waited.Add((Rows(other) - before) / RowsABatch);
            Thread.Sleep(1);
        }

        // Otherwise there was nothing to wait for.
        Assert.True(Rows(other) < Batches * RowsABatch, $"The import was over before the writes were: {string.Join(", ", waited)} batches went ahead of each.");
        Assert.Equal(Batches * RowsABatch, (await import).Result.Imported);

        // Whoever is not given the processor waits longer; most are.
        var median = waited.Order().ElementAt(Writes / 2);
        Assert.True(median <= 2, $"Batches that went ahead of each write: {string.Join(", ", waited)}.");
    }

    private static long Rows(LedgerSession session) => session.Usage.CountRecords(TenantSelection.One("fabrikam.com"), new());
}
