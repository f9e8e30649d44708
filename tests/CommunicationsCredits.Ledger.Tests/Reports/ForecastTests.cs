using CommunicationsCredits.Ledger.Corrections.Operations;
using CommunicationsCredits.Ledger.Funds;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Reports;
using CommunicationsCredits.Ledger.Storage.Queries;
using CommunicationsCredits.Ledger.Tenants;
using CommunicationsCredits.Ledger.Tenants.Operations;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Reports;

/// <summary>Forecasts: what is used, what becomes of the funds if that goes on, and that nothing is invented.</summary>
public sealed class ForecastTests
{
    private static readonly Instant Monday = Instant.From(TestLedger.At("2026-03-02"));

    [Fact]
    public void Even_use_runs_out_when_the_funds_divided_by_it_say()
    {
        using var ledger = new TestLedger("2026-01-31T00:00:00Z");
        Use(ledger, "2026-01-01", 30, _ => 10m);
        ledger.AddFunds(345m, "2026-01-01");

        var forecast = Forecast(ledger);

        // 300 of the funds repaid what had been used (F4).
        Assert.Equal((10m, 70m, 300m), (forecast.DailyUse, forecast.SuggestedMinimum, forecast.SuggestedRecharge));
        Assert.Equal(TestLedger.At("2026-02-04T12:00:00Z"), forecast.RunsOutAt);
        Assert.Equal((0m, null, null), (forecast.ExpiringUnused, forecast.ExpiringAt, forecast.Message));
        Assert.Equal(("contoso.com", "USD"), (forecast.TenantId, forecast.Currency));
    }

    [Fact]
    public void Days_of_the_week_are_told_apart_from_two_weeks_on()
    {
        using var ledger = new TestLedger("2026-03-02T00:00:00Z");
        Use(ledger, "2026-02-02", 28, day => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0m : 14m);
        ledger.AddFunds((20 * 14m) + 70m, "2026-02-01");

        var forecast = Forecast(ledger);

        // Five days of 14 use up 70 by Friday night; by the mean of 10 it would have lasted until Sunday night.
        Assert.Equal((10m, TestLedger.At("2026-03-07")), (forecast.DailyUse, forecast.RunsOutAt));
        Assert.Equal(70m, forecast.SuggestedMinimum);
    }

    [Fact]
    [Trait("Rule", "F3")]
    public void What_will_expire_unused_is_what_use_in_draw_order_leaves_of_it()
    {
        using var ledger = new TestLedger("2026-01-31T00:00:00Z");
        Use(ledger, "2026-01-01", 30, _ => 10m);
        ledger.AddFunds(300m, "2026-01-01");
        ledger.AddFunds(100m, "2026-01-30", "2026-02-05");
        ledger.AddFunds(25m, "2026-01-30");

        var forecast = Forecast(ledger);

        // Five days use 50 of the 100; then the 25 last two days and a half.
        Assert.Equal((50m, TestLedger.At("2026-02-05")), (forecast.ExpiringUnused, forecast.ExpiringAt));
        Assert.Equal(TestLedger.At("2026-02-07T12:00:00Z"), forecast.RunsOutAt);
    }

    [Fact]
    public void Too_little_history_says_so_and_gives_no_figure()
    {
        using var ledger = new TestLedger("2026-01-07T00:00:00Z");
        ledger.AddFunds(100m, "2026-01-01");
        var without = Forecast(ledger);
        Use(ledger, "2026-01-01", 6, _ => 1m);

        foreach (var forecast in new[] { without, Forecast(ledger) })
        {
            Assert.Equal(
                (null, null, null, null, null, null),
                (forecast.DailyUse, forecast.RunsOutAt, forecast.ExpiringUnused, forecast.ExpiringAt, forecast.SuggestedMinimum, forecast.SuggestedRecharge));
            Assert.Contains("whole day(s)", forecast.Message, StringComparison.Ordinal);
        }

        ledger.SetClock("2026-01-08T00:00:00Z");
        Use(ledger, "2026-01-07", 1, _ => 1m);
        Assert.Equal((1m, null), (Forecast(ledger).DailyUse, Forecast(ledger).Message));
    }

