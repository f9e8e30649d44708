using System.Globalization;
using System.IO.Compression;
using System.Text;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Processes;

/// <summary>An import that is killed at any moment and run again (U6). LEDGER_KILLS raises the number of kills (200, before a release).</summary>
public sealed class KillTests
{
    private const string Now = "2026-06-01T00:00:00Z";
    private const int Members = 60;
    private const int RowsAMember = 30;

    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("LEDGER_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 20;

    [Fact]
    [Trait("Rule", "U6")]
    public async Task An_import_that_is_killed_at_any_moment_and_run_again_ends_as_an_undisturbed_one()
    {
        using var undisturbed = Prepare();
        var expected = undisturbed.ImportFile(undisturbed.Folder.File("usage.zip"), new() { NoRecharge = true });
        Assert.Equal((Members * RowsAMember, 0), (expected.Result.Read, expected.Result.Rejected));
        var ledgerThen = Describe(undisturbed);

        var random = new SeededRandom(Environment.TickCount);
        int killed = 0, midway = 0;
        var longest = 300;
        while (killed < Kills || (midway == 0 && killed < 5 * Kills))
        {
            using var ledger = Prepare();
            ledger.Session.Dispose();
            for (var finished = false; !finished;)
            {
                using var host = new HostProcess("import", ledger.File, Now, TestLedger.Contoso, ledger.Folder.File("usage.zip"));
                if (killed < Kills || midway == 0)
                {
                    await host.WaitUntilReady();
                    await Task.Delay(random.Next(0, longest));
                    finished = !await host.Kill();
                    killed += finished ? 0 : 1;
                    longest = finished ? Math.Max(20, longest * 9 / 10) : longest;
                }
                else
                {
                    await host.Finish();
                    finished = true;
                }

                if (!finished)
                {
                    // On a busy machine an import takes longer to begin, on a quiet one less long to end.
                    var hit = IsMidway(ledger);
                    midway += hit ? 1 : 0;
                    longest = hit ? longest : Math.Min(5_000, longest * 5 / 4);
                }
            }

            ledger.Reopen();
            Assert.Equal(ledgerThen, Describe(ledger));
            Assert.Empty(ledger.Verify());
        }

        // Otherwise the kills proved nothing: some have to hit between the first batch and the last.
        Assert.True(midway > 0, "No kill hit an import midway.");
    }

    /// <summary>A ledger with lots that have expired and others that have not, one forfeiture booked, and an export of many batches.</summary>
    private static TestLedger Prepare()
    {
        var ledger = new TestLedger("2026-02-01T00:00:00Z");
        ledger.AddRates();
        ledger.AddFunds(40m, "2026-01-01", "2026-03-01");
        ledger.AddFunds(60m, "2026-01-15", "2026-05-01");
        ledger.SetClock("2026-03-10T00:00:00Z");
        ledger.AddFunds(100m, "2026-03-01");
        ledger.SetClock(Now);
        using var zip = ZipFile.Open(ledger.Folder.File("usage.zip"), ZipArchiveMode.Create);
        var random = new SeededRandom(6);
        for (var member = 0; member < Members; member++)
        {
            // Each member is a batch, and so a commit, of its own.
            var calls = Enumerable.Range(0, RowsAMember).Select(row => new Call
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{member}-{row}"),
                Start = TestLedger.At("2026-02-01").AddMinutes(random.Next(0, 160_000)).ToString("O", CultureInfo.InvariantCulture),
                Charge = random.Chance(70) ? (random.Next(0, 40) / 100m).ToString(CultureInfo.InvariantCulture) : "",
                To = random.Pick(["+12065550100", "+442079460000", "+4930123456", "911"]),
                Type = random.Pick(["user_out", "user_out", "user_in", "dr_out"]),
            });
            using var stream = zip.CreateEntry($"PSTN.calls.{member}.csv").Open();
            stream.Write(Encoding.UTF8.GetBytes(Call.Csv(calls)));
        }

        return ledger;
    }

    private static bool IsMidway(TestLedger ledger)
    {
        ledger.Reopen();
        var records = ledger.Usage().Count;
        ledger.Session.Dispose();
        Assert.Equal(0, records % RowsAMember);
        return records is > 0 and < Members * RowsAMember;
    }

    /// <summary>Amounts, lots, debts and the order of the entries; not the times of posting, nor the imports.</summary>
    private static string Describe(TestLedger ledger)
    {
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{ledger.Balance()}") };
        lines.AddRange(ledger.Remaining().Select(left => string.Create(CultureInfo.InvariantCulture, $"lot {left}")));
        lines.AddRange(ledger.Debts().Select(debt => string.Create(CultureInfo.InvariantCulture, $"debt {debt.Unpaid}")));

        // Of money only (U6): each run that was killed is named by an entry of its own.
        lines.AddRange(ledger.Money().Select(entry => string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Kind} {entry.Amount} {entry.BalanceAfter} {entry.EffectiveAt:O} {entry.Reference} {entry.Description}")));
        lines.AddRange(ledger.Usage().Select(record => record.Values(nameof(record.ImportId))));
        return string.Join('\n', lines);
    }
}
