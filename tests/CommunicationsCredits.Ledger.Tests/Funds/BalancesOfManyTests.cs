using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Funds;

/// <summary>Balances of many tenants come out of the same few queries, and are those of each tenant by itself.</summary>
public sealed class BalancesOfManyTests
{
    private static readonly string[] Tenants = [TestLedger.Contoso, "fabrikam.com", "adatum.com", "empty.example"];

    [Theory]
    [Trait("Rule", "F8")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void As_of_any_instant_they_are_those_of_each_tenant(int seed)
    {
        using var ledger = new TestLedger();
        Compare(ledger, seed);
    }

    [PgFact]
    [Trait("Rule", "F8")]
    public void As_of_any_instant_they_are_those_of_each_tenant_of_a_database()
    {
        using var ledger = new TestLedger(database: PgCluster.Create());
        Compare(ledger, 4);
    }

    [Fact]
    [Trait("Rule", "T1")]
    public void A_name_that_is_taken_is_refused_wherever_in_a_long_batch_it_comes()
    {
        using var ledger = new TestLedger();
        ledger.AddTenant("known.example", new() { Name = "Known" });
        string[] ids = [.. Enumerable.Range(1, 12).Select(number => $"t{number}.example"), "KNOWN", "contoso.COM", "late.example", "T3.example", "called.example"];
        var outcomes = ledger.Session.Execute<CreditTenant>([.. ids.Select((id, i) => new AddTenant(id, new() { Name = i == 14 ? "Called" : i == 16 ? "called" : null }))]);

        Assert.Equal([12, 13, 15, 16], outcomes.Index().Where(outcome => outcome.Item.Error?.ErrorId == CreditErrorId.TenantExists).Select(outcome => outcome.Index));
        Assert.Equal(15, ledger.Session.Tenants.Count());
        Assert.Empty(ledger.Verify());
    }

    private static void Compare(TestLedger ledger, int seed)
    {
        var random = new SeededRandom(seed);
        foreach (var tenant in Tenants[1..])
            ledger.AddTenant(tenant);
        for (var step = 0; step < 40; step++)
        {
            // The clock runs ahead now and then, and is set back.
            ledger.Clock.Now += TimeSpan.FromHours(random.Chance(10) ? 24 * 300 : random.Chance(15) ? -24 * 40 : random.Next(1, 60));
            var tenant = Tenants[random.Next(3)];
            if (random.Chance(40))
                ledger.AddFunds(random.Next(1, 90), tenant: tenant, expiresAt: random.Chance(50) ? $"{ledger.Clock.Now.AddDays(random.Next(1, 60)):yyyy-MM-ddTHH:mm:ssZ}" : null);
            else
                ledger.Import(Call.Csv([Call.Paid($"r{step}", $"{ledger.Clock.Now.AddHours(-random.Next(1, 500)):yyyy-MM-ddTHH:mm:ssZ}", random.Next(1, 50))]), tenant: tenant);
        }

        for (var step = 0; step < 30; step++)
        {
            var at = ledger.Clock.Now.AddHours(random.Next(-24 * 400, 24 * 30));
            var all = ledger.Session.Funds.GetBalances(TenantSelection.All, at).ToList();
            Assert.Equal(4, all.Count);
            foreach (var balance in all)
                Assert.Equal(ledger.Session.Funds.GetBalances(TenantSelection.One(balance.TenantId), at).Single(), balance);
        }
    }
}