    [Fact]
    [Trait("Rule", "F6")]
    public void The_last_days_of_which_nothing_has_arrived_do_not_count_as_days_without_use()
    {
        using var ledger = new TestLedger("2026-01-31T00:00:00Z");
        Use(ledger, "2026-01-01", 28, _ => 10m);

        Assert.Equal(10m, Forecast(ledger, 28).DailyUse);
        ledger.SetClock("2026-02-28T00:00:00Z");

        // By then it is not late, but over: of the 28 days to 2026-02-25 one had use.
        Assert.Equal(decimal.Round(10m / 28, 6), Forecast(ledger, 28).DailyUse);
    }

    [Fact]
    [Trait("Rule", "C1")]
    public void What_was_reversed_was_not_used_and_an_adjustment_is_no_use()
    {
        using var ledger = new TestLedger("2026-01-11T00:00:00Z");
        ledger.AddFunds(1000m, "2026-01-01");
        Use(ledger, "2026-01-01", 10, _ => 10m);
        ledger.Import(Call.Paid("wrong", "2026-01-05T12:00:00Z", 500m));
        ledger.Session.Execute(new UndoTransaction(ledger.Money().Single(entry => entry.Amount == -500m).TransactionId));
        ledger.Session.Execute(new AddAdjustment(TestLedger.Contoso, -100m));

        Assert.Equal(10m, Forecast(ledger).DailyUse);
    }

    [Fact]
    [Trait("Rule", "T2")]
    public void Days_before_the_account_was_kept_here_tell_nothing()
    {
        using var ledger = new TestLedger("2026-01-31T00:00:00Z");
        ledger.Session.Execute(new ChangeTenant(TestLedger.Contoso, new() { AccountFrom = TestLedger.At("2026-01-16T09:00:00Z") }));
        Use(ledger, "2026-01-01", 30, _ => 10m);

        Assert.Equal(10m, Forecast(ledger).DailyUse);
    }

    [Fact]
    public void A_balance_of_zero_has_run_out_now_and_without_use_only_expiry_ends_it()
    {
        using var ledger = new TestLedger("2026-01-31T00:00:00Z");
        Use(ledger, "2026-01-01", 30, _ => 10m);
        Assert.Equal(ledger.Clock.Now, Forecast(ledger).RunsOutAt);

        using var free = new TestLedger("2026-01-31T00:00:00Z");
        Use(free, "2026-01-01", 30, _ => 0m);
        free.AddFunds(5m, "2026-01-01", "2026-06-01");
        var forecast = Forecast(free);
        Assert.Equal((0m, 0m, TestLedger.At("2026-06-01")), (forecast.DailyUse, forecast.SuggestedMinimum, forecast.RunsOutAt));
        Assert.Equal((5m, TestLedger.At("2026-06-01")), (forecast.ExpiringUnused, forecast.ExpiringAt));
    }

    [Fact]
    public void Suggestions_are_rounded_up_to_the_smallest_coin_of_the_currency()
    {
        using var ledger = new TestLedger("2026-01-31T00:00:00Z", contoso: false);
        ledger.AddTenant(TestLedger.Contoso, new() { Currency = "JPY" });
        Use(ledger, "2026-01-01", 30, _ => 0.1m, "JPY");

        Assert.Equal((1m, 3m), (Forecast(ledger).SuggestedMinimum, Forecast(ledger).SuggestedRecharge));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(733)]
    [InlineData(-1)]
    public void A_window_that_is_no_week_or_years_long_is_refused(int days)
    {
        using var ledger = new TestLedger();
        Refuses.With(CreditErrorId.RuleInvalid, () => Forecast(ledger, days));
    }

    [Fact]
    public void Of_any_lots_and_use_what_is_used_and_what_expires_is_what_there_was()
    {
        for (var seed = 1; seed <= 2000; seed++)
        {
            var random = new SeededRandom(seed);
            var (lots, pattern) = (Lots(random), Pattern(random));
            var total = lots.Sum(lot => lot.Remaining.Micros);

            var projection = BurnDown.Project(lots, pattern, Monday);

            // Amounts are rounded to millionths once each when they are told.
            Assert.True(
                Math.Abs(total - projection.Used.Micros - projection.Expiring.Sum(expiring => expiring.Amount.Micros)) <= projection.Expiring.Count + 1,
                $"seed {seed}");
            Assert.True(projection.RunsOutAt is { } end && end >= Monday, $"seed {seed}");
            Assert.Equal(total, projection.Points[0].Balance);
            Assert.Equal(0, projection.Points[^1].Balance);
            Assert.Equal(projection.Points.Select(point => point.At), projection.Points.Select(point => point.At).Order());
            Assert.Equal(projection.Points.Select(point => point.Balance), projection.Points.Select(point => point.Balance).OrderDescending());
        }
    }

