using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Storage.PostgreSql;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Storage;

/// <summary>What is asked of one ledger by ids, by price and by age, in a file and in a database.</summary>
public sealed class QueriesTests
{
    private static readonly TenantSelection Contoso = TenantSelection.One(TestLedger.Contoso);

    [Fact]
    public void A_file_answers()
    {
        using var ledger = new TestLedger();
        Ask(ledger);
    }

    [PgFact]
    public void A_database_answers()
    {
        using var ledger = new TestLedger(database: PgCluster.Create());
        Ask(ledger);
    }

    private static void Ask(TestLedger ledger)
    {
        ledger.AddFunds(1m);
        ledger.AddFunds(5m);
        ledger.Import(
            Call.Paid("a", "2026-03-01T10:00:00Z", 0.75m) with { User = "ann@contoso.com" }, Call.Paid("b", "2026-03-02T10:00:00Z", 0.75m),
            Call.Paid("c", "2026-03-03T10:00:00Z", 3m));
        ledger.Import(Call.Paid("d", "2026-03-04T10:00:00Z", 6m));
        var c = ledger.Entries().Single(entry => entry.Reference == "c");
        ledger.Session.Execute(new UndoTransaction(c.TransactionId));
        ledger.AddFunds(2m);

        Assert.Equal(["d", "a"], Usage(new() { Top = 2 }));
        Assert.Equal(["c"], Usage(new() { Top = 2, Statuses = [UsageStatus.Reversed] }));
        Assert.Equal(["b"], Usage(new() { RecordIds = ["b", "x"] }));
        Assert.Equal(["d"], Usage(new() { ImportIds = [$"{TestLedger.Contoso}/I2"] }));
        Assert.Equal([], Usage(new() { ImportIds = ["other/I2"] }));
        Assert.Equal(["b", "c", "d"], Usage(new() { FundsIds = [Funds(2)] }));
        Assert.Equal([], Usage(new() { Countries = ["gb"] }));
        Assert.Equal(1, ledger.Session.Usage.CountRecords(Contoso, new() { Top = 1 }));
        Assert.Contains("ann@contoso.com", ledger.Session.Usage.GetRecentUsers(Contoso, 100).Select(user => user.Name));

        Assert.Equal(["Purchase", "Reversal", "Setting"], Kinds(new() { Newest = 3 }).Order(StringComparer.Ordinal));
        Assert.Equal(["Usage", "Reversal"], Kinds(new() { RecordIds = ["c"] }));
        Assert.Equal(["Usage", "Setting"], Kinds(new() { ImportIds = [$"{TestLedger.Contoso}/I2"] }));
        Assert.Equal([c.TransactionId], Entries(new() { TransactionIds = [c.TransactionId, "other/1"] }).Select(entry => entry.TransactionId));
        Assert.Equal(["Usage", "Purchase"], Kinds(new() { FundsIds = [Funds(3)] }));

        var split = Assert.Single(Entries(new() { RecordIds = ["b"], IncludesDraw = true }));
        Assert.Equal([(Funds(1), 0.25m), (Funds(2), 0.5m)], split.Draw.Select(draw => (draw.FundsId, draw.Amount)));
        var returned = Entries(new() { RecordIds = ["c"], IncludesDraw = true })[1];
        Assert.Equal([(Funds(2), -3m), (Funds(2), 3m)], returned.Draw.Select(draw => (draw.FundsId, draw.Amount)));
        Assert.Equal([c.TransactionId, Entries(new() { RecordIds = ["d"] })[0].TransactionId], returned.Draw.Select(draw => draw.TransactionId));
        foreach (var entry in Entries(new() { IncludesDraw = true }).Where(entry => entry.Kind == CreditTransactionKind.Usage && entry.Reference != "c"))
            Assert.Equal(-entry.Amount, entry.Draw.Sum(draw => draw.Amount));
        Assert.Equal(Entries(new()).Select(entry => entry.Sequence), Entries(new() { IncludesDraw = true }).Select(entry => entry.Sequence));

        List<string> Usage(UsageQuery query) => [.. ledger.Session.Usage.GetRecords(Contoso, query).Select(record => record.RecordId)];
        List<CreditTransaction> Entries(TransactionQuery query)
        {
            List<CreditTransaction> entries = [.. ledger.Session.Funds.GetTransactions(Contoso, query)];
            Assert.Equal(entries.Count, ledger.Session.Funds.CountTransactions(Contoso, query));
            return entries;
        }

        List<string> Kinds(TransactionQuery query) => [.. Entries(query).Select(entry => entry.Kind.ToString())];
        static string Funds(int number) => $"{TestLedger.Contoso}/F{number}";
    }
}
