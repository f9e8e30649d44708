using System.Globalization;
using System.Text.Json.Nodes;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Reports;

/// <summary>The files that exports write: whole or not at all, for their owner, exact, and harmless to open.</summary>
public sealed class ExportFileTests : IDisposable
{
    private static readonly string[] AllKinds = ["Hledger", "Csv", "Json", "Report"];

    private readonly TestLedger _ledger = new();

    public static TheoryData<string> Kinds => new(AllKinds);

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Rule", "H2")]
    public void A_file_that_is_there_is_kept_unless_it_may_be_replaced(string kind)
    {
        var path = _ledger.Folder.Write("target", "mine");

        var error = Refuses.With(CreditErrorId.FileExists, () => Export(kind, path, force: false));
        Assert.Equal(("mine", path), (File.ReadAllText(path), error.Target));
        Refuses.With(CreditErrorId.FileExists, () => Export(kind, _ledger.Folder.Path, force: true));

        Export(kind, path, force: true);
        Assert.Contains("contoso.com", File.ReadAllText(path), StringComparison.Ordinal);
        AssertNothingElse("target");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Rule", "H2")]
    public void What_is_stopped_or_fails_leaves_no_file_and_the_one_that_was_there(string kind)
    {
        var path = _ledger.Folder.Write("target", "mine");
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.Throws<OperationCanceledException>(() => Export(kind, path, force: true, cancellation: stopped.Token));
        Refuses.With(CreditErrorId.TenantNotFound, () => Export(kind, path, force: true, tenants: TenantSelection.One("nobody")));
        Assert.Throws<OperationCanceledException>(() => Export(kind, _ledger.Folder.File("new"), force: false, cancellation: stopped.Token));
        Assert.Throws<DirectoryNotFoundException>(() => Export(kind, Path.Combine(_ledger.Folder.Path, "no", "new"), force: false));

        Assert.Equal("mine", File.ReadAllText(path));
        AssertNothingElse("target");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Only_its_owner_can_read_it(string kind)
    {
        if (OperatingSystem.IsWindows())
            return;
        Export(kind, _ledger.Folder.File("target"), force: false);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_ledger.Folder.File("target")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Rule", "R9")]
    public void No_token_is_in_it(string kind)
    {
        _ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Gateway = "Invoice", Token = "tok_SECRETSECRET", ExpiryMonth = "2030-01" });
        _ledger.Session.Execute(new SetRechargeRule(TestLedger.Contoso) { MinimumBalance = 50, RechargeAmount = 100, PaymentMethod = "card" });
        _ledger.Session.Recharges.Run(TestLedger.Contoso, force: false);
        Assert.Contains(_ledger.Money(), entry => entry.Kind == CreditTransactionKind.Recharge);

        Export(kind, _ledger.Folder.File("target"), force: false);

        Assert.DoesNotContain("SECRET", File.ReadAllText(_ledger.Folder.File("target")), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    [InlineData("th-TH")]
    public void It_is_the_same_in_every_culture(string culture)
    {
        _ledger.AddFunds(1234.567891m, "2026-01-01");
        _ledger.Import(Call.Paid("a", "2026-02-01T00:00:00Z", 0.5m));
        foreach (var kind in AllKinds)
        {
            Export(kind, _ledger.Folder.File("invariant"), force: true);
            using (new CultureScope(culture))
                Export(kind, _ledger.Folder.File("other"), force: true);
            Assert.Equal(File.ReadAllText(_ledger.Folder.File("invariant")), File.ReadAllText(_ledger.Folder.File("other")));
        }
    }

    [Fact]
    [Trait("Rule", "H2")]
    public void CSV_has_a_line_an_entry_and_what_a_spreadsheet_would_run_is_text()
    {
        _ledger.AddTenant("=evil", new() { Name = "x" });
        _ledger.AddFunds(20m, "2026-01-01", reference: "=HYPERLINK(\"http://x\",\"a\")", tenant: "=evil");
        _ledger.AddFunds(1m, "2026-01-01", reference: "  @SUM(A1)\t,", tenant: "=evil");
        _ledger.Import(Call.Csv([Call.Paid("+1", "2026-02-01T00:00:00Z", 0.000001m)]), tenant: "=evil");

        Export("Csv", _ledger.Folder.File("ledger.csv"), force: false, tenants: TenantSelection.One("=evil"));

        var lines = File.ReadAllText(_ledger.Folder.File("ledger.csv")).Split("\r\n");
        Assert.Equal("TransactionId,TenantId,Sequence,Kind,Amount,BalanceAfter,Currency,EffectiveAt,PostedAt,Actor,Reference,Description,FundsId,Reverses,Hash", lines[0]);
        Assert.StartsWith("'=evil/2,'=evil,2,Purchase,20.00,20.00,USD,2026-01-01T00:00:00Z,2026-03-15T12:00:00Z,tester@machine,\"'=HYPERLINK(\"\"http://x\"\",\"\"a\"\")\",", lines[2], StringComparison.Ordinal);
        Assert.Contains("\"'  @SUM(A1)\t,\"", lines[3], StringComparison.Ordinal);

        // An amount of ours is a number, and stays one.
        Assert.StartsWith("'=evil/4,'=evil,4,Usage,-0.000001,20.999999,USD,", lines[4], StringComparison.Ordinal);
        Assert.Contains(",'+1,", lines[4], StringComparison.Ordinal);
        Assert.Contains("Setting", lines[5], StringComparison.Ordinal);
        Assert.Equal((7, ""), (lines.Length, lines[^1]));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a=b", "a=b")]
    [InlineData("=1", "'=1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@a", "'@a")]
    [InlineData("\ta", "'\ta")]
    [InlineData("\ra", "\"'\ra\"")]
    [InlineData("\na", "\"'\na\"")]
    [InlineData(" =1", "' =1")]
    [InlineData("\uFF1D1", "'\uFF1D1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("-a,b", "\"'-a,b\"")]
    [InlineData("", "")]
    [InlineData("   ", "   ")]
    public void A_cell_that_a_spreadsheet_would_run_is_neutralised(string text, string cell) => Assert.Equal(cell, CsvExport.Cell(text));

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [Trait("Rule", "H2")]
    public void JSON_has_every_entry_exactly_and_the_moves_of_each_lot_add_up_to_what_it_has_left(int seed)
    {
        using var history = new RandomHistory(seed);
        history.Run(60);
        var path = history.Ledger.Folder.File("ledger.json");

        history.Ledger.Session.Reports.ExportLedger(path, CreditExportFormat.Json, TenantSelection.All, force: false);

        var root = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal(("CommunicationsCredits ledger", 1), ((string)root["format"]!, (int)root["version"]!));
        foreach (var tenant in root["tenants"]!.AsArray())
        {
            var id = (string)tenant!["tenantId"]!;
            var entries = tenant["entries"]!.AsArray();
            Assert.Equal(
                history.Ledger.Entries(id).Select(entry => (entry.Sequence, entry.Kind.ToString(), entry.Amount, entry.BalanceAfter, entry.Reference)),
                entries.Select(entry => (
                    (long)entry!["sequence"]!, (string)entry["kind"]!, Number(entry["amount"]), Number(entry["balanceAfter"]), (string?)entry["reference"])));
            var left = entries.SelectMany(entry => entry!["moves"]!.AsArray()).GroupBy(move => (string)move!["fundsId"]!)
                .ToDictionary(moves => moves.Key, moves => moves.Sum(move => Number(move!["amount"])));
            foreach (var lot in tenant["funds"]!.AsArray())
                Assert.Equal(Number(lot!["undrawn"]) - Number(lot["forfeited"]), left.GetValueOrDefault((string)lot["fundsId"]!));
        }
    }

    public void Dispose() => _ledger.Dispose();

    private static decimal Number(JsonNode? text) => decimal.Parse((string)text!, CultureInfo.InvariantCulture);

    private void Export(string kind, string path, bool force, TenantSelection? tenants = null, CancellationToken cancellation = default)
    {
        if (kind == "Report")
            _ledger.Session.Reports.ExportReport(path, null, null, tenants ?? TenantSelection.All, force, cancellation);
        else
            _ledger.Session.Reports.ExportLedger(path, Enum.Parse<CreditExportFormat>(kind), tenants ?? TenantSelection.All, force, cancellation);
    }

    /// <summary>No draft is left behind.</summary>
    private void AssertNothingElse(string name) => Assert.Equal(
        [name], Directory.GetFiles(_ledger.Folder.Path).Select(Path.GetFileName).Where(file => !file!.StartsWith("ledger.db", StringComparison.Ordinal)));
}
