using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Storage.PostgreSql;

/// <summary>What an import is compared with, and what prices it again, is asked of a database as of a file.</summary>
public sealed class PgImportTests
{
    [PgFact]
    [Trait("Rule", "C1a")]
    public void Calls_are_priced_again_and_the_former_charges_posted_again()
    {
        using var ledger = PgStoreTests.OpenLedger();
        ledger.AddRates();
        ledger.AddFunds(10);
        var brought = ledger.Import(
            new Call { Id = "a" }, Call.Paid("own", "2026-03-01T10:00:00Z", 0.5m), new Call { Id = "in", Type = "conf_in", To = "+18005550100" });
        ledger.AddRates("Prefix,Price / min\n1,0.02\n");

        var again = ledger.Session.Usage.PriceAgain(TestLedger.Contoso, TestLedger.At("2026-03-01"), TestLedger.At("2026-04-01"), preview: false, default);
        Assert.Equal((1, 0.007m), (again.Imported, again.Charged));
        Assert.Equal(10 - 0.5m - 0.02m, ledger.Balance());
        ledger.Session.Execute(new UndoImport(again.ImportId, null));
        Assert.Equal(10 - 0.5m - 0.013m, ledger.Balance());

        ledger.AddRates("Prefix,Price / min\n1800,0.05\n", name: "Toll free", service: CreditRateService.TollFreeInbound);
        var sheet = ledger.Session.Rates.GetRateSheets().Single(other => other.Service == CreditRateService.TollFreeInbound);
        Assert.Equal(1, Assert.Single(ledger.Session.Usage.CountFreeCallsCovered(sheet)).Calls);
        Assert.Equal(0.05m, ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, default).Charged);

        ledger.Session.Execute(new UndoImport(brought.Result.ImportId, null));
        Assert.Equal(10, ledger.Balance());
        Assert.Empty(ledger.Verify());
    }

    [PgFact]
    public void The_calls_of_another_tenant_and_a_gap_are_warnings()
    {
        using var ledger = PgStoreTests.OpenLedger();
        ledger.AddTenant("fabrikam.com");
        ledger.Import(Call.Paid("a", "2026-02-01T10:00:00Z", 1));

        var other = ledger.Import(Call.Csv([Call.Paid("a", "2026-02-01T10:00:00Z", 1)]), tenant: "fabrikam.com");
        var later = ledger.Import(Call.Paid("b", "2026-03-01T10:00:00Z", 1));

        Assert.Contains(other.Told.Warnings, warning => warning.Contains($"{TestLedger.Contoso}/I1", StringComparison.Ordinal));
        Assert.Contains(later.Told.Warnings, warning => warning.Contains("between 2026-02-01 and 2026-03-01", StringComparison.Ordinal));
        Assert.Null(ledger.BalanceOf().Attention?.Split(", ").FirstOrDefault(note => note.StartsWith("no import", StringComparison.Ordinal)));
    }
}
