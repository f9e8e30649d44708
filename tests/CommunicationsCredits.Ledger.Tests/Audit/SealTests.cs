using System.Security.Cryptography;
using CommunicationsCredits.Ledger.Audit;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Audit;

/// <summary>A seal kept elsewhere shows what a chain alone cannot: a cut end, an older copy, a deleted tenant (H1c).</summary>
[Trait("Rule", "H1c")]
public sealed class SealTests
{
    private const string Fabrikam = "fabrikam.com";

    [Fact]
    public void A_seal_holds_while_others_go_on_posting()
    {
        using var ledger = new TestLedger();
        HoldsWhileOthersPost(ledger);
    }

    [PgFact]
    public void A_seal_of_a_database_holds_while_others_go_on_posting()
    {
        using var ledger = new TestLedger(database: PgCluster.Create());
        HoldsWhileOthersPost(ledger);
    }

    [Fact]
    public void An_older_copy_verifies_by_itself_and_not_by_a_later_seal()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(100);
        var copy = ledger.Folder.File("copy.db");
        ledger.Session.Backups.BackUp(copy);
        ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));
        ledger.AddTenant(Fabrikam);
        var path = Seal(ledger);

        ledger.Session.Dispose();
        File.Copy(copy, ledger.File, overwrite: true);
        ledger.Reopen();

        Assert.Empty(ledger.Verify());
        var findings = Findings(ledger, path);
        Assert.All(findings, finding => Assert.Equal("H1c", finding.Rule));
        Assert.Equal([TestLedger.Contoso, string.Empty, string.Empty], findings.Select(finding => finding.TenantId));
        Assert.Contains("its end was cut off, or an older copy was put back", findings[0].Message, StringComparison.Ordinal);
        Assert.Contains("tenant number 2 is in the seal", findings[1].Message, StringComparison.Ordinal);
        Assert.Contains("own chain", findings[2].Message, StringComparison.Ordinal);
        Assert.Single(Findings(ledger, path, TenantSelection.One(TestLedger.Contoso)));
    }

    [PgFact]
    public void Another_database_has_other_hashes_than_the_seal()
    {
        using var ledger = new TestLedger(database: PgCluster.Create());
        ledger.AddFunds(100);
        ledger.AddFunds(50);
        var path = Seal(ledger);
        using var other = new TestLedger(database: PgCluster.Create());
        other.AddFunds(99);
        Assert.Contains(Findings(other, path), finding => finding.Rule == "H1c" && finding.Message.Contains("its end was cut off", StringComparison.Ordinal));
        other.AddFunds(51);
        Assert.Contains(Findings(other, path), finding => finding.Rule == "H1c" && finding.Message.Contains("was replaced since", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tenant_removed_since_is_named_and_a_deleted_one_is_found()
    {
        using var ledger = new TestLedger();
        ledger.AddTenant(Fabrikam);
        ledger.AddTenant("gone.example");
        ledger.Session.Execute(new RemoveTenant("gone.example"));
        var path = Seal(ledger);
        ledger.Session.Execute(new RemoveTenant(Fabrikam));

        var warnings = new List<string>();
        Assert.Empty(ledger.Session.Audit.Verify(TenantSelection.All, LedgerSeal.Read(path), warnings.Add));
        Assert.StartsWith("'fabrikam.com' was removed on 2026-03-15", Assert.Single(warnings), StringComparison.Ordinal);

        using (var raw = new SqliteStoreConnection(ledger.File, readOnly: false))
        {
            foreach (var table in new[] { "entry", "account", "tenant" })
                raw.Execute($"DELETE FROM {table} WHERE tenant = 2");
        }

        Assert.Contains(Findings(ledger, path), finding => finding.Message.Contains("tenant number 2 is in the seal and not in the ledger", StringComparison.Ordinal));
    }

    [Fact]
    public void The_digest_is_that_of_the_file_and_changes_with_every_posting()
    {
        using var ledger = new TestLedger();
        var path = Seal(ledger);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))), ledger.Session.Describe().Seal);
        Assert.Equal(LedgerSeal.Read(path).Digest, ledger.Session.Describe().Seal);
        Assert.Matches("^ledger [1-9] [0-9A-F]{64}\ntenant 1 [1-9] [0-9A-F]{64}\n$", File.ReadAllText(path));
        ledger.AddFunds(1);
        Assert.NotEqual(LedgerSeal.Read(path).Digest, ledger.Session.Describe().Seal);
    }

    [Fact]
    public void A_seal_that_was_kept_is_not_replaced()
    {
        using var ledger = new TestLedger();
        var path = Seal(ledger);
        Refuses.With(CreditErrorId.FileExists, () => ledger.Session.Audit.WriteSeal(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("Date,Amount\n1,2\n")]
    [InlineData("ledger 1 00")]
    [InlineData("ledger -1 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("tenant 1 1 000000000000000000000000000000000000000000000000000000000000000g")]
    [InlineData("tenant 1 1 0000000000000000000000000000000000000000000000000000000000000000\ntenant 1 2 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ledger 1 0000000000000000000000000000000000000000000000000000000000000000\nledger 1 0000000000000000000000000000000000000000000000000000000000000000")]
    public void A_file_that_is_no_seal_is_refused(string text)
    {
        using var folder = new TempFolder();
        var path = folder.Write("seal", text);
        Assert.Contains(path, Refuses.With(CreditErrorId.SealInvalid, () => LedgerSeal.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_seal_is_refused()
    {
        using var folder = new TempFolder();
        Refuses.With(CreditErrorId.SealInvalid, () => LedgerSeal.Read(folder.File("none")));
    }

    private static void HoldsWhileOthersPost(TestLedger ledger)
    {
        ledger.AddTenant(Fabrikam);
        ledger.AddFunds(100);
        var path = Seal(ledger);
        ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m), Call.Paid("b", "2026-03-02T10:00:00Z", 3m));
        ledger.AddTenant("adatum.com");
        Assert.Empty(Findings(ledger, path));

        // The entry of a call lies in the call's own row.
        Assert.Empty(Findings(ledger, Seal(ledger)));
        ledger.AddFunds(5);
        Assert.Empty(Findings(ledger, ledger.Folder.File("2.seal")));
    }

    private static string Seal(TestLedger ledger)
    {
        var path = Enumerable.Range(1, 9).Select(number => ledger.Folder.File($"{number}.seal")).First(path => !File.Exists(path));
        ledger.Session.Audit.WriteSeal(path);
        return path;
    }

    private static List<CreditLedgerFinding> Findings(TestLedger ledger, string seal, TenantSelection? selection = null) =>
        [.. ledger.Session.Audit.Verify(selection ?? TenantSelection.All, LedgerSeal.Read(seal), null)];
}
