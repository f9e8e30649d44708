using CommunicationsCredits.Ledger.Funds.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Storage.PostgreSql;

/// <summary>Whoever stops a command does not wait for a server that is away.</summary>
public sealed class PgStopTests
{
    private const string Database = "stopped";

    /// <summary>Shorter than a server is waited for, and long enough for any machine.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(30);

    [PgFact]
    public async Task A_wait_for_a_server_that_is_away_is_ended_by_a_stop()
    {
        using var server = new PgServer();
        server.Execute($"CREATE DATABASE {Database}");
        using var session = LedgerSession.OpenDatabase(server.ConnectionString(Database), new() { Clock = new ManualClock(TestLedger.At("2026-03-15T12:00:00Z")) });
        session.Execute(new AddTenant(TestLedger.Contoso, new()));
        server.Stop();

        var waiting = Task.Factory.StartNew(Post, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.Delay(TimeSpan.FromMilliseconds(200));
        Assert.False(waiting.IsCompleted);
        using (session.StopWaiting())
        {
            Assert.Equal(CreditErrorId.LedgerUnreachable, (await waiting.WaitAsync(AtOnce)).ErrorId);
            using (session.StopWaiting())
                Post();

            // One command of the pipeline has ended, and the others are still to stop.
            Post();
        }

        server.Start();
        session.Execute(new AddFunds(TestLedger.Contoso, 2m));
        Assert.Equal(2m, session.Funds.GetBalances(TenantSelection.One(TestLedger.Contoso)).Single().Balance);

        CreditException Post() => Refuses.With(CreditErrorId.LedgerUnreachable, () => session.Execute(new AddFunds(TestLedger.Contoso, 1m)));
    }

    [PgTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stop_while_a_commit_is_in_doubt_says_so_and_the_same_again_posts_it_once(bool arrives)
    {
        using var ledger = PgStoreTests.OpenLedger();
        using var line = new CutLine(ledger.Database!.ConnectionString);
        using var session = LedgerSession.OpenDatabase(line.ConnectionString, new() { Clock = ledger.Clock });
        line.CutAt(PgStoreTests.Commit, arrives, forGood: true);

        var waiting = Task.Factory.StartNew(
            () => Refuses.With(CreditErrorId.LedgerUnreachable, () => session.Execute(Funds())),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!line.IsCut)
            await Task.Delay(1);
        using (session.StopWaiting())
            Assert.Contains("not known whether", (await waiting.WaitAsync(AtOnce)).Message, StringComparison.Ordinal);

        line.Mend();
        session.Execute(Funds());
        Assert.Equal(1m, ledger.Balance());
        Assert.Empty(ledger.Verify());

        static AddFunds Funds() => new(TestLedger.Contoso, 1m) { IdempotencyKey = "once" };
    }
}
