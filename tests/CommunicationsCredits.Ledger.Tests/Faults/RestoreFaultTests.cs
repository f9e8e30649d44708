using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;
using Xunit.Abstractions;

namespace CommunicationsCredits.Ledger.Tests.Faults;

/// <summary>
/// Whatever a disk does in whichever operation of a restore, and wherever the program ends in it: the ledger is whole, as it was or as the copy is,
/// and a second restore succeeds. <see cref="FaultLoop"/> says how one is tried again.
/// </summary>
[Trait("Rule", "R11")]
public sealed class RestoreFaultTests(ITestOutputHelper output)
{
    private const decimal Before = 123m;
    private const decimal Copied = 100m;

    [Theory]
    [InlineData(FileFault.Fails)]
    [InlineData(FileFault.Partial)]
    [InlineData(FileFault.Full)]
    [InlineData(FileFault.Ends)]
    public void A_restore_that_breaks_off_leaves_the_ledger_as_it_was_or_as_the_copy_is(FileFault fault) =>
        FaultLoop.Some(Count(), fault, output, plan => !EndsAsCopy(plan));

    [Fact]
    [Trait("Tier", "Prove")]
    public void Every_operation_of_a_restore_may_go_wrong() => FaultLoop.All("restore", "restores", Count(), plan => !EndsAsCopy(plan));

    [Fact]
    public void What_a_disk_loses_of_the_draft_is_no_fault_of_the_copy()
    {
        // Until the draft is verified; what is lost of the ledger itself nobody can tell at once.
        var found = 0;
        for (var n = 1; n <= 40; n++)
        {
            using var ledger = new TestLedger();
            var backup = BackUp(ledger);
            var entries = ledger.Entries();
            var plan = new FaultPlan(n, FileFault.Lost);
            using (FaultyFiles.Follow(ledger.Folder.Path, plan))
            {
                if (Record.Exception(() => ledger.Session.Backups.Restore(backup)) is not { } problem)
                    continue;
                var refused = Assert.IsType<CreditException>(problem);
                Assert.True(refused.ErrorId == CreditErrorId.LedgerUnreadable, $"n = {n}: {refused.ErrorId}, {refused.Message}");
                Assert.Contains(".restored", refused.Message, StringComparison.Ordinal);
                found++;
            }

            Assert.Equal(entries, ledger.Entries());
            Assert.Empty(ledger.Verify());
            Assert.Equal(Copied, Restored(ledger, backup));
        }

        output.WriteLine($"n = 1 … 40: {found} found");
        Assert.True(found > 5, $"Only {found} of the lost writes were noticed.");
    }

    private static int Count()
    {
        var whole = new FaultPlan(0, FileFault.None);
        Assert.True(EndsAsCopy(whole));
        return whole.Count;
    }

    private static string BackUp(TestLedger ledger)
    {
        var backup = ledger.Folder.File("backup.db");
        ledger.AddFunds(Copied);
        ledger.Session.Backups.BackUp(backup);
        ledger.AddFunds(Before - Copied);
        return backup;
    }

    private static decimal Restored(TestLedger ledger, string backup)
    {
        ledger.SetClock("2026-03-15T12:00:01Z");
        ledger.Session.Backups.Restore(backup);
        Assert.Empty(ledger.Verify());
        return ledger.Balance();
    }

    /// <returns>Whether the ledger was the copy when it was opened again.</returns>
    private static bool EndsAsCopy(FaultPlan plan)
    {
        using var ledger = new TestLedger();
        var backup = BackUp(ledger);
        var entries = ledger.Entries().Count;

        using (FaultyFiles.Follow(ledger.Folder.Path, plan))
        {
            try
            {
                ledger.Session.Backups.Restore(backup);
            }
            catch (CreditException problem) when (plan.Happened && problem.ErrorId is CreditErrorId.LedgerFull or CreditErrorId.LedgerUnreadable)
            {
                // The disk is named, and what of it failed.
                Assert.DoesNotContain("not an error", problem.Message, StringComparison.Ordinal);
            }
            catch (CreditException problem) when (plan.Happened && problem.ErrorId == CreditErrorId.BackupNotValid)
            {
                // Only if it is the copy that could not be read.
                Assert.Contains($"'{backup}' cannot be read (unable to open", problem.Message, StringComparison.Ordinal);
            }

            plan.End();
            ledger.Session.Dispose();
        }

        ledger.Reopen();
        Assert.Empty(ledger.Verify());
        var isCopy = ledger.Balance() == Copied;
        Assert.Equal(isCopy ? (Copied, entries - 1) : (Before, entries), (ledger.Balance(), ledger.Entries().Count));

        // What is kept under a name of its own is whole.
        foreach (var replaced in Directory.GetFiles(ledger.Folder.Path, "*.replaced-*.db"))
        {
            using var kept = LedgerSession.Open(replaced, new() { ReadOnly = true });
            Assert.Empty(kept.Audit.Verify(TenantSelection.All));
        }

        Assert.Equal(Copied, Restored(ledger, backup));
        return isCopy;
    }
}
