using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Tests.Usage;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Storage.PostgreSql;

/// <summary>A call is known again in a database too, where its identity is kept with it (U2, U3).</summary>
public sealed class PgIdentityTests
{
    [PgFact]
    [Trait("Rule", "U3")]
    public void What_was_corrected_is_known_from_then_on()
    {
        using var ledger = PgStoreTests.OpenLedger();
        IdentityTests.KnowsCorrections(ledger, _ => { });
    }

    [PgFact]
    [Trait("Rule", "C1")]
    public void An_undo_in_between_changes_nothing_about_what_is_known()
    {
        using var ledger = PgStoreTests.OpenLedger();
        IdentityTests.KnowsWhatWasUndone(ledger, _ => { });
    }

    [PgFact]
    [Trait("Rule", "U6")]
    public async Task Two_imports_of_one_file_at_once_keep_each_call_once()
    {
        using var ledger = PgStoreTests.OpenLedger();
        await IdentityTests.KeepsEachCallOnce(ledger, () => { });
    }

    [PgFact]
    [Trait("Rule", "U2")]
    public void Whatever_came_before_the_newest_record_of_an_identity_is_found()
    {
        using var ledger = PgStoreTests.OpenLedger();
        IdentityTests.FindsTheNewest(ledger, random =>
        {
            if (random.Chance(20))
                PgCluster.Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{ledger.Database!.Name}'");
        });
    }

    [PgTheory]
    [Trait("Rule", "U2")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_is_known_again_where_its_import_was_lost_in_a_commit(bool arrives)
    {
        const int count = (5 * UsageBatch.Capacity) + 500;
        using var ledger = PgStoreTests.OpenLedger();
        using var line = new CutLine(ledger.Database!.ConnectionString);
        using var lost = LedgerSession.OpenDatabase(line.ConnectionString, new() { Clock = ledger.Clock });
        var file = ledger.Folder.Write("lost.csv", Call.Csv(IdentityTests.Calls(0, count)));
        var isCutting = false;
        var observer = new RecordingObserver
        {
            OnProgress = _ =>
            {
                if (isCutting || Kept() == 0)
                    return;
                isCutting = true;
                line.CutAt(PgStoreTests.Commit, arrives, forGood: true);
            },
        };
        using (lost.StopWaiting())
            Refuses.With(CreditErrorId.LedgerUnreachable, () => lost.Usage.Import(TestLedger.Contoso, file, new(), observer, CancellationToken.None));

        // The commit in doubt happens meanwhile, or not.
        var again = ledger.ImportFile(file).Result;
        Assert.InRange(again.Duplicate, UsageBatch.Capacity, count - 1);
        Assert.Equal(0, again.Duplicate % UsageBatch.Capacity);
        Assert.Equal(count, again.Imported + again.Duplicate);
        Assert.Equal(-count, ledger.Balance());
        Assert.Empty(ledger.Verify());

        long Kept() => ledger.Session.Usage.CountRecords(TenantSelection.One(TestLedger.Contoso), new());
    }
}
