using System.Diagnostics;
using System.Globalization;
using CommunicationsCredits.Ledger.Pools.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;
using Xunit.Abstractions;
using static CommunicationsCredits.Ledger.Tests.Pools.PoolLedger;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>Who may still call, and why (S1–S3).</summary>
public sealed class ServiceGateTests(ITestOutputHelper output) : IDisposable
{
    private const string American = "+12065550100";
    private const string British = "+442071234567";
    private const string Zimbabwean = "+2634123456";

    private readonly TestLedger _ledger = new();

    public static TheoryData<CreditService> Services => new(Enum.GetValues<CreditService>());

    [Theory, MemberData(nameof(Services))]
    [Trait("Rule", "S1")]
    public void With_money_every_service_is_open_and_without_it_none_is(CreditService service)
    {
        var closed = _ledger.Ask(new() { Service = service });
        _ledger.AddFunds(0.01m);
        var open = _ledger.Ask(new() { Service = service });

        Assert.Equal((false, CreditServiceReason.BalanceExhausted, 0m), (closed.Allowed, closed.Reason, closed.Balance));
        Assert.Equal((true, CreditServiceReason.Credits, 0.01m), (open.Allowed, open.Reason, open.Balance));
        Assert.Equal(
            new CreditServiceAnswer
            {
                TenantId = "contoso.com", Service = service, Allowed = true, Reason = CreditServiceReason.Credits,
                TenantName = "contoso.com",
                    Balance = 0.01m,
                PoolMinutesLeft = 0, Currency = "USD",
            },
            open);
    }

    [Theory]
    [Trait("Rule", "S2")]
    [InlineData(CreditService.Domestic, "MCOPSTN1", 3000)]
    [InlineData(CreditService.Domestic, "MCOPSTN2", 3000)]
    [InlineData(CreditService.International, "MCOPSTN2", 600)]
    [InlineData(CreditService.International, "MCOPSTN9", 600)]
    [InlineData(CreditService.ConferenceDialOut, "ConferenceDialOut", 60)]
    public void Minutes_open_what_they_cover_without_money(CreditService service, string capability, int minutes)
    {
        _ledger.SetPool(capability, 1);

        var answer = _ledger.Ask(new() { Service = service });

        Assert.Equal((true, CreditServiceReason.Pool, minutes), (answer.Allowed, answer.Reason, answer.PoolMinutesLeft));
    }

    [Theory]
    [Trait("Rule", "S1")]
    [InlineData(CreditService.TollFreeInbound)]
    [InlineData(CreditService.ConferencePayPerMinute)]
    [InlineData(CreditService.International)]
    public void Minutes_open_nothing_else(CreditService service)
    {
        _ledger.SetPool("MCOPSTN1", 1);
        _ledger.SetPool("ConferenceDialOut", 1);

        Assert.Equal(CreditServiceReason.BalanceExhausted, _ledger.Ask(new() { Service = service }).Reason);
    }

