using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Storage.Sqlite;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Backup;

/// <summary>A backup is a ledger that verifies, or there is none.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    private string Target => _ledger.Folder.File("backup.db");

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void A_backup_is_the_ledger_as_it_was_in_one_file()
    {
        _ledger.AddRates();
        _ledger.AddFunds(100);
        _ledger.Import(new Call { Id = "first" }, new Call { Id = "second" });
        var entries = _ledger.Entries().Select(entry => entry.ToString()).ToList();

        _ledger.Session.Backups.BackUp(Target);
        _ledger.AddFunds(7);

        Assert.Equal([Target], Directory.GetFiles(_ledger.Folder.Path, "backup*"));
        using var copy = LedgerSession.Open(Target, new() { ReadOnly = true });
        Assert.Empty(copy.Audit.Verify(TenantSelection.All));
        Assert.Equal(entries, copy.Funds.GetTransactions(TenantSelection.All, new()).Select(entry => entry.ToString()));
        Assert.Equal(entries.Count + 1, _ledger.Entries().Count);
    }

    [Fact]
    public void A_backup_can_be_written_to_like_any_ledger()
    {
        _ledger.AddFunds(100);
        _ledger.Session.Backups.BackUp(Target);

        using var copy = LedgerSession.Open(Target, new() { Clock = _ledger.Clock });
        copy.Execute(new AddFunds(TestLedger.Contoso, 5));

        Assert.Equal(105, copy.Funds.GetBalances(TenantSelection.All).Single().Balance);
        Assert.Equal(100, _ledger.Balance());
        Assert.Empty(copy.Audit.Verify(TenantSelection.All));
    }

    [Fact]
    public async Task Backups_taken_while_another_session_writes_hold_what_was_committed()
    {
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
        try
        {
            for (var i = 0; i < 5; i++)
            {
                var before = Volatile.Read(ref posted);
                _ledger.Session.Backups.BackUp(Target, force: true);
                using var copy = LedgerSession.Open(Target, new() { ReadOnly = true });
                Assert.Empty(copy.Audit.Verify(TenantSelection.All));
                Assert.InRange(copy.Funds.GetBalances(TenantSelection.All).Single().Balance, before, Volatile.Read(ref posted) + 1);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writer;
        }

        Assert.Equal(posted, _ledger.Balance());
    }

    [Fact]
    public void A_file_that_is_there_is_left_alone_without_force()
    {
        File.WriteAllText(Target, "mine");

        Refuses.With(CreditErrorId.FileExists, () => _ledger.Session.Backups.BackUp(Target));
        Assert.Equal("mine", File.ReadAllText(Target));

        _ledger.Session.Backups.BackUp(Target, force: true);
        using var copy = LedgerSession.Open(Target, new() { ReadOnly = true });
        Assert.Single(copy.Tenants.GetTenants(TenantSelection.All));
    }

    [Fact]
    public void The_ledger_itself_and_one_that_is_open_are_never_overwritten()
    {
        _ledger.AddFunds(5);
        using (LedgerSession.Open(Target))
        {
            Refuses.With(CreditErrorId.FileExists, () => _ledger.Session.Backups.BackUp(Target, force: true));
            Refuses.With(CreditErrorId.FileExists, () => _ledger.Session.Backups.BackUp(_ledger.File, force: true));
        }

        Assert.Equal(5, _ledger.Balance());
    }

    [Fact]
    public void A_ledger_that_does_not_verify_has_no_backup()
    {
        _ledger.AddFunds(100);
        using (var raw = new SqliteStoreConnection(_ledger.File, readOnly: false))
            raw.Execute("UPDATE entry SET amount = amount + 1 WHERE amount > 0");
        
        var error = Refuses.With(CreditErrorId.BackupNotValid, () => _ledger.Session.Backups.BackUp(Target));
        Assert.Contains(TestLedger.Contoso, error.Message, StringComparison.Ordinal);

        Assert.Empty(Directory.GetFiles(_ledger.Folder.Path, "backup*"));
    }

    [Fact]
    public void A_folder_that_is_not_there_leaves_nothing()
    {
        Assert.Throws<DirectoryNotFoundException>(() => _ledger.Session.Backups.BackUp(Path.Combine(_ledger.Folder.Path, "none", "backup.db")));
    }

    [Fact]
    public void Stopped_it_leaves_no_file()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.Throws<OperationCanceledException>(() => _ledger.Session.Backups.BackUp(Target, cancellation: stopped.Token));
        Assert.Empty(Directory.GetFiles(_ledger.Folder.Path, "backup*"));
    }
}
