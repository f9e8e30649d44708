using System.Diagnostics;
using System.Globalization;
using CommunicationsCredits.Ledger.Recharge;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.TestHost;
using CommunicationsCredits.Ledger.Tests.Support;
using Xunit.Abstractions;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

/// <summary>
/// Real processes on one ledger, with a gateway that is a program: killed at random moments, and several at once.
/// </summary>
public sealed class RechargeProcessTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How many kills; the environment can ask for more than the usual ten.</summary>
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("CREDITS_TEST_KILLS"), CultureInfo.InvariantCulture, out var kills)
            ? kills
            : 10;

    [Fact]
    [Trait("Rule", "R5")]
    public async Task Killed_at_any_moment_of_imports_and_recharges_the_book_and_the_ledger_agree_after_a_run()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        using var setup = Setup(target: 200);
        var book = setup.Book;
        var (open, charged) = (0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Some charges take a while, before or after they are made, so that a kill meets every stage.
            book.Plan([.. Enumerable.Range(0, 20).Select(_ => random.Chance(50) ? "succeed" : $"slow {random.Next(1, 200)}")]);
            using (var importer = HostProgram.Start(
                "recharge", setup.File, setup.Configuration, TestLedger.Contoso, $"{kill}", "1000"))
            {
                Assert.Equal("ready", await importer.StandardOutput.ReadLineAsync());
                await Task.Delay(random.Next(0, 2500));
                importer.Kill();
                await importer.WaitForExitAsync();
            }

            using var ledger = LedgerSession.Open(setup.File, new() { ConfigurationFolder = setup.Configuration });
            var before = ledger.Recharges.GetAttempts(TenantSelection.All).ToList();
            if (before.SingleOrDefault(IsOpen) is { } unsettled)
            {
                open++;
                charged += book.Charges().Any(charge => charge.AttemptId == unsettled.AttemptId) ? 1 : 0;
            }

            ledger.Recharges.Run(TestLedger.Contoso, force: false);

            Assert.DoesNotContain(ledger.Recharges.GetAttempts(TenantSelection.All), IsOpen);
            book.AssertAgrees(ledger);
        }

        using var end = LedgerSession.Open(setup.File);
        output.WriteLine(
            $"{Kills} kills; {open} left an attempt open, {charged} of them charged already; {book.Charges().Count} charges of "
            + $"{book.Charges().Sum(charge => charge.Amount)} in the book and in the ledger; "
            + $"{end.Usage.GetImports(TenantSelection.All).Count()} imports; "
            + $"{book.Requests().Count(asked => asked.Count() > 1)} requests resent");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1500)]
    [Trait("Rule", "R5")]
    public async Task Eight_processes_importing_into_one_tenant_never_have_two_attempts_open_and_keep_the_caps(int? perDay)
    {
        const int Processes = 8;
        const int Files = 6;
        using var setup = Setup(target: 120, perCharge: 300, perDay: perDay);
        var clock = Stopwatch.StartNew();
        var importers = Enumerable.Range(0, Processes)
            .Select(i => HostProgram.Start(
                "recharge", setup.File, setup.Configuration, TestLedger.Contoso, $"{i}", $"{Files}")).ToList();
        foreach (var importer in importers)
        {
            var (output, error) = (importer.StandardOutput.ReadToEndAsync(), importer.StandardError.ReadToEndAsync());
            await importer.WaitForExitAsync();
            Assert.True(importer.ExitCode == 0, await error);
            Assert.Empty(await error);
            Assert.Equal(Files + 1, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
            importer.Dispose();
        }

        using var ledger = LedgerSession.Open(setup.File, new() { ConfigurationFolder = setup.Configuration });
        while (ledger.Funds.GetBalances(TenantSelection.All).Single().Balance < 100 && ledger.Recharges.Run(TestLedger.Contoso, force: false)
            is [{ State: AutoRechargeAttemptState.Succeeded }])
        {
            // A cap per charge makes several runs of one gap.
        }

        var attempts = ledger.Recharges.GetAttempts(TenantSelection.All).ToList();
        var paid = attempts.Where(attempt => attempt.State == AutoRechargeAttemptState.Succeeded).ToList();
        Assert.DoesNotContain(attempts, IsOpen);
        Assert.All(paid.Zip(paid.Skip(1)), pair => Assert.True(pair.First.SettledAt <= pair.Second.StartedAt));
        Assert.All(paid, attempt => Assert.True(attempt.Amount <= 300));
        setup.Book.AssertAgrees(ledger);
        Assert.Equal(Processes * Files, ledger.Usage.GetImports(TenantSelection.All).Count());
        Assert.Equal(Processes * Files * 5, ledger.Usage.CountRecords(TenantSelection.All, new()));
        var balance = ledger.Funds.GetBalances(TenantSelection.All).Single().Balance;
        if (perDay is { } most)
        {
            Assert.All(
                paid.GroupBy(attempt => attempt.StartedAt.UtcDateTime.Date),
                day => Assert.True(day.Sum(attempt => attempt.Amount) <= most));
        }
        else
        {
            Assert.True(balance >= 100);
        }

        output.WriteLine(
            $"{Processes} processes, {Processes * Files} imports in {clock.Elapsed.TotalSeconds:0.0} s; {paid.Count} charges of "
            + $"{paid.Sum(attempt => attempt.Amount)}, balance {balance}");
    }

    private static ProcessSetup Setup(decimal target, decimal? perCharge = null, decimal? perDay = null)
    {
        var setup = new ProcessSetup();
        using var ledger = LedgerSession.Open(setup.File, new() { ConfigurationFolder = setup.Configuration });
        ledger.Execute(new AddTenant(TestLedger.Contoso, new()));
        ledger.Recharges.RegisterGateway(HostProgram.Gateway("psp", setup.BookFolder, Patience));
        ledger.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Gateway = "psp", Token = RechargeSetup.Token });
        ledger.Execute(new SetRechargeRule(TestLedger.Contoso)
        {
            MinimumBalance = 100,
            TargetBalance = target,
            MaximumPerCharge = perCharge,
            MaximumPerDay = perDay,
            PaymentMethod = "card",
        });
        return setup;
    }

    private static bool IsOpen(AutoRechargeAttempt attempt) =>
        attempt.State is AutoRechargeAttemptState.Pending or AutoRechargeAttemptState.Unknown;

    private sealed class ProcessSetup : IDisposable
    {
        private readonly TempFolder _folder = new();

        public ProcessSetup() => Book = new(BookFolder);

        public string File => _folder.File("ledger.db");

        public string Configuration => _folder.File("configuration");

        public string BookFolder => _folder.File("book");

        public GatewayBook Book { get; }

        public void Dispose() => _folder.Dispose();
    }
}
