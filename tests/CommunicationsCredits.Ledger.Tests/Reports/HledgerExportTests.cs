using System.Globalization;
using System.Text.RegularExpressions;
using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Reports;

/// <summary>The journal, judged by hledger itself.</summary>
public sealed partial class HledgerExportTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    public static TheoryData<int> Seeds => new(Enumerable.Range(101, 8));

    [HledgerFact]
    [Trait("Rule", "H2")]
    public void Hledger_confirms_debt_its_repayment_releases_forfeitures_reversals_adjustments_and_settings()
    {
        _ledger.SetClock("2026-01-02T00:00:00Z");
        _ledger.AddFunds(20m, "2026-01-01", "2026-02-01");
        _ledger.AddFunds(5m, "2026-01-01", reference: "a, b; c:d  e | [2020-01-01]");
        _ledger.Import(Call.Paid("two", "2026-01-02T00:00:00Z", 12m), Call.Paid("debt", "2026-01-03T00:00:00Z", 20m));
        _ledger.SetClock("2026-01-04T00:00:00Z");
        _ledger.AddFunds(50m, "2026-01-03T12:00:00Z", "2026-01-20");
        _ledger.SetClock("2026-03-01T00:00:00Z");
        _ledger.Session.Recharges.Maintain(TestLedger.Contoso, false, _ => { });
        _ledger.Import(Call.Paid("late", "2026-01-19T00:00:00Z", 3m));
        _ledger.Session.Execute(new AddAdjustment(TestLedger.Contoso, -7m) { Reason = "more than there is" });
        _ledger.Session.Execute(new UndoTransaction(_ledger.Money().First(entry => entry.Reference == "two").TransactionId));
        var bought = _ledger.AddFunds(8m, "2026-02-28");
        _ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Name = "Contoso | ; Größe" }));
        Assert.Contains(_ledger.Entries(), entry => entry.Kind == CreditTransactionKind.Release);
        Assert.Empty(_ledger.Verify());

        var journal = Export();

        Assert.Equal("", Hledger.Check(journal));
        Assert.Contains($"\"credits:contoso.com:{bought.FundsId}\",", string.Join('\n', Hledger.Balances(journal, "credits:")), StringComparison.Ordinal);
    }

    [HledgerTheory]
    [MemberData(nameof(Seeds))]
    [Trait("Rule", "H2")]
    public void Hledger_confirms_any_history_of_several_tenants_and_currencies_and_finds_each_lot_as_it_is(int seed)
    {
        using var history = new RandomHistory(seed);
        history.Run(80);
        var session = history.Ledger.Session;
        Assert.Empty(history.Ledger.Verify());
        var journal = history.Ledger.Folder.File("ledger.journal");

        session.Reports.ExportLedger(journal, CreditExportFormat.Hledger, TenantSelection.All, force: false);

        Assert.Equal("", Hledger.Check(journal));
        foreach (var tenant in session.Tenants.GetTenants(TenantSelection.All))
        {
            // What hledger makes of the postings alone is the sum of the entries; each tenant has a currency of its own.
            var balances = Hledger.Balances(journal, "^credits:", $"cur:{tenant.Currency}").Select(row => Figure().Match(row).Groups[1].Value);
            Assert.Equal(
                history.Ledger.Entries(tenant.TenantId).Sum(entry => entry.Amount),
                balances.Sum(figure => decimal.Parse(figure, CultureInfo.InvariantCulture)));
        }
    }

    [HledgerFact]
    [Trait("Rule", "H2")]
    public void Hledger_finds_any_entry_of_money_whose_amount_was_changed_by_a_millionth()
    {
        using var history = new RandomHistory(7);
        history.Run(25);
        var ledger = history.Ledger;
        var entries = ledger.Session.Funds.GetTransactions(TenantSelection.All, new()).ToList();
        ledger.Session.Dispose();
        foreach (var entry in entries.Where((entry, i) => i % 3 == 0 || entry.Kind == CreditTransactionKind.Setting))
        {
            Change(ledger, entry, "+ 1");
            using (var session = ledger.Open(readOnly: true))
                session.Reports.ExportLedger(ledger.Folder.File("changed.journal"), CreditExportFormat.Hledger, TenantSelection.All, force: true);
            Assert.True(Hledger.Check(ledger.Folder.File("changed.journal")).Length > 0, $"{entry.TransactionId}, a {entry.Kind}, was not found.");
            Change(ledger, entry, "- 1");
        }
    }

    [HledgerFact]
    [Trait("Rule", "H2")]
    public void Hledger_finds_a_lot_that_does_not_have_what_its_entries_leave()
    {
        _ledger.AddFunds(20m);
        _ledger.Session.Dispose();
        using (var connection = new SqliteStoreConnection(_ledger.File, readOnly: false))
            connection.Execute("UPDATE lot SET remaining = remaining - 1");
        _ledger.Reopen();

        Assert.Contains("balance assertion", Hledger.Check(Export()), StringComparison.Ordinal);
    }

    [HledgerFact]
    [Trait("Rule", "H2")]
    public void Hledger_takes_an_empty_ledger_and_tenants_without_money()
    {
        using var empty = new TestLedger(contoso: false);
        empty.Session.Reports.ExportLedger(empty.Folder.File("a"), CreditExportFormat.Hledger, TenantSelection.All, false);

        Assert.Equal("", Hledger.Check(empty.Folder.File("a")));
        Assert.Equal("", Hledger.Check(Export()));
    }

    [Fact]
    [Trait("Rule", "H2")]
    public void A_transaction_is_dated_by_PostedAt_and_tagged_with_EffectiveAt_and_asserts_the_balance()
    {
        _ledger.AddFunds(20m, "2026-01-01", reference: "PO 1, 2");

        var text = File.ReadAllText(Export());

        Assert.Contains(
            """
            2026-03-15 (2) Purchase | Expires 2027-01-01T00:00:00Z
                ; effective: 2026-01-01T00:00:00Z
                ; posted: 2026-03-15T12:00:00Z
                ; tenant: contoso.com
                ; actor: tester@machine
                ; reference: PO 1%2C 2
                credits:contoso.com:contoso.com/F1  20.00 USD
                equity:contoso.com  -20.00 USD == -20.00 USD

            """.ReplaceLineEndings("\n"), text, StringComparison.Ordinal);
    }

    public void Dispose() => _ledger.Dispose();

    [GeneratedRegex("""^"credits:[^"]*","?(-?[0-9.]+)""")]
    private static partial Regex Figure();

    private static void Change(TestLedger ledger, CreditTransaction entry, string how)
    {
        using var connection = new SqliteStoreConnection(ledger.File, readOnly: false);
        foreach (var table in (string[])["UPDATE entry SET amount = amount " + how, "UPDATE usage SET charge = -(-charge " + how + ")"])
        {
            using var update = connection.Prepare(table + " WHERE sequence = $1 AND tenant = (SELECT tenant FROM tenant WHERE id = $2)");
            update.Bind(1, entry.Sequence).Bind(2, entry.TenantId).Run();
        }
    }

    private string Export()
    {
        var path = _ledger.Folder.File("ledger.journal");
        _ledger.Session.Reports.ExportLedger(path, CreditExportFormat.Hledger, TenantSelection.All, force: true);
        return path;
    }
}
