using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Recharge.Operations;
using CommunicationsCredits.Ledger.Tests.Support;
using Xunit.Abstractions;

namespace CommunicationsCredits.Ledger.Tests.Recharge;

/// <summary>
/// Random histories on real ledgers with a real gateway that misbehaves at random: whatever happens in whatever order, no cap is
/// passed, no two attempts are open, and the gateway's book and the ledger agree in the end. A seed repeats its history.
/// </summary>
public sealed class RechargeHistoryTests(ITestOutputHelper output)
{
    private const int Steps = 60;

    private static readonly string[] Behaviours =
    [
        "succeed", "succeed", "succeed", "decline", "decline", "pending", "charge-pending", "status 500", "charge-status 500",
        "charge-reset", "reset", "rubbish", "charge-rubbish", "status 404", "status 422",
    ];

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 24));

    [Theory]
    [MemberData(nameof(Seeds))]
    [Trait("Rule", "R4")]
    [Trait("Rule", "R5")]
    public void In_any_history_caps_hold_and_book_and_ledger_agree(int seed)
    {
        var random = new SeededRandom(seed);
        using var ledger = new TestLedger("2026-01-20T00:00:00Z");
        using var server = new GatewayServer();
        var gateway = server.Gateway();
        ledger.PayBy(gateway);
        var isFixed = random.Chance(50);
        var (perCharge, perDay, perMonth) = (Cap(random, 400), Cap(random, 600), Cap(random, 2000));
        ledger.SetRule(
            minimum: random.Next(0, 100), amount: isFixed ? random.Next(1, 120) : null,
            target: isFixed ? null : 100 + random.Next(1, 200),
            method: "card", perCharge: perCharge, perDay: perDay, perMonth: perMonth);

        for (var step = 0; step < Steps; step++)
        {
            var what = Step(ledger, server, gateway, random);
            output.WriteLine($"{ledger.Clock.Now:u} {what}: {ledger.Balance()}");
            Check(ledger, server, perCharge, perDay, perMonth);
        }

        // The gateway is well again; what is open is settled by the next run.
        server.Book.Plan();
        ledger.Session.Recharges.RegisterGateway(gateway);
        ledger.Recharge();
        Assert.DoesNotContain(ledger.Attempts(), IsOpen);
        server.Book.AssertAgrees(ledger.Session);
        Assert.Empty(server.Faults);
        CheckNotices(ledger);
    }

    private static string Step(TestLedger ledger, GatewayServer server, CreditGateway gateway, SeededRandom random)
    {
        switch (random.Next(14))
        {
            case 0 or 1 or 2 or 3:
                ledger.Import(
                    [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Call.Paid(
                        Guid.NewGuid().ToString(),
                        ledger.Clock.Now.AddHours(-random.Next(1, 40)),
                        random.Next(1, 9000) / 100m))]);
                return "import";
            case 4 or 5:
                ledger.Clock.Now += TimeSpan.FromMinutes(random.Next(1, 60 * 14));
                return "time";
            case 6:
                ledger.Clock.Now -= TimeSpan.FromMinutes(random.Next(1, 600));
                return "clock set back";
            case 7:
                ledger.Recharge(force: random.Chance(50));
                return "run";
            case 8:
                ledger.Session.Recharges.Maintain(TestLedger.Contoso, preview: false, _ => { });
                return "maintenance";
            case 9:
                server.Book.Plan([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Pick(Behaviours))]);
                return "gateway";
            case 10:
                ledger.Session.Recharges.RegisterGateway(random.Chance(50) ? gateway : gateway.With(new { Uri = new Uri("http://127.0.0.1:1/") }));
                return "address";
            case 11:
                ledger.Session.Execute(new SetRechargeRuleEnabled(TestLedger.Contoso, enabled: random.Chance(80)));
                return "enable or disable";
            case 12:
                ledger.Session.Execute(new SetPaymentMethod(TestLedger.Contoso, "card") { Token = $"tok_{random.Next(1000)}" });
                return "method";
            default:
                if (random.Chance(50))
                    ledger.AddFunds(random.Next(1, 50));
                else
                    ledger.Session.Execute(new AddAdjustment(TestLedger.Contoso, -random.Next(1, 50)));
                return "by hand";
        }
    }

    private static void Check(TestLedger ledger, GatewayServer server, decimal? perCharge, decimal? perDay, decimal? perMonth)
    {
        var attempts = ledger.Attempts();
        Assert.True(attempts.Count(IsOpen) <= 1);
        var counted = attempts.Where(attempt => IsOpen(attempt) || attempt.State == AutoRechargeAttemptState.Succeeded).ToList();
        if (perCharge is { } one)
            Assert.All(counted, attempt => Assert.True(attempt.Amount <= one));
        if (perDay is { } day)
            Assert.All(counted.GroupBy(attempt => attempt.StartedAt.UtcDateTime.Date),
                group => Assert.True(group.Sum(a => a.Amount) <= day));
        if (perMonth is { } month)
        {
            Assert.All(
                counted.GroupBy(attempt => (attempt.StartedAt.Year, attempt.StartedAt.Month)),
                group => Assert.True(group.Sum(a => a.Amount) <= month));
        }

        // What was charged is posted, or may still be; nothing else is posted, and each charge once.
        var paid = attempts.Where(attempt => attempt.State == AutoRechargeAttemptState.Succeeded).ToList();
        Assert.Equal(paid.Sum(attempt => attempt.Amount),
            ledger.Entries(CreditTransactionKind.Recharge).Sum(entry => entry.Amount));
        var charges = server.Book.Charges();
        Assert.All(charges, charge => Assert.Contains(counted, attempt => attempt.AttemptId == charge.AttemptId));
        Assert.All(paid, attempt => Assert.Single(charges, charge => charge.AttemptId == attempt.AttemptId));
    }

    private static void CheckNotices(TestLedger ledger)
    {
        var attempts = ledger.Attempts();
        var refused = attempts.Where(attempt => attempt.State == AutoRechargeAttemptState.Refused).ToList();
        Assert.Equal(refused.Count, ledger.Notices(CreditNotificationKind.RechargeCapped).Count);
        Assert.True(refused.Count(attempt => attempt.Reason == "MaximumPerCharge") <= 1);
        Assert.All(
            refused.Where(attempt => attempt.Reason == "MaximumPerDay").GroupBy(attempt => attempt.StartedAt.UtcDateTime.Date),
            group => Assert.Single(group));
        Assert.All(
            refused.Where(attempt => attempt.Reason == "MaximumPerMonth").GroupBy(
                attempt => (attempt.StartedAt.Year, attempt.StartedAt.Month)),
            group => Assert.Single(group));
        Assert.Equal(
            attempts.Count(attempt => attempt.State == AutoRechargeAttemptState.Succeeded),
            ledger.Notices(CreditNotificationKind.RechargeSucceeded).Count);
    }

    private static bool IsOpen(AutoRechargeAttempt attempt) =>
        attempt.State is AutoRechargeAttemptState.Pending or AutoRechargeAttemptState.Unknown;

    private static decimal? Cap(SeededRandom random, int most) => random.Chance(60) ? random.Next(20, most) : null;
}
