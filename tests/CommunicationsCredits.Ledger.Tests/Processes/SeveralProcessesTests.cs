using System.Globalization;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Processes;

/// <summary>Several processes on one ledger at once.</summary>
public sealed class SeveralProcessesTests
{
    private const string Now = "2026-06-01T00:00:00Z";

    [Fact]
    [Trait("Rule", "H1")]
    public async Task Six_processes_that_create_fill_and_import_into_one_ledger_at_once_lose_nothing()
    {
        // The ledger does not exist yet: they create it together, too.
        using var folder = new TempFolder();
        var path = folder.File("ledger.db");
        string Usage(int first) => folder.Write(
            $"usage-{first}.csv",
            Call.Csv(Enumerable.Range(first, 600).Select(i => Call.Paid($"r{i}", "2026-05-01T00:00:00Z", 0.01m))));
        string[][] jobs =
        [
            ["funds", path, Now, "a", "25", "x"], ["funds", path, Now, "a", "25", "y"], ["funds", path, Now, "b", "25", "x"],

            // The files overlap: what two processes bring at once is one record still.
            ["import", path, Now, "a", Usage(0)], ["import", path, Now, "a", Usage(300)], ["import", path, Now, "A", Usage(600)],
        ];

        var hosts = jobs.Select(job => new HostProcess(job)).ToList();
        try
        {
            var results = await Task.WhenAll(hosts.Select(host => host.Finish()));

            var counts = results[3..].Select(result => result.Split(' ').Select(count => int.Parse(count, CultureInfo.InvariantCulture)).ToArray()).ToList();
            Assert.Equal((1200, 600, 0), (counts.Sum(count => count[0]), counts.Sum(count => count[1]), counts.Sum(count => count[2])));
        }
        finally
        {
            hosts.ForEach(host => host.Dispose());
        }

        using var session = LedgerSession.Open(path, new() { Clock = new ManualClock(TestLedger.At(Now)) });
        Assert.Equal([50m - 12m, 25m], session.Funds.GetBalances(Ledger.Tenants.TenantSelection.All).Select(balance => balance.Balance));
        Assert.Empty(session.Audit.Verify(Ledger.Tenants.TenantSelection.All));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    [Trait("Rule", "targets.md: Reliability")]
    public async Task Processes_that_open_a_new_ledger_in_the_same_moment_see_no_error_and_lose_nothing()
    {
        using var folder = new TempFolder();
        const int Ledgers = 20;
        string[] tenants = ["a", "b", "c", "d"];
        var hosts = tenants.Select(tenant => new HostProcess("open", folder.Path, $"{Ledgers}", $"{tenants.Length}", tenant)).ToList();
        try
        {
            await Task.WhenAll(hosts.Select(host => host.Finish()));
        }
        finally
        {
            hosts.ForEach(host => host.Dispose());
        }

        for (var number = 0; number < Ledgers; number++)
        {
            using var session = LedgerSession.Open(folder.File($"{number}.db"));
            Assert.Equal([1m, 1m, 1m, 1m], session.Funds.GetBalances(Ledger.Tenants.TenantSelection.All).Select(balance => balance.Balance));
            Assert.Empty(session.Audit.Verify(Ledger.Tenants.TenantSelection.All));
        }
    }
}
