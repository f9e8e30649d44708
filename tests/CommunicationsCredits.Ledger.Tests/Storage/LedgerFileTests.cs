using System.Reflection;
using System.Text;
using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Posting;
using CommunicationsCredits.Ledger.Storage;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Storage;

/// <summary>The file: what is opened, what is refused, and that nothing is half written.</summary>
public sealed class LedgerFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    [Trait("Rule", "targets.md: Access")]
    public void A_new_ledger_and_its_log_are_readable_by_their_owner_only()
    {
        using var ledger = LedgerSession.Open(_folder.File("new.db"));
        ledger.Execute(new AddTenant("a", new()));

        Assert.Equal(("Sqlite", _folder.File("new.db"), 1, false), (
            ledger.Describe().Kind, ledger.Location, ledger.Describe().TenantCount, ledger.Describe().ReadOnly));
        Assert.Equal(LedgerStore.NewestSchema, ledger.Describe().SchemaVersion);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(["new.db", "new.db-shm", "new.db-wal"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        foreach (var file in Directory.GetFiles(_folder.Path))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    [Trait("Rule", "surface.md: paths")]
    public void A_folder_a_missing_folder_and_a_missing_file_to_read_are_named()
    {
        Refuses.With(CreditErrorId.LedgerUnreadable, () => LedgerSession.Open(_folder.Path));
        Refuses.With(CreditErrorId.LedgerNotFound, () => LedgerSession.Open(Path.Combine(_folder.Path, "none", "ledger.db")));
        Refuses.With(CreditErrorId.LedgerNotFound, () => LedgerSession.Open(_folder.File("none.db"), new() { ReadOnly = true }));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    [Trait("Rule", "targets.md: Reliability")]
    public void Another_program_s_database_is_left_untouched()
    {
        var path = _folder.Write("other.db", []);
        using (var other = new SqliteStoreConnection(path, readOnly: false))
            other.Execute("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')");
        var before = File.ReadAllBytes(path);

        var error = Refuses.With(CreditErrorId.LedgerUnreadable, () => LedgerSession.Open(path));

        Assert.Contains("another program's database", error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.Target);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [Trait("Rule", "targets.md: Reliability")]
    [InlineData("These are my notes, and no ledger at all.")]
    [InlineData("xy")]
    [InlineData("SQLite format 3")]
    public void A_file_that_is_no_database_is_left_untouched(string text)
    {
        var path = _folder.Write("notes.txt", string.Concat(Enumerable.Repeat(text, text.Length < 20 ? 1 : 100)));
        var before = File.ReadAllBytes(path);

        Refuses.With(CreditErrorId.LedgerUnreadable, () => LedgerSession.Open(path));
        Refuses.With(CreditErrorId.LedgerUnreadable, () => LedgerSession.Open(path, new() { ReadOnly = true }));

        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    [Trait("Rule", "architecture.md: migrations")]
    public void An_empty_file_becomes_a_ledger()
    {
        using var ledger = LedgerSession.Open(_folder.Write("empty.db", []));

        Assert.Equal(0, ledger.Describe().TenantCount);
    }

    [Fact]
    [Trait("Rule", "architecture.md: migrations")]
    public void A_ledger_newer_than_the_module_is_refused_untouched()
    {
        var path = Filled();
        using (var raw = new SqliteStoreConnection(path, readOnly: false))
            raw.Execute($"PRAGMA user_version = {LedgerStore.NewestSchema + 1}; PRAGMA wal_checkpoint(TRUNCATE)");
        var before = File.ReadAllBytes(path);

        var error = Refuses.With(CreditErrorId.LedgerTooNew, () => LedgerSession.Open(path));
        Refuses.With(CreditErrorId.LedgerTooNew, () => LedgerSession.Open(path, new() { ReadOnly = true }));

        Assert.Contains("update the module", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    [Trait("Rule", "architecture.md: migrations")]
    public void The_ledger_of_the_first_schema_is_brought_up_to_date_with_all_it_holds()
    {
        // The first schema as it was released: its script, an account, and the chain's first entries.
        var path = _folder.Write("old.db", []);
        using (var raw = new SqliteStoreConnection(path, readOnly: false))
        {
            raw.Execute("PRAGMA journal_mode = WAL; " + FirstMigration());
            raw.Execute("PRAGMA application_id = 1128493668; PRAGMA user_version = 1");
            raw.Execute("INSERT INTO tenant VALUES (1, 'a', 'A', 'a', 'USD', 'US', '', NULL, NULL, 0, 638000000000000000)");
            raw.Execute($"INSERT INTO account VALUES (1, 0, x'{new string('0', 64)}', 0, 0, 0, 0, 0, 0)");
        }

        Refuses.With(CreditErrorId.LedgerUnreadable, () => LedgerSession.Open(path, new() { ReadOnly = true }));
        using var ledger = LedgerSession.Open(path);
        ledger.Execute(new AddFunds("a", 5m));

        Assert.Equal(LedgerStore.NewestSchema, ledger.Describe().SchemaVersion);
        Assert.Equal(5m, ledger.Funds.GetBalances(TenantSelection.One("a")).Single().Balance);
        Assert.Empty(ledger.Audit.Verify(TenantSelection.All));
    }

    [Fact]
    [Trait("Rule", "targets.md: Reliability")]
    public void A_truncated_ledger_is_named_and_never_crashes()
    {
        var path = Filled();
        var whole = File.ReadAllBytes(path);
        for (var part = 1; part < 20; part++)
        {
            var length = (int)((long)whole.Length * part / 20);
            var cut = _folder.Write($"cut-{part}.db", whole[..length]);

            AssertDamageIsNamed(cut);

            // To open it may recover a log, but never makes it longer or another program's.
            Assert.True(new FileInfo(cut).Length <= whole.Length + 65536);
        }
    }

    [Fact]
    [Trait("Rule", "targets.md: Reliability")]
    public void An_overwritten_ledger_is_named_and_never_crashes()
    {
        var path = Filled();
        var whole = File.ReadAllBytes(path);
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new SeededRandom(seed);
            var bytes = (byte[])whole.Clone();
            var start = random.Next(bytes.Length);
            for (var i = start; i < Math.Min(bytes.Length, start + random.Next(1, 6000)); i++)
                bytes[i] = (byte)random.Next(256);

            AssertDamageIsNamed(_folder.Write("overwritten.db", bytes), $"seed {seed}");
            File.Delete(_folder.File("overwritten.db-wal"));
            File.Delete(_folder.File("overwritten.db-shm"));
        }
    }

    [Fact]
    [Trait("Rule", "surface.md: -ReadOnly")]
    public void A_ledger_opened_for_reading_is_read_and_not_written()
    {
        var path = Filled();
        using var ledger = LedgerSession.Open(path, new() { ReadOnly = true });

        Assert.True(ledger.ReadOnly);
        Assert.Equal(12m, ledger.Funds.GetBalances(TenantSelection.One("a"), TestLedger.At("2026-03-16")).Single().Balance);
        Assert.Empty(ledger.Audit.Verify(TenantSelection.All));
        Refuses.With(CreditErrorId.LedgerReadOnly, () => ledger.Execute(new AddFunds("a", 1m)));
        Refuses.With(CreditErrorId.LedgerReadOnly, () => ledger.Usage.Rate("a", false, default));
    }

    [UnprivilegedFact]
    [Trait("Rule", "targets.md: Reliability")]
    public void A_file_that_cannot_be_written_is_named()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = Filled();
        File.SetUnixFileMode(path, UnixFileMode.UserRead);

        using (var reading = LedgerSession.Open(path, new() { ReadOnly = true }))
            Assert.Equal(2, reading.Tenants.GetTenants(TenantSelection.All).Count());
        var error = Assert.Throws<CreditException>(() =>
        {
            using var ledger = LedgerSession.Open(path);
            ledger.Execute(new AddFunds("a", 1m));
        });
        Assert.Contains(error.ErrorId, (CreditErrorId[])[CreditErrorId.LedgerReadOnly, CreditErrorId.LedgerUnreadable]);
        File.SetUnixFileMode(path, UnixFileMode.None);
        Refuses.With(CreditErrorId.LedgerUnreadable, () => LedgerSession.Open(path));
    }

    [Fact]
    [Trait("Rule", "targets.md: Reliability")]
    public void A_full_disk_is_named_and_the_ledger_before_is_intact()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(100m, "2026-01-01");
        var before = (ledger.Entries(), ledger.Remaining());
        var writer = Writer(ledger.Session);
        writer.Execute($"PRAGMA max_page_count = {writer.Scalar("PRAGMA page_count") + 3}");
        var calls = Enumerable.Range(0, 3000).Select(i => Call.Paid($"{i}", "2026-03-01T00:00:00Z", 0.01m)).ToArray();
        var path = ledger.Folder.Write("usage.csv", Call.Csv(calls));

        Refuses.With(CreditErrorId.LedgerFull, () => ledger.ImportFile(path));
        Refuses.With(CreditErrorId.LedgerFull, () => ledger.Session.Execute(
            Enumerable.Range(0, 3000).Select(LedgerOperation<CreditFunds> (_) => new AddFunds(TestLedger.Contoso, 1m) { Reference = new('x', 200) }).ToList()));

        Assert.Equal(before.Item1, ledger.Entries());
        Assert.Equal(before.Item2, ledger.Remaining());
        Assert.Empty(ledger.Verify());

        // With room again, it goes on as if nothing had been.
        writer.Execute("PRAGMA max_page_count = 1000000");
        Assert.Equal(3000, ledger.ImportFile(path).Result.Imported);
        Assert.Equal(70m, ledger.Balance());
        Assert.Empty(ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "targets.md: Reliability")]
    public void A_lock_that_another_program_keeps_is_named_and_nothing_is_changed()
    {
        using var ledger = new TestLedger();
        Writer(ledger.Session).BusyTimeout = TimeSpan.FromMilliseconds(20);
        using (var other = new SqliteStoreConnection(ledger.File, readOnly: false))
        {
            other.Execute("BEGIN IMMEDIATE");
            Refuses.With(CreditErrorId.LedgerBusy, () => ledger.AddFunds(1m));

            // Readers are not blocked by it.
            Assert.Equal(0m, ledger.Balance());
            other.Execute("ROLLBACK");
        }

        ledger.AddFunds(1m);
        Assert.Equal(1m, ledger.Balance());
    }

    [Fact]
    [Trait("Rule", "architecture.md: sessions")]
    public void A_session_may_be_used_by_several_threads_and_a_reader_sees_one_state()
    {
        using var ledger = new TestLedger();
        ledger.AddTenant("b");

        Parallel.For(0, 120, new() { MaxDegreeOfParallelism = 6 }, i =>
        {
            if (i % 3 == 0)
            {
                // One commit adds to both, so no reader sees them apart.
                ledger.Session.Execute<CreditFunds>([new AddFunds(TestLedger.Contoso, 1m), new AddFunds("b", 1m)]);
            }
            else
            {
                var balances = ledger.Session.Funds.GetBalances(TenantSelection.All).Select(balance => balance.Balance).ToList();
                Assert.Equal(balances[0], balances[1]);
            }
        });

        Assert.Equal((40m, 40m), (ledger.Balance(), ledger.Balance(tenant: "b")));
        Assert.Empty(ledger.Verify());
    }

    [Theory]
    [Trait("Rule", "surface.md: LedgerCorrupt")]
    [InlineData("PRAGMA user_version = -1", "schema -1")]
    [InlineData("PRAGMA user_version = 0", "schema 0")]
    [InlineData("PRAGMA user_version = 3", "already exists")]
    [InlineData("DROP TABLE draw", "column tenant of table draw")]
    [InlineData("DROP INDEX attempt_open", "index attempt_open")]
    [InlineData("ALTER TABLE usage DROP COLUMN destination", "column destination of table usage")]
    [InlineData("ALTER TABLE lot RENAME TO lots", "of table lot")]
    public void A_ledger_whose_schema_was_changed_is_damaged(string change, string named)
    {
        var path = Filled();
        using (var raw = new SqliteStoreConnection(path, readOnly: false))
            raw.Execute(change + "; PRAGMA wal_checkpoint(TRUNCATE)");
        var before = File.ReadAllBytes(path);

        var error = Refuses.With(CreditErrorId.LedgerCorrupt, () => LedgerSession.Open(path));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [UnixFact]
    [Trait("Rule", "surface.md: LedgerNotFound")]
    public void A_ledger_that_is_deleted_or_replaced_while_it_is_open_is_not_written_any_more()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(1m);
        File.Copy(ledger.File, ledger.Folder.File("other.db"));
        File.Move(ledger.Folder.File("other.db"), ledger.File, overwrite: true);
        AssertGone();
        File.Delete(ledger.File);
        AssertGone();
        Assert.False(File.Exists(ledger.File));

        void AssertGone()
        {
            Refuses.With(CreditErrorId.LedgerNotFound, () => ledger.AddFunds(100m));
            Refuses.With(CreditErrorId.LedgerNotFound, () => ledger.Balance());
        }
    }

    [UnixFact]
    [Trait("Rule", "surface.md: LedgerNotFound")]
    public void What_was_written_to_a_deleted_ledger_is_never_reported_as_done()
    {
        using var ledger = new TestLedger();
        using var facts = ledger.Session.Store.BeginFacts();
        var state = facts.Load([Needs.Of(TestLedger.Contoso)])[0]!;
        using var transaction = ledger.Session.Store.BeginWrite([state.Tenant.Number]);
        transaction.Write(new TenantPosting
        {
            Tenant = state.Tenant with { Name = "another" },
            IsTenantChanged = true,
            Before = state.Account,
            After = state.Account,
        });
        File.Delete(ledger.File);

        Refuses.With(CreditErrorId.LedgerNotFound, transaction.Commit);
    }

    [UnixFact]
    [Trait("Rule", "surface.md: LedgerCorrupt")]
    public void A_ledger_that_is_cut_while_it_is_open_is_not_written_any_more()
    {
        using var ledger = new TestLedger();
        ledger.AddFunds(1m);
        ledger.Session.Store.LeaveNoTrace();
        ledger.AddFunds(1m);
        using (var file = File.OpenWrite(ledger.File))
            file.SetLength(file.Length / 2);

        Refuses.With(CreditErrorId.LedgerCorrupt, () => ledger.AddFunds(100m));
    }

    [Fact]
    [Trait("Rule", "surface.md: LedgerCorrupt")]
    public void A_ledger_that_another_program_compacts_while_it_is_open_is_written_as_before()
    {
        using var ledger = new TestLedger();
        var calls = Enumerable.Range(0, 3000).Select(i => Call.Paid($"{i}", "2026-03-01T00:00:00Z", 0.01m)).ToArray();
        ledger.ImportFile(ledger.Folder.Write("usage.csv", Call.Csv(calls)));
        ledger.Session.Store.LeaveNoTrace();
        ledger.AddFunds(1m);
        var before = new FileInfo(ledger.File).Length;
        using (var other = new SqliteStoreConnection(ledger.File, readOnly: false))
            other.Execute("DELETE FROM usage_key; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");

        ledger.AddFunds(1m);

        Assert.True(new FileInfo(ledger.File).Length < before);
    }

    [Fact]
    [Trait("Rule", "targets.md: Reliability")]
    public async Task A_writer_that_waits_is_next_even_if_the_one_before_begins_again_at_once()
    {
        using var ledger = new TestLedger();
        using var import = new SqliteStoreConnection(ledger.File, readOnly: false);
        using var small = new SqliteStoreConnection(ledger.File, readOnly: false);
        var turns = new List<string>();
        import.Begin(writes: true);
        var waiting = Task.Run(() =>
        {
            small.Begin(writes: true);
            turns.Add("small");
            small.Commit();
        });

        // The place is taken once the file is there and locked, which are two moments.
        while (!IsLocked(ledger.File + "-queue"))
            await Task.Yield();

        import.Commit();
        import.Begin(writes: true);
        turns.Add("import");
        import.Commit();
        await waiting;

        Assert.Equal(["small", "import"], turns);
        Assert.False(File.Exists(ledger.File + "-queue"));
    }

    private static bool IsLocked(string file)
    {
        try
        {
            using var free = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    [Fact]
    [Trait("Rule", "targets.md: Reliability")]
    public void A_place_in_the_queue_that_a_killed_process_left_holds_nobody_up()
    {
        using var ledger = new TestLedger();
        ledger.Folder.Write("ledger.db-queue", []);

        ledger.AddFunds(1m);

        Assert.Equal(1m, ledger.Balance());
        Assert.False(File.Exists(ledger.File + "-queue"));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The connection that writes, to make its disk full or its patience short.</summary>
    private static SqliteStoreConnection Writer(LedgerSession session)
    {
        var readers = (StoreReaders)typeof(SqliteStore).GetField("_writer", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(session.Store)!;
        return (SqliteStoreConnection)readers.Connection;
    }

    private static string FirstMigration()
    {
        var assembly = typeof(SqliteStore).Assembly;
        var name = assembly.GetManifestResourceNames().Single(name => name.EndsWith("001-ledger.sql", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static void AssertDamageIsNamed(string path, string? seed = null)
    {
        try
        {
            using var ledger = LedgerSession.Open(path);
            _ = ledger.Audit.Verify(TenantSelection.All).ToList();
            ledger.Execute(new AddFunds("a", 1m));
        }
        catch (CreditException error)
        {
            Assert.True(
                error.ErrorId is CreditErrorId.LedgerCorrupt or CreditErrorId.LedgerUnreadable or CreditErrorId.LedgerTooNew
                    or CreditErrorId.TenantNotFound or CreditErrorId.TenantClosed, $"{seed}: {error.ErrorId} {error.Message}");
        }
    }

    /// <summary>A closed ledger with a tenant, funds and calls, all of it in the one file.</summary>
    private string Filled()
    {
        var path = _folder.File("filled.db");
        using (var ledger = new TestLedger())
        {
            ledger.AddRates();
            ledger.AddTenant("a");
            ledger.AddFunds(15m, "2026-01-01", tenant: "a");
            ledger.Import(Call.Csv(Enumerable.Range(0, 300).Select(i => Call.Paid($"{i}", "2026-03-01T00:00:00Z", 0.01m))), tenant: "a");
            ledger.Session.Dispose();
            File.Copy(ledger.File, path, overwrite: true);
        }

        return path;
    }
}

/// <summary>A fact about file rights, which the superuser does not have: skipped by name for him, and on Windows.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute() => Skip = OperatingSystem.IsWindows() ? "File modes are not Windows's."
        : Environment.IsPrivilegedProcess ? "The superuser may read and write every file." : null;
}
