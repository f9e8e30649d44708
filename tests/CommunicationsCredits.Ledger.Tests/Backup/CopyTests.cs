using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Recorded;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;
using CommunicationsCredits.Ledger.Usage.Import;

namespace CommunicationsCredits.Ledger.Tests.Backup;

/// <summary>A ledger moves from one kind of store to the other with every entry and hash, or not at all.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PgFact]
    [Trait("Rule", "H1")]
    public void A_ledger_goes_to_a_database_and_back_without_a_change()
    {
        using var recorded = new RecordedLedger("0.1.0");
        using var database = PgCluster.Create(empty: true);
        var back = _folder.File("back.db");
        var facts = Facts(recorded.Session);
        Assert.True(facts.Count > 100, "The ledger holds too little to say anything.");

        Assert.Equal("PostgreSql", recorded.Session.Backups.CopyToDatabase(database.ConnectionString).Kind);
        using (var moved = LedgerSession.OpenDatabase(database.ConnectionString, new() { Clock = recorded.Clock }))
        {
            Assert.Equal(facts, Facts(moved));
            Assert.Equal(Exports(recorded.Session), Exports(moved));
            Assert.Equal(("Sqlite", back), (moved.Backups.CopyTo(back).Kind, back));
        }

        using var again = LedgerSession.Open(back, new() { Clock = recorded.Clock });
        Assert.Equal(facts, Facts(again));
        Assert.Equal(Exports(recorded.Session), Exports(again));
        Assert.Equal(RecordedLedger.Hashes(recorded.File), RecordedLedger.Hashes(back));
        Assert.Empty(again.Audit.Verify(TenantSelection.All));
    }

    [PgFact]
    [Trait("Rule", "U2")]
    public void Identities_that_a_file_has_not_indexed_yet_are_known_in_the_copy()
    {
        using var ledger = new TestLedger();
        ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));

        // An import that is killed before its end leaves its identities to the next one.
        using (Add(ledger.Session))
        {
        }

        using var database = new TestLedger(contoso: false, database: PgCluster.Create());
        ledger.Session.Backups.CopyToDatabase(database.Database!.ConnectionString);
        Assert.Empty(database.Verify());
        var usage = ledger.Session.Usage.GetRecords(TenantSelection.One(TestLedger.Contoso), new()).Select(record => record.ToString()).ToList();
        Assert.Equal(3, usage.Count);
        var path = _folder.File("again.db");
        database.Session.Backups.CopyTo(path);
        using var again = LedgerSession.Open(path, new() { Clock = ledger.Clock });
        foreach (var session in (LedgerSession[])[database.Session, again])
        {
            using var import = Add(session);
            var repeated = import.Complete();
            Assert.Equal((0L, 2L), (repeated.Imported, repeated.Duplicate));
            Assert.Empty(session.Audit.Verify(TenantSelection.All));
        }
    }

    [PgFact]
    public void Work_goes_on_in_the_copy()
    {
        using var ledger = new TestLedger(database: PgCluster.Create());
        ledger.AddRates();
        ledger.AddFunds(10m, key: "order-1");
        ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));
        var path = _folder.File("copy.db");
        ledger.Session.Backups.CopyTo(path);
        using var copy = LedgerSession.Open(path, new() { Clock = ledger.Clock });

        copy.Execute(new AddFunds(TestLedger.Contoso, 10m) { IdempotencyKey = "order-1" });
        copy.Execute(new AddFunds(TestLedger.Contoso, 1m));
        copy.Execute(new AddTenant("fabrikam.com", new()));
        var again = copy.Usage.Import(TestLedger.Contoso, _folder.Write("again.csv", Call.Csv([Call.Paid("a", "2026-03-01T10:00:00Z", 4m)])), new(), new RecordingObserver(), default);

        Assert.Equal((0L, 1L), (again.Imported, again.Duplicate));
        Assert.Equal(7m, copy.Funds.GetBalances(TenantSelection.One(TestLedger.Contoso)).Single().Balance);
        Assert.Equal(6m, ledger.Balance());
        Assert.Empty(copy.Audit.Verify(TenantSelection.All));
    }

    [PgFact]
    public void A_ledger_that_is_not_empty_is_refused_and_left()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(5m);
        using var full = new TestLedger(database: PgCluster.Create());
        full.AddFunds(7m);
        Refuses.With(CreditErrorId.LedgerNotEmpty, () => ledger.Session.Backups.CopyToDatabase(full.Database!.ConnectionString));
        Refuses.With(CreditErrorId.LedgerNotEmpty, () => full.Session.Backups.CopyTo(ledger.File));
        Refuses.With(CreditErrorId.LedgerNotEmpty, () => ledger.Session.Backups.CopyTo(ledger.File));
        Refuses.With(CreditErrorId.LedgerNotEmpty, () => full.Session.Backups.CopyToDatabase(full.Database!.ConnectionString));
        Assert.Equal((5m, 7m), (ledger.Balance(), full.Balance()));

        // One whose tenants were removed has a history all the same.
        using var emptied = new TestLedger(database: PgCluster.Create());
        emptied.Session.Execute(new RemoveTenant(TestLedger.Contoso));
        Refuses.With(CreditErrorId.LedgerNotEmpty, () => ledger.Session.Backups.CopyToDatabase(emptied.Database!.ConnectionString));
        Assert.Empty(full.Verify());
    }

    [Fact]
    public void What_does_not_verify_is_not_copied_and_leaves_no_file()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(5m);
        ledger.Put(TestLedger.Contoso, posting => posting.Entries.Add(new(
            new() { Sequence = 99, Kind = CreditTransactionKind.Setting, Actor = "mallory", Formula = 1 }, new byte[32])));
        var path = _folder.File("copy.db");
        Refuses.With(CreditErrorId.BackupNotValid, () => ledger.Session.Backups.CopyTo(path));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ledger.Session.Backups.CopyTo(path, stopped.Token));
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Refuses.With(CreditErrorId.LedgerNotFound, () => ledger.Session.Backups.CopyTo(Path.Combine(_folder.Path, "none", "copy.db")));
    }

    [Fact]
    public void A_file_is_copied_to_a_file()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(5m);
        var path = _folder.File("copy.db");
        ledger.Session.Backups.CopyTo(path);
        Assert.Equal(RecordedLedger.Hashes(ledger.File), RecordedLedger.Hashes(path));
    }

    [PgFact]
    public void A_backup_of_a_database_is_a_ledger_in_a_file()
    {
        using var ledger = new TestLedger(database: PgCluster.Create());
        ledger.AddFunds(5m);
        ledger.Import(Call.Paid("a", "2026-03-01T10:00:00Z", 4m));
        ledger.SetClock("2027-04-01T00:00:00Z");
        var path = _folder.File("backup.db");
        ledger.Session.Backups.BackUp(path);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        using var backup = LedgerSession.Open(path, new() { ReadOnly = true, Clock = ledger.Clock });
        Assert.Equal(Facts(ledger.Session), Facts(backup));
        Assert.Empty(backup.Audit.Verify(TenantSelection.All));
    }

    [PgFact]
    [Trait("Rule", "R11")]
    public void A_backup_of_either_kind_is_restored_into_the_other()
    {
        using var database = new TestLedger(database: PgCluster.Create());
        using var file = new TestLedger();
        foreach (var (from, to, amount) in new[] { (database, file, 5m), (file, database, 50m) })
        {
            from.AddFunds(amount);
            from.SetRule(minimum: 1, amount: 10);
            to.AddFunds(1m);
            var before = to.Balance();
            var path = _folder.File($"backup-of-{from.Session.Describe().Kind}.db");
            from.Session.Backups.BackUp(path);

            using var other = to.Open();
            var restored = to.Session.Backups.Restore(path);

            Assert.Equal((from.Balance(), 1), (to.Balance(), restored.HeldRules));
            Assert.Equal(CreditAutoRecharge.Paused, to.Rule().State);
            Assert.Empty(to.Verify());
            using (var replaced = LedgerSession.Open(restored.Replaced, new() { ReadOnly = true, Clock = to.Clock }))
                Assert.Equal(before, replaced.Funds.GetBalances(TenantSelection.One(TestLedger.Contoso)).Single().Balance);

            // A session that was open all the time goes on with what is there now.
            other.Execute(new AddFunds(TestLedger.Contoso, 1m));
            Assert.Equal(from.Balance() + 1m, to.Balance());
            to.Session.Execute(new Ledger.Recharge.Operations.SetRechargeRuleEnabled(TestLedger.Contoso, enabled: true));
            Assert.Empty(to.Verify());
        }

        Assert.Single(Directory.GetFiles(_folder.Path, "*.replaced-*"));
    }

    [PgFact]
    public void A_file_that_is_no_ledger_replaces_nothing_in_a_database()
    {
        using var ledger = new TestLedger(database: PgCluster.Create());
        ledger.AddFunds(5m);
        Refuses.With(CreditErrorId.BackupNotValid, () => ledger.Session.Backups.Restore(_folder.Write("notes.db", new string('x', 500))));
        Refuses.With(CreditErrorId.BackupNotValid, () => ledger.Session.Backups.Restore(_folder.File("none.db")));
        Assert.Equal(5m, ledger.Balance());
        Assert.Equal(["notes.db"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    private static UsageObjectImport Add(LedgerSession session)
    {
        var import = session.Usage.ImportObjects(TestLedger.Contoso, new() { OnConflict = ConflictAction.Correct }, new RecordingObserver());
        foreach (var (id, charge) in new[] { ("a", "5"), ("b", "3") })
        {
            import.Begin();
            foreach (var (name, value) in new[]
            {
                ("id", id), ("startDateTime", "2026-03-01T10:00:00Z"), ("duration", "60"), ("callType", "user_out"), ("charge", charge), ("currency", "USD"),
                ("calleeNumber", "+12065550100"),
            })
                import.Set(name, value);
            import.End();
        }

        import.Flush();
        return import;
    }

    private static List<string> Facts(LedgerSession ledger) => [.. LedgerFacts.Of(ledger, RecordedLedger.Months)];

    private List<string> Exports(LedgerSession ledger) =>
    [
        .. Enum.GetValues<CreditExportFormat>().Select(format =>
        {
            var path = _folder.File($"{Guid.NewGuid():N}.export");
            ledger.Reports.ExportLedger(path, format, TenantSelection.All, force: false, default);
            var content = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
            File.Delete(path);
            return $"{format} {content}";
        }),
    ];
}
