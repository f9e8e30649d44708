using System.Globalization;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Simulation;

/// <summary>What must not matter, does not: when forfeitures are booked, and in what order records arrive.</summary>
public sealed class HistoryPropertyTests
{
    [Fact]
    [Trait("Rule", "F6")]
    public void Booking_forfeitures_early_or_late_changes_no_balance_and_no_lot()
    {
        using var ledger = new TestLedger(contoso: false);
        for (var seed = 1; seed <= 10; seed++)
        {
            SimulationTests.Seeded(seed, () =>
            {
                using var late = new SimulatedHistory(ledger, seed, onlyMoney: true);
                late.Run(Enumerable.Range(0, 20));
                using var early = new SimulatedHistory(ledger, seed, onlyMoney: true, booksEveryStep: true);
                early.Run(Enumerable.Range(0, 20));

                Assert.Equal(ledger.Remaining(late.Tenant), ledger.Remaining(early.Tenant));
                Assert.Equal(
                    ledger.Debts(late.Tenant).Select(debt => debt.Unpaid), ledger.Debts(early.Tenant).Select(debt => debt.Unpaid));
                foreach (var lot in late.Model.Lots)
                {
                    foreach (var at in (DateTimeOffset[])[lot.PurchasedAt, lot.ExpiresAt.AddTicks(-1), lot.ExpiresAt])
                        Assert.Equal(BalanceAt(ledger, late.Tenant, at), BalanceAt(ledger, early.Tenant, at));
                }

                Assert.True(ledger.Entries(early.Tenant).Count > ledger.Entries(late.Tenant).Count);
            });
        }
    }

    [Fact]
    [Trait("Rule", "F6")]
    public void With_lots_of_one_lifetime_and_priority_the_order_in_which_records_arrive_changes_nothing()
    {
        using var ledger = new TestLedger(contoso: false);
        for (var seed = 1; seed <= 10; seed++)
        {
            SimulationTests.Seeded(seed, () =>
            {
                var random = new SeededRandom(seed);
                var begin = TestLedger.At("2024-01-01T00:00:00Z");

                // Two years of purchases as they are made, and of calls that arrive up to 60 days late.
                var funds = Enumerable.Range(0, random.Next(3, 9))
                    .Select(_ => (At: begin.AddHours(random.Next(0, 24 * 700)), Amount: random.Next(1, 2000) / 100m)).ToList();
                var calls = Enumerable.Range(0, random.Next(10, 40))
                    .Select(i => Call.Paid($"r{i}", begin.AddHours(random.Next(0, 24 * 700)), random.Next(0, 900) / 100m)).ToList();
                var outcomes = new List<string>();
                for (var order = 0; order < 3; order++)
                {
                    var tenant = string.Create(CultureInfo.InvariantCulture, $"t{seed}-{order}");
                    ledger.Clock.Now = begin;
                    ledger.AddTenant(tenant);
                    var events = calls.Select(call => (
                            At: TestLedger.At(call.Start).AddHours(order == 0 ? 0 : random.Next(0, 24 * 60)),
                            Do: (Action)(() => ledger.Import(Call.Csv([call]), tenant: tenant))))
                        .Concat(funds.Select(lot => (lot.At, Do: (Action)(() => ledger.AddFunds(lot.Amount, tenant: tenant)))));
                    foreach (var (at, act) in events.OrderBy(happens => happens.At))
                    {
                        ledger.Clock.Now = at;
                        act();
                    }

                    ledger.Clock.Now = begin.AddDays(800);
                    outcomes.Add(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{string.Join(' ', ledger.Remaining(tenant))} {string.Join(' ', Enumerable.Range(0, 40).Select(i => BalanceAt(ledger, tenant, begin.AddDays(i * 30))))}"));
                    Assert.Empty(ledger.Session.Audit.Verify(TenantSelection.One(tenant)));
                }

                Assert.Equal(outcomes[0], outcomes[1]);
                Assert.Equal(outcomes[0], outcomes[2]);
            });
        }
    }

    private static decimal BalanceAt(TestLedger ledger, string tenant, DateTimeOffset at) =>
        ledger.Session.Funds.GetBalances(TenantSelection.One(tenant), at).Single().Balance;
}