    [Fact]
    [Trait("Rule", "S3")]
    public void A_pool_that_is_used_up_is_told_from_none()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 2);
        _ledger.AddFunds(1m, "2026-01-01");
        _ledger.Import(Out("a", 120));

        var paid = _ledger.Ask(new() { Service = CreditService.Domestic });
        _ledger.Import(Out("b", 60));
        var closed = _ledger.Ask(new() { Service = CreditService.Domestic });

        Assert.Equal((true, CreditServiceReason.Credits, 0m), (paid.Allowed, paid.Reason, paid.PoolMinutesLeft));
        Assert.Equal((false, CreditServiceReason.PoolExhausted), (closed.Allowed, closed.Reason));
    }

    [Fact]
    [Trait("Rule", "A3")]
    public void A_pool_that_closed_whole_is_used_up_for_both()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN2", 1, minutes: 2, international: 2);
        _ledger.Import(Abroad("a", 120, "MCOPSTN2"));

        foreach (var service in (CreditService[])[CreditService.Domestic, CreditService.International])
        {
            var answer = _ledger.Ask(new() { Service = service });
            Assert.Equal((CreditServiceReason.PoolExhausted, 0m), (answer.Reason, answer.PoolMinutesLeft));
        }
    }

    [Fact]
    [Trait("Rule", "S3")]
    public void A_closed_tenant_is_told_so_before_anything_else()
    {
        _ledger.SetPool("MCOPSTN1", 1);
        _ledger.AddFunds(1m);
        _ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { Status = CreditTenantStatus.Closed }));

        var answer = _ledger.Ask(new() { Service = CreditService.Domestic, Number = "+53123456789" });

        Assert.Equal((false, CreditServiceReason.TenantClosed), (answer.Allowed, answer.Reason));
    }

    [Fact]
    [Trait("Rule", "S3")]
    public void A_number_without_a_rate_is_told_so_whatever_money_and_minutes_there_are()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN9", 1);
        _ledger.AddFunds(1m);

        var answer = _ledger.Ask(new() { Number = "+4930123456" });

        Assert.Equal((false, CreditServiceReason.NoRate), (answer.Allowed, answer.Reason));
    }

    [Theory]
    [Trait("Rule", "S2")]
    [InlineData(American, CreditService.Domestic, CreditServiceReason.Pool, 10)]
    [InlineData(British, CreditService.International, CreditServiceReason.Pool, 5)]
    [InlineData("0044 (20) 7123 4567", CreditService.International, CreditServiceReason.Pool, 5)]
    public void A_number_tells_its_service(string number, CreditService service, CreditServiceReason reason, int left)
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN2", 1, minutes: 10, international: 5);

        var answer = _ledger.Ask(new() { Number = number });

        Assert.Equal((service, reason, left), (answer.Service, answer.Reason, answer.PoolMinutesLeft));
    }

    [Theory]
    [Trait("Rule", "S2")]
    [InlineData(British, "GB", CreditServiceReason.Pool)]
    [InlineData(Zimbabwean, "ZW", CreditServiceReason.BalanceExhausted)]
    [InlineData(British, "", CreditServiceReason.Pool)]
    [InlineData(Zimbabwean, "", CreditServiceReason.BalanceExhausted)]
    public void Dial_out_minutes_are_for_Zone_A_only(string number, string country, CreditServiceReason reason)
    {
        _ledger.AddRates(country.Length > 0
            ? DollarRates : "Prefix,Price / min,Destination Name\n44,1,United Kingdom\n263,1,Zimbabwe\n");
        _ledger.SetPool("ConferenceDialOut", 1);

        Assert.Equal(reason, _ledger.Ask(new() { Service = CreditService.ConferenceDialOut, Number = number }).Reason);
    }

    [Fact]
    [Trait("Rule", "S1")]
    public void A_toll_free_number_is_asked_of_the_toll_free_sheets()
    {
        _ledger.AddRates("Prefix,Price / min,Country\n1800,0.1,US\n", name: "Toll-free",
            service: CreditRateService.TollFreeInbound);
        _ledger.AddFunds(1m);

        Assert.Equal(
            CreditServiceReason.Credits, _ledger.Ask(new() { Service = CreditService.TollFreeInbound,
                Number = "+18005550100" }).Reason);
        Assert.Equal(
            CreditServiceReason.NoRate, _ledger.Ask(new() { Service = CreditService.TollFreeInbound, Number = American }).Reason);
        Assert.Equal(CreditServiceReason.NoRate, _ledger.Ask(new() { Number = "+18005550100" }).Reason);
    }

    [Theory]
    [Trait("Rule", "S2")]
    [InlineData(null, CreditServiceReason.Pool, 30)]
    [InlineData("MCOPSTN1", CreditServiceReason.Pool, 10)]
    [InlineData("mcopstn2", CreditServiceReason.Pool, 20)]
    [InlineData("MCOPSTNPP", CreditServiceReason.BalanceExhausted, 0)]
    [InlineData("MCOPSTN5", CreditServiceReason.BalanceExhausted, 0)]
    public void A_capability_narrows_the_pools(string? capability, CreditServiceReason reason, int left)
    {
        _ledger.SetPool("MCOPSTN1", 1, minutes: 10);
        _ledger.SetPool("MCOPSTN2", 1, minutes: 20);

        var answer = _ledger.Ask(new() { Service = CreditService.Domestic, Capability = capability });

        Assert.Equal((reason, left), (answer.Reason, answer.PoolMinutesLeft));
    }

    [Theory]
    [Trait("Rule", "S2")]
    [InlineData(null, CreditServiceReason.Pool, 3)]
    [InlineData("ann@contoso.com", CreditServiceReason.PoolExhausted, 0)]
    [InlineData("Ann@Contoso.com", CreditServiceReason.PoolExhausted, 0)]
    [InlineData("bob@contoso.com", CreditServiceReason.Pool, 1)]
    [InlineData("eve@contoso.com", CreditServiceReason.Pool, 2)]
    public void A_user_narrows_the_minutes_that_are_per_user(string? user, CreditServiceReason reason, int left)
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN8", 3, minutes: 2);
        _ledger.Import(Out("a", 120, capability: "MCOPSTN8"), Out("b", 60,
            capability: "MCOPSTN8") with { User = "bob@contoso.com" });

        var answer = _ledger.Ask(new() { Service = CreditService.Domestic, Capability = "MCOPSTN8", User = user });

        Assert.Equal((reason, left), (answer.Reason, answer.PoolMinutesLeft));
    }

    [Fact]
    [Trait("Rule", "S2")]
    public void Only_this_months_minutes_count()
    {
        _ledger.AddRates(DollarRates);
        _ledger.SetPool("MCOPSTN1", 1, minutes: 1, month: "2026-02");
        _ledger.Import(Out("a", 60));
        Assert.Equal(CreditServiceReason.PoolExhausted, _ledger.Ask(new() { Service = CreditService.Domestic }).Reason);

        _ledger.SetClock("2026-04-01T00:00:00Z");
        Assert.Equal(CreditServiceReason.Pool, _ledger.Ask(new() { Service = CreditService.Domestic }).Reason);

        _ledger.RemovePool("MCOPSTN1");
        Assert.Equal(CreditServiceReason.BalanceExhausted, _ledger.Ask(new() { Service = CreditService.Domestic }).Reason);
    }

    [Fact]
    [Trait("Rule", "F5")]
    public void Expired_funds_open_nothing_whether_booked_or_not()
    {
        _ledger.AddFunds(1m, "2026-03-01", "2026-03-20");
        _ledger.SetClock("2026-03-20T00:00:00Z");

        Assert.Equal(CreditServiceReason.BalanceExhausted, _ledger.Ask(new() { Service = CreditService.International }).Reason);
    }

    [Fact]
    [Trait("Rule", "S2")]
    public void Ten_thousand_tenants_are_answered_for_and_the_time_is_told()
    {
        const int Count = 10_000;
        _ledger.AddRates(DollarRates);
        _ledger.Session.Execute<CreditTenant>(
            [.. Enumerable.Range(0, Count).Select(i => new AddTenant(string.Create(CultureInfo.InvariantCulture, $"t{i}"),
                new()))]);
        _ledger.Session.Execute<CreditPool>(
            [.. Enumerable.Range(0, Count).Select(i => new SetPool(string.Create(CultureInfo.InvariantCulture, $"t{i}"),
                "MCOPSTN1") { Licenses = 1 })]);
        _ledger.Session.Execute<CreditFunds>(
            [.. Enumerable.Range(0, Count).Select(i => new Ledger.Funds.Operations.AddFunds(string.Create(CultureInfo.InvariantCulture,
                $"t{i}"), 1m))]);

        var watch = Stopwatch.StartNew();
        var answers = _ledger.Session.Pools.TestServices(
            TenantSelection.Matching(id => id.StartsWith('t')), new() { Number = American, Capability = "MCOPSTN1" }).ToList();
        watch.Stop();

        Assert.Equal(Count, answers.Count);
        Assert.All(answers, answer => Assert.Equal(CreditServiceReason.Pool, answer.Reason));
        output.WriteLine($"{Count} tenants in {watch.ElapsedMilliseconds} ms");
        foreach (var one in (int[])[1, 2])
        {
            watch.Restart();
            for (var i = 0; i < Count; i++)
                _ledger.Ask(new() { Number = American }, string.Create(CultureInfo.InvariantCulture, $"t{i}"));
            output.WriteLine($"{Count} tenants asked one by one ({one}): {watch.ElapsedMilliseconds} ms");
        }
    }

    public void Dispose() => _ledger.Dispose();
}
