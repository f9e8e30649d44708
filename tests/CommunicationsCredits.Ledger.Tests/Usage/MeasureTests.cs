using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tests.Reports;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Usage;

/// <summary>What usage came to, in groups: every grouping adds up to the statement, to the last millionth.</summary>
public sealed class MeasureTests : IDisposable
{
    private readonly TestLedger _ledger = new();

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 8));

    [Theory]
    [Trait("Rule", "P2")]
    [MemberData(nameof(Seeds))]
    public void Every_grouping_of_a_month_adds_up_to_its_statement(int seed)
    {
        using var history = new RandomHistory(seed);
        AddsUp(history);
    }

    [PgFact]
    [Trait("Rule", "P2")]
    public void Every_grouping_adds_up_on_PostgreSQL_too()
    {
        using var history = new RandomHistory(3, PgCluster.Create());
        AddsUp(history);
    }

    [Fact]
    [Trait("Rule", "P2")]
    public void A_group_has_its_calls_their_time_and_its_share()
    {
        _ledger.AddRates();
        _ledger.Import(
            Call.Paid("a", "2026-02-01T10:00:00Z", 3m) with { Seconds = "90" },
            Call.Paid("b", "2026-02-02T10:00:00Z", 0.5m) with { User = "Ann@Contoso.com" },
            Call.Paid("c", "2026-03-02T10:00:00Z", 0.5m) with { User = "" });

        var groups = Measure(new() { By = [UsageDimension.User] });

        Assert.Equal(
            [("ann@contoso.com", 2L, 150d, 3.5m, 87.5m), (null, 1L, 60d, 0.5m, 12.5m)],
            groups.Select(group => (group.User, group.Calls, group.Duration.TotalSeconds, group.Charge, group.Share)));
        Assert.Equal(["ann@contoso.com", "(none)"], groups.Select(group => group.Group));
        Assert.Equal((3L, 4m, 100m, ""), Measure(new()) is [var all] ? (all.Calls, all.Charge, all.Share, all.Group) : default);
    }

    [Fact]
    [Trait("Rule", "P2")]
    public void What_was_reversed_is_in_no_group_unless_it_is_asked_for()
    {
        _ledger.Import(Call.Paid("a", "2026-02-01T10:00:00Z", 3m), Call.Paid("b", "2026-02-01T11:00:00Z", 2m));
        _ledger.Session.Execute(new UndoTransaction(_ledger.Money().First(entry => entry.Amount == -3m).TransactionId));

        Assert.Equal([2m], Measure(new() { By = [UsageDimension.Country] }).Select(group => group.Charge));
        Assert.Equal([3m], Measure(new() { Statuses = [UsageStatus.Reversed] }).Select(group => group.Charge));
    }

    [Fact]
    public void A_time_that_ends_before_it_begins_is_refused_wherever_it_is_asked_for()
    {
        _ledger.Import(Call.Paid("a", "2026-02-01T10:00:00Z", 3m));
        var (session, tenants) = (_ledger.Session, TenantSelection.One(TestLedger.Contoso));
        var (from, to) = (TestLedger.At("2026-02-02"), TestLedger.At("2026-02-01"));

        Func<object>[] questions =
        [
            () => Measure(new() { From = from, To = to }),
            () => session.Usage.GetRecords(tenants, new() { From = from, To = to }).ToList(),
            () => session.Funds.GetTransactions(tenants, new() { From = from, To = to }).ToList(),
            () => session.Usage.CompareCharges(tenants, from, to, null).ToList(),
            () => session.Usage.PriceAgain(TestLedger.Contoso, from, to, preview: true, CancellationToken.None),
        ];

        Assert.All(questions, ask => Assert.Equal(CreditErrorId.InvalidInstant, Assert.Throws<CreditException>(ask).ErrorId));
        Assert.Equal(0, Assert.Single(Measure(new() { From = from, To = from })).Calls);
    }

    [Fact]
    [Trait("Rule", "G7")]
    public void A_call_that_was_rated_later_is_of_the_sheet_and_the_service_it_has_by_then()
    {
        _ledger.Import(new Call { Id = "a", Context = "", To = "+442071838750", Destination = "" });
        _ledger.AddRates();
        _ledger.Session.Usage.Rate(TestLedger.Contoso, preview: false, CancellationToken.None);

        var group = Assert.Single(Measure(new() { By = [UsageDimension.Sheet, UsageDimension.Service] }));

        Assert.Equal(("PSTN", UsageService.International, 0.015m, "PSTN, International"), (group.Sheet, group.Service, group.Charge, group.Group));
    }

    [Fact]
    [Trait("Rule", "P2")]
    public void Days_and_months_come_in_their_order_and_only_of_the_time_asked_for()
    {
        _ledger.Import(
            Call.Paid("a", "2025-12-31T23:59:59Z", 1m), Call.Paid("b", "2026-01-01T00:00:00Z", 9m), Call.Paid("c", "2026-02-28T12:00:00Z", 2m),
            Call.Paid("d", "2026-03-01T00:00:00Z", 4m));

        Assert.Equal(
            [("2025-12", 1m), ("2026-01", 9m), ("2026-02", 2m), ("2026-03", 4m)],
            Measure(new() { By = [UsageDimension.Month] }).Select(group => (group.Month!, group.Charge)));
        Assert.Equal(
            [("2026-01-01", 9m), ("2026-02-28", 2m)],
            Measure(new() { By = [UsageDimension.Day], From = TestLedger.At("2026-01-01"), To = TestLedger.At("2026-03-01") })
                .Select(group => (group.Day!, group.Charge)));
        Assert.Equal(
            ["2026-01"], Measure(new() { By = [UsageDimension.Month, UsageDimension.Day], From = TestLedger.At("2026-01-01"), Top = 1 }).Select(group => group.Month!));
    }

    [Fact]
    [Trait("Rule", "P2")]
    public void The_dearest_groups_come_first_and_shares_are_of_all()
    {
        _ledger.Import(
            Call.Paid("a", "2026-02-01T10:00:00Z", 1m) with { Destination = "Cuba" }, Call.Paid("b", "2026-02-01T10:00:00Z", 3m));

        var top = Assert.Single(Measure(new() { By = [UsageDimension.Destination], Top = 1 }));

        Assert.Equal(("United States", 75m), (top.Destination, top.Share));
    }

    [Fact]
    [Trait("Rule", "P2")]
    public void The_country_is_that_of_the_record_else_of_the_rate_else_of_the_destination_s_name()
    {
        _ledger.AddRates();
        _ledger.Import(
            Call.Json([Call.Paid("a", "2026-02-01T10:00:00Z", 3m) with { OtherCountry = "FR", To = "+442071838750" }]));
        _ledger.Import(
            new Call { Id = "b", To = "+442071838750", Destination = "", Seconds = "600" },
            Call.Paid("c", "2026-02-01T10:00:00Z", 1m) with { To = "+4930123456", Destination = "Germany" },
            Call.Paid("d", "2026-02-01T10:00:00Z", 0.1m) with { To = "+99912345678", Destination = "Nowhere" });

        Assert.Equal(
            [("FR", 3m), ("DE", 1m), ("GB", 0.15m), (null, 0.1m)],
            Measure(new() { By = [UsageDimension.Country] }).Select(group => (group.Country, group.Charge)));
    }

    public void Dispose() => _ledger.Dispose();

    private List<CreditUsage> Measure(UsageMeasure measure) =>
        [.. _ledger.Session.Usage.Measure(TenantSelection.One(TestLedger.Contoso), measure)];

    private static void AddsUp(RandomHistory history)
    {
        history.Run(60);
        var session = history.Ledger.Session;
        var now = history.Ledger.Clock.Now;
        var checkedMonths = 0;
        foreach (var tenant in session.Tenants.GetTenants(TenantSelection.All).Select(tenant => tenant.TenantId))
        {
            for (var month = new DateTimeOffset(2025, 11, 1, 0, 0, 0, TimeSpan.Zero); month <= now; month = month.AddMonths(1))
            {
                var end = month.AddMonths(1) < now ? month.AddMonths(1) : now.AddTicks(1);
                var one = TenantSelection.One(tenant);
                var used = session.Reports.GetStatements(one, $"{month:yyyy-MM}").Single().Used;
                var given = session.Funds.GetTransactions(one, new() { From = month, To = end, Kinds = [CreditTransactionKind.Reversal] })
                    .Where(entry => IsOfUsage(history, tenant, entry)).Sum(entry => entry.Amount);
                foreach (var by in Enum.GetValues<UsageDimension>().Select(dimension => (UsageDimension[])[dimension]).Append([UsageDimension.User, UsageDimension.Destination, UsageDimension.Day]))
                {
                    var sum = session.Usage.Measure(one, new() { By = by, From = month, To = end }).Sum(group => group.Charge);
                    Assert.True(sum == -(used + given), $"{history}, {tenant}, {month:yyyy-MM}, {string.Join('+', by)}: {sum}, and the statement has {used} + {given}");
                }

                // Whose group a call is in, it is also found by.
                foreach (var country in session.Usage.Measure(one, new() { By = [UsageDimension.Country], From = month, To = end }))
                {
                    var calls = session.Usage.GetRecords(one, new() { From = month, To = end, Countries = country.Country is { } code ? [code] : [] })
                        .Where(call => call.Country == country.Country && call.Status != UsageStatus.Reversed).ToList();
                    Assert.True(calls.Count == country.Calls && calls.Sum(call => call.Charge) == country.Charge, $"{history}, {tenant}, {month:yyyy-MM}, {country.Country}");
                }

                checkedMonths += used == 0 ? 0 : 1;
            }
        }

        Assert.True(checkedMonths > 5, $"{history}: only {checkedMonths} months had usage.");
    }

    private static bool IsOfUsage(RandomHistory history, string tenant, CreditTransaction reversal)
    {
        using var snapshot = history.Ledger.Session.Store.BeginRead();
        return snapshot.Entries.Find(snapshot.Tenants.Get(tenant).Number, reversal.Sequence)!.Value.Entry.Record is not null;
    }
}
