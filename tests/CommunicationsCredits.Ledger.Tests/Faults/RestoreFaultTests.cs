using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Simulation;
using CommunicationsCredits.Ledger.Tests.Support;
using Xunit.Abstractions;

namespace CommunicationsCredits.Ledger.Tests.Faults;

/// <summary>
/// Whatever a disk does in whichever operation of a restore, and wherever the program ends in it: the ledger is whole, as it was or as the copy is,
/// and a second restore succeeds. LEDGER_FAULT_SEED (0–6) says which seventh of the operations is tried, LEDGER_FAULT_N a single one.
/// </summary>
public sealed class RestoreFaultTests(ITestOutputHelper output)
{
    private const int Share = 7;
    private const decimal Before = 123m;
    private const decimal Copied = 100m;

    private static readonly int Seed = SimulationTests.Setting("LEDGER_FAULT_SEED", 3);
    private static readonly int Only = SimulationTests.Setting("LEDGER_FAULT_N", 0);

    [Theory]
    [Trait("Rule", "R11")]
    [InlineData(FileFault.Fails)]
    [InlineData(FileFault.Partial)]
    [InlineData(FileFault.Full)]
    [InlineData(FileFault.Ends)]
    public void A_restore_that_breaks_off_leaves_the_ledger_as_it_was_or_as_the_copy_is(FileFault fault)
    {
        var whole = new FaultPlan(0, FileFault.None);
        Assert.True(Try(whole));
        var (tried, stayed) = (0, 0);
        for (var n = Only > 0 ? Only : 1; n <= (Only > 0 ? Only : whole.Count); n++)
        {
            if (Only == 0 && n % Share != (Seed + (int)fault) % Share)
                continue;
            tried++;
            stayed += TryAt(n, fault) ? 0 : 1;
        }

        output.WriteLine($"n = 1 … {whole.Count}: {tried} tried, after {stayed} of them the ledger was as before");
        Assert.True(stayed > tried / 3, $"Only {stayed} of {tried} faults broke the restore off.");
    }

    [Fact]
    [Trait("Tier", "Prove")]
    [Trait("Rule", "R11")]
    public void Every_operation_of_a_restore_may_go_wrong()
    {
        var whole = new FaultPlan(0, FileFault.None);
        Assert.True(Try(whole));
        FileFault[] faults = [FileFault.Fails, FileFault.Partial, FileFault.Full, FileFault.Ends];
        var progress = new ProveProgress("restore", whole.Count * faults.Length);
        while (progress.GoesOn)
        {
            TryAt((progress.Done / faults.Length) + 1, faults[progress.Done % faults.Length]);
            progress.Advance(1, $"restores: n = 1 … {whole.Count}, each with 4 faults");
        }
    }

    private static bool TryAt(int n, FileFault fault)
    {
        try
        {
            return Try(new(n, fault));
        }
        catch (Exception problem)
        {
            Assert.Fail($"LEDGER_FAULT_N={n}, {fault}: {problem}");
            throw;
        }
    }

    /// <returns>Whether the ledger was the copy when it was opened again.</returns>
    private static bool Try(FaultPlan plan)
    {
        using var ledger = new TestLedger();
        var backup = ledger.Folder.File("backup.db");
        ledger.AddFunds(Copied);
        ledger.Session.Backups.BackUp(backup);
        ledger.AddFunds(Before - Copied);
        var entries = ledger.Entries().Count;

        using (FaultyFiles.Follow(ledger.Folder.Path, plan))
        {
            try
            {
                ledger.Session.Backups.Restore(backup);
            }
            catch (CreditException problem) when (plan.Happened
                && problem.ErrorId is CreditErrorId.LedgerFull or CreditErrorId.LedgerUnreadable or CreditErrorId.BackupNotValid or CreditErrorId.LedgerCorrupt)
            {
                // The caller sees the failed operation as one of these errors.
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

        ledger.SetClock("2026-03-15T12:00:01Z");
        ledger.Session.Backups.Restore(backup);
        Assert.Equal(Copied, ledger.Balance());
        Assert.Empty(ledger.Verify());
        return isCopy;
    }
}
