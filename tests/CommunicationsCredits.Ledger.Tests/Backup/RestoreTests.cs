using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Recorded;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Backup;

/// <summary>A restored ledger is an older one: it says so, charges nobody by itself, and what it replaced is not lost (R11).</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    private string Backup => _ledger.Folder.File("backup.db");

    public void Dispose() => _ledger.Dispose();

    [Fact]
    [Trait("Rule", "R11")]
    public void Restoring_brings_back_what_was_and_keeps_what_is_replaced()
    {
        _ledger.AddFunds(100);
        var entries = _ledger.Entries();
        _ledger.Session.Backups.BackUp(Backup);
        var bytes = File.ReadAllBytes(Backup);
        _ledger.AddFunds(23);
        _ledger.AddTenant("fabrikam.com");

        var restored = _ledger.Session.Backups.Restore(Backup);

        Assert.Equal(entries, _ledger.Entries());
        Assert.Equal((100, 1), (_ledger.Balance(), restored.Ledger.TenantCount));
        Assert.Empty(_ledger.Verify());
        Assert.Equal(bytes, File.ReadAllBytes(Backup));
        Assert.Empty(Directory.GetFiles(_ledger.Folder.Path, "*.part*"));
        using var replaced = LedgerSession.Open(restored.Replaced, new() { ReadOnly = true });
        Assert.Equal(123, replaced.Funds.GetBalances(TenantSelection.One(TestLedger.Contoso)).Single().Balance);
        Assert.Equal(2, replaced.Tenants.GetTenants(TenantSelection.All).Count());
    }

    [Fact]
    [Trait("Rule", "H1b")]
    public void The_ledgers_own_chain_says_that_it_was_restored_and_from_what()
    {
        _ledger.AddFunds(100);
        _ledger.Session.Backups.BackUp(Backup);

        _ledger.Session.Backups.Restore(Backup);

        using var raw = new SqliteStoreConnection(_ledger.File, readOnly: true);
        using var select = raw.Prepare("SELECT kind, description FROM ledger_entry ORDER BY sequence DESC LIMIT 1");
        Assert.True(select.Step());
        Assert.Equal((long)Ledger.Posting.LedgerEntryKind.Restored, select.Int64(0));
        Assert.StartsWith("Restored from a copy of 2026-03-15T12:00:00Z", select.Text(1), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R11")]
    public void Rules_are_paused_until_they_are_enabled_again()
    {
        _ledger.SetRule(minimum: 10, amount: 50);
        _ledger.AddFunds(20);
        _ledger.Session.Backups.BackUp(Backup);

        Assert.Equal(1, _ledger.Session.Backups.Restore(Backup).HeldRules);

        Assert.Equal(CreditAutoRecharge.Paused, _ledger.Rule().State);
        Assert.Equal("restored from a copy of 2026-03-15T12:00:00Z", _ledger.Rule().LastFailure);
        _ledger.Spend(15);
        Assert.Null(_ledger.Recharge(force: true));
        Assert.Equal("recharge paused: restored from a copy of 2026-03-15T12:00:00Z", _ledger.BalanceOf().Attention!.Split(", ")[0]);

        // Neither funds nor a change of the rule let it go on.
        _ledger.AddFunds(1);
        _ledger.SetRule(minimum: 10, amount: 60);
        Assert.Equal(CreditAutoRecharge.Paused, _ledger.Rule().State);

        _ledger.Session.Execute(new SetRechargeRuleEnabled(TestLedger.Contoso, enabled: true));
        Assert.Equal(60, _ledger.Recharge()!.Amount);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    [Trait("Rule", "R11")]
    public void Recharges_that_the_copy_does_not_have_are_listed()
    {
        _ledger.SetRule(minimum: 10, amount: 50);
        _ledger.Spend(1, "a");
        var first = _ledger.Recharge()!;
        _ledger.Session.Backups.BackUp(Backup);
        _ledger.Spend(55, "b");
        var second = _ledger.Recharge()!;

        var restored = _ledger.Session.Backups.Restore(Backup);

        Assert.Equal([second], restored.MissingAttempts);
        Assert.Equal([first], _ledger.Attempts());
    }

    [Fact]
    [Trait("Rule", "R11")]
    public void Nothing_that_was_raised_before_is_sent()
    {
        _ledger.AddFunds(5);
        _ledger.Spend(6);
        Assert.Contains(_ledger.Notices(), notice => notice.Status == CreditNotificationStatus.Pending);
        _ledger.Session.Backups.BackUp(Backup);

        _ledger.Session.Backups.Restore(Backup);

        Assert.All(_ledger.Notices(), notice => Assert.Equal(CreditNotificationStatus.Failed, notice.Status));
        using var snapshot = _ledger.Session.Store.BeginRead();
        Assert.Empty(snapshot.Notifications.Waiting());
    }

    [Fact]
    public void A_session_that_has_the_ledger_open_sees_the_restored_one_and_writes_to_it()
    {
        using var other = _ledger.Open();
        _ledger.AddRates();
        _ledger.Import(new Call { Id = "a" });
        _ledger.Session.Backups.BackUp(Backup);
        _ledger.AddRates("Prefix,Price / min\n1,9\n", from: "2026-01-01");
        other.Execute(new AddFunds(TestLedger.Contoso, 5));

        _ledger.Session.Backups.Restore(Backup);
        other.Execute(new AddFunds(TestLedger.Contoso, 7));

        Assert.Single(_ledger.Session.Rates.GetRateSheets(), sheet => sheet.Currency == "USD");
        Assert.Equal(7, _ledger.Session.Funds.GetFunds(TenantSelection.All, includeSpent: true).Single().Amount);
        Assert.Empty(_ledger.Verify());
        Assert.Empty(other.Audit.Verify(TenantSelection.All));
    }

    [Fact]
    public async Task Who_writes_meanwhile_goes_on_with_the_restored_ledger_and_what_was_written_is_kept()
    {
        _ledger.AddFunds(100);
        _ledger.Session.Backups.BackUp(Backup);
        using var stop = new CancellationTokenSource();
        using var other = _ledger.Open();
        var posted = 0;
        var writer = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                other.Execute(new AddFunds(TestLedger.Contoso, 1));
                Interlocked.Increment(ref posted);
            }
        });
        decimal kept = 0;
        try
        {
            for (var i = 0; i < 3; i++)
            {
                var before = Volatile.Read(ref posted);
                while (Volatile.Read(ref posted) == before && !writer.IsCompleted)
                    await Task.Yield();
                var replaced = _ledger.Session.Backups.Restore(Backup).Replaced;
                using (var old = LedgerSession.Open(replaced, new() { ReadOnly = true }))
                {
                    Assert.Empty(old.Audit.Verify(TenantSelection.All));
                    kept += old.Funds.GetBalances(TenantSelection.All).Single().Balance - 100;
                }

                File.Delete(replaced);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writer;
        }

        // Each is either in the ledger, or in one that was replaced.
        Assert.Equal(posted, kept + _ledger.Balance() - 100);
        Assert.Empty(_ledger.Verify());
    }

    [Fact]
    public void A_file_that_is_no_ledger_is_refused_and_nothing_changes()
    {
        _ledger.AddFunds(100);
        File.WriteAllText(Backup, new string('x', 5000));
        Refuse("not a ledger");
        File.WriteAllBytes(Backup, []);
        Refuse("empty");
        File.Delete(Backup);
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Backup};Pooling=False"))
        {
            other.Open();
            using var create = other.CreateCommand();
            create.CommandText = "CREATE TABLE mine (a)";
            create.ExecuteNonQuery();
        }

        Refuse("another program's");
        File.Delete(Backup);
        Refuse("no such file");
        Refuses.With(CreditErrorId.BackupNotValid, () => _ledger.Session.Backups.Restore(_ledger.File));
    }

    [Fact]
    public void A_copy_that_does_not_verify_is_refused()
    {
        _ledger.AddFunds(100);
        _ledger.Session.Backups.BackUp(Backup);
        using (var raw = new SqliteStoreConnection(Backup, readOnly: false))
            raw.Execute("UPDATE entry SET amount = amount + 1 WHERE amount > 0");

        Refuse("does not verify");
    }

    [Theory]
    [InlineData("0.1.0", 4096)]
    [InlineData("0.1.0", 8192)]
    public void A_ledger_of_an_older_version_is_brought_up_to_date_on_the_way(string version, int pageSize)
    {
        RecordedLedger.Write(version, Backup);
        long last;
        using (var raw = new SqliteStoreConnection(Backup, readOnly: false))
        {
            raw.Execute($"PRAGMA page_size = {pageSize}; VACUUM");
            last = raw.Scalar("SELECT max(posted_at) FROM account")!.Value;
        }

        var bytes = File.ReadAllBytes(Backup);

        var restored = _ledger.Session.Backups.Restore(Backup);

        Assert.Empty(_ledger.Verify());
        Assert.Equal(RecordedLedger.Lines(version, "hashes.txt"), RecordedLedger.Hashes(_ledger.File));
        Assert.Equal(bytes, File.ReadAllBytes(Backup));
        Assert.Equal(new DateTimeOffset(last, TimeSpan.Zero), restored.CopiedAt);
        Assert.All(_ledger.Session.Recharges.GetRules(TenantSelection.All), rule => Assert.StartsWith("restored from a copy of ", rule.LastFailure, StringComparison.Ordinal));
        Assert.Equal(_ledger.Session.Recharges.GetRules(TenantSelection.All).Count(), restored.HeldRules);
    }

    [Fact]
    public void A_ledger_of_a_newer_schema_is_refused()
    {
        _ledger.AddFunds(100);
        _ledger.Session.Backups.BackUp(Backup);
        using (var raw = new SqliteStoreConnection(Backup, readOnly: false))
            raw.Execute("PRAGMA user_version = 99");

        var error = Refuses.With(CreditErrorId.LedgerTooNew, () => _ledger.Session.Backups.Restore(Backup));
        Assert.Contains(Backup, error.Message, StringComparison.Ordinal);
        Assert.Equal(100, _ledger.Balance());
    }

    [Fact]
    public void A_ledger_that_is_open_for_reading_only_is_not_replaced()
    {
        _ledger.Session.Backups.BackUp(Backup);
        using var reader = _ledger.Open(readOnly: true);

        Refuses.With(CreditErrorId.LedgerReadOnly, () => reader.Backups.Restore(Backup));
    }

    [Fact]
    public void A_ledger_that_is_damaged_can_be_replaced()
    {
        _ledger.AddFunds(100);
        _ledger.Session.Backups.BackUp(Backup);
        using (var raw = new SqliteStoreConnection(_ledger.File, readOnly: false))
            raw.Execute("UPDATE entry SET amount = amount + 1 WHERE amount > 0");
        Assert.NotEmpty(_ledger.Verify());

        _ledger.Session.Backups.Restore(Backup);

        Assert.Empty(_ledger.Verify());
        Assert.Equal(100, _ledger.Balance());
    }

    private void Refuse(string reason)
    {
        var error = Refuses.With(CreditErrorId.BackupNotValid, () => _ledger.Session.Backups.Restore(Backup));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(Backup, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".part", error.Message, StringComparison.Ordinal);
        Assert.Equal(100, _ledger.Balance());
        Assert.Empty(Directory.GetFiles(_ledger.Folder.Path, "*.part*"));
        Assert.Empty(Directory.GetFiles(_ledger.Folder.Path, "*replaced*"));
    }
}