    [Fact]
    public void Of_any_lots_more_use_never_lasts_longer_and_never_lets_more_expire()
    {
        for (var seed = 1; seed <= 1000; seed++)
        {
            var random = new SeededRandom(seed);
            var lots = Lots(random);
            var sums = Sums(random);
            var less = BurnDown.Project(lots, UsePattern.Of(sums, Monday.Add(-TimeSpan.FromDays(28)), Monday)!, Monday);
            var more = BurnDown.Project(
                lots, UsePattern.Of(sums.Select(day => day with { Sum = new((day.Sum.Micros * 3 / 2) + 1) }), Monday.Add(-TimeSpan.FromDays(28)), Monday)!, Monday);

            Assert.True(more.RunsOutAt <= less.RunsOutAt, $"seed {seed}");
            Assert.True(
                more.Expiring.Sum(expiring => expiring.Amount.Micros) <= less.Expiring.Sum(expiring => expiring.Amount.Micros) + less.Expiring.Count + 1,
                $"seed {seed}");
        }
    }

    [Fact]
    public void The_mean_of_a_week_is_that_of_its_days_whatever_days_the_window_begins_and_ends_with()
    {
        for (var days = 14; days < 60; days++)
        {
            // Each Monday 7, each Sunday 14: a week uses 21, and a day 3.
            var from = Monday.Add(TimeSpan.FromDays(-days));
            var use = Enumerable.Range(0, days).Select(day => from.Add(TimeSpan.FromDays(day)))
                .Select(day => new DaySum(day.Ticks / TimeSpan.TicksPerDay, new(day.Date.DayOfWeek switch
                {
                    DayOfWeek.Monday => 7_000_000,
                    DayOfWeek.Sunday => 14_000_000,
                    _ => 0,
                })));

            Assert.Equal(3_000_000, UsePattern.Of(use, from, Monday)!.Daily);
        }
    }

    private static CreditForecast Forecast(TestLedger ledger, int days = 30) =>
        ledger.Session.Reports.GetForecasts(TenantSelection.One(TestLedger.Contoso), days).Single();

    /// <summary>Imports a call at noon of each day, of what the day costs.</summary>
    private static void Use(TestLedger ledger, string from, int days, Func<DateTimeOffset, decimal> cost, string currency = "USD") =>
        ledger.Import([.. Enumerable.Range(0, days).Select(day => TestLedger.At(from).AddDays(day))
            .Select(day => Call.Paid($"d{day:yyyyMMdd}", day.AddHours(12), cost(day)) with { Currency = currency })]);

    private static List<Lot> Lots(SeededRandom random) =>
    [
        .. Enumerable.Range(1, random.Next(1, 8)).Select(number => new Lot
        {
            Number = number,
            Amount = new(1_000_000_000),
            Remaining = new(random.Next(1, 1_000_000_000)),
            PurchasedAt = Monday.Add(TimeSpan.FromMinutes(-random.Next(1, 100_000))),
            ExpiresAt = Monday.Add(TimeSpan.FromMinutes(random.Next(1, 1_000_000))),
            Priority = random.Next(3),
            Source = CreditFundsSource.Manual,
            Reference = null,
            Entry = number,
        }),
    ];

    private static List<DaySum> Sums(SeededRandom random) =>
    [
        .. Enumerable.Range(1, 28).Where(_ => random.Chance(70))
            .Select(day => new DaySum((Monday.Ticks / TimeSpan.TicksPerDay) - day, new(random.Next(20_000_000)))),
    ];

    private static UsePattern Pattern(SeededRandom random) => UsePattern.Of(Sums(random), Monday.Add(-TimeSpan.FromDays(28)), Monday)!;
}
