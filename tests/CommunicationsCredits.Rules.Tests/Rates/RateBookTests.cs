using System.Globalization;
using System.Text;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Time;

namespace CommunicationsCredits.Ledger.Tests.Rates;

/// <summary>The digit trees against a naive search, over random sheets, versions and times.</summary>
public sealed class RateBookTests
{
    [Fact]
    [Trait("Rule", "G2")]
    public void The_longest_prefix_in_force_is_found_as_a_naive_search_finds_it()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new SeededRandom(seed);
            var sheets = new List<RateSheet>();
            var prefixes = new Dictionary<long, IReadOnlyList<RatedPrefix>>();
            var taken = new Dictionary<string, int>();
            for (var number = 1; number <= random.Next(1, 9); number++)
            {
                var name = random.Next(3);
                var sheet = Sheet(number, $"{(random.Chance(50) ? "List" : "LIST")} {name}", random.Next(6), random.Chance(80));
                if (sheets.Any(other => other.NameKey == sheet.NameKey && other.EffectiveFrom == sheet.EffectiveFrom
                    && other.Service == sheet.Service))
                    continue;
                sheets.Add(sheet);

                // A prefix belongs to one name, so that no two names have it in force together.
                prefixes[number] = [.. Enumerable.Range(0, random.Next(1, 40))
                    .Select(_ => Digits(random, random.Next(1, 7)))
                    .Distinct().Where(prefix => !taken.TryGetValue(prefix, out var owner) || owner == name)
                    .Select(prefix =>
                    {
                        taken[prefix] = name;
                        return new RatedPrefix(sheet, prefix, new(random.Next(1_000_000)), null, null);
                    })];
            }

            var book = new RateBook(1, sheets, sheet => prefixes[sheet.Number]);
            for (var i = 0; i < 300; i++)
            {
                var number = Digits(random, random.Next(7, 12));
                var at = Day(random.Next(-1, 8)).Add(TimeSpan.FromTicks(random.Next(-1, 2)));
                var service = random.Chance(80) ? CreditRateService.Outbound : CreditRateService.TollFreeInbound;
                var expected = sheets.Where(sheet => sheet.Service == service && sheet.EffectiveFrom <= at)
                    .GroupBy(sheet => sheet.NameKey).Select(versions => versions.MaxBy(sheet => sheet.EffectiveFrom)!)
                    .SelectMany(sheet => prefixes[sheet.Number])
                    .Where(rate => number.StartsWith(rate.Prefix, StringComparison.Ordinal)).MaxBy(rate => rate.Prefix.Length);

                var found = Find(book, service, "+" + number, at);

                Assert.True(ReferenceEquals(expected, found), $"seed {seed}: +{number} at {at} is {found}, and not {expected}.");
            }
        }
    }

    [Fact]
    [Trait("Rule", "G2")]
    public void A_version_replaces_the_older_one_whole_from_its_very_instant_on()
    {
        var old = Sheet(1, "List", 1, true);
        var young = Sheet(2, "list", 2, true);
        var rates = new Dictionary<long, IReadOnlyList<RatedPrefix>>
        {
            [1] = [new(old, "1", new(10), null, null), new(old, "1202", new(20), null, null)],
            [2] = [new(young, "1", new(30), null, null)],
        };
        var book = new RateBook(1, [old, young], sheet => rates[sheet.Number]);

        Assert.Null(Find(book, CreditRateService.Outbound, "+12025550100", new(Day(1).Ticks - 1)));
        Assert.Equal(20, Find(book, CreditRateService.Outbound, "+12025550100", Day(1))!.PricePerMinute.Micros);
        Assert.Equal(20, Find(book, CreditRateService.Outbound, "+12025550100", new(Day(2).Ticks - 1))!.PricePerMinute.Micros);
        Assert.Equal(30, Find(book, CreditRateService.Outbound, "+12025550100", Day(2))!.PricePerMinute.Micros);
        Assert.Equal(30, Find(book, CreditRateService.Outbound, "+12025550100", Instant.Latest)!.PricePerMinute.Micros);
    }

    [Fact]
    [Trait("Rule", "G1")]
    public void A_short_code_matches_nothing()
    {
        var sheet = Sheet(1, "List", 1, true);
        var book = new RateBook(1, [sheet], of => [new(of, "9", new(10), null, null)]);

        Assert.Null(Find(book, CreditRateService.Outbound, "911", Day(1)));
        Assert.Null(Find(book, CreditRateService.Outbound, "", Day(1)));
        Assert.NotNull(Find(book, CreditRateService.Outbound, "+911", Day(1)));
        Assert.NotNull(Find(book, CreditRateService.Outbound, "9112345", Day(1)));
    }

    [Fact]
    [Trait("Rule", "G2")]
    public async Task A_book_may_be_asked_by_several_threads_at_once()
    {
        // A book is shared by the reader of a file and the writer of the ledger, and by runspaces.
        for (var round = 0; round < 200; round++)
        {
            var sheets = Enumerable.Range(1, 8).Select(number => Sheet(number, $"List {number % 4}", number, true)).ToList();
            var book = new RateBook(1, sheets, sheet => [.. Enumerable.Range(0, 50).Select(i =>
                new RatedPrefix(sheet, string.Create(CultureInfo.InvariantCulture, $"{(sheet.Number % 4) + 1}{i}"), new(sheet.Number), null, null))]);
            using var start = new Barrier(4);
            var threads = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                for (var day = 8; day > 0; day--)
                    Assert.NotNull(Find(book, CreditRateService.Outbound, "+2105550100", Day(day)));
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            await Task.WhenAll(threads);
        }
    }

    private static RatedPrefix? Find(RateBook book, CreditRateService service, string number, Instant at)
    {
        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        return book.Find(service, NumberDigits.Read(Encoding.UTF8.GetBytes(number), buffer), at);
    }

    private static string Digits(SeededRandom random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)('1' + random.Next(3))));

    private static Instant Day(int day) => new(new DateTime(2026, 1, 10, 0, 0, 0, DateTimeKind.Utc).AddDays(day).Ticks);

    private static RateSheet Sheet(long number, string name, int day, bool outbound) => new()
    {
        Number = number,
        Name = name,
        Service = outbound ? CreditRateService.Outbound : CreditRateService.TollFreeInbound,
        Currency = "USD",
        EffectiveFrom = Day(day),
        InitialIncrement = 60,
        Increment = 60,
        ConnectionFee = Amount.Zero,
        Decimals = 4,
        Rounding = CreditRounding.HalfUp,
        RateCount = 1,
    };
}
