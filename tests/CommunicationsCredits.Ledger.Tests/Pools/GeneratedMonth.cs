using System.Globalization;
using CommunicationsCredits.Ledger.Tests.Support;

namespace CommunicationsCredits.Ledger.Tests.Pools;

/// <summary>A rate as the tests know it: its increments, and whether its country is in Zone A.</summary>
internal sealed record TestRate(string Prefix, string Country, string Name, decimal Price, TestSheet Sheet, bool ZoneA);

/// <summary>A rate sheet as the tests know it.</summary>
internal sealed record TestSheet(string Name, int Initial, int Increment, decimal Fee);

/// <summary>
/// A month of a large tenant's calls in the order of their start, like bench/make-usage.py makes them, with all that decides
/// about
/// included minutes mixed in: charges of the records' own, calls without a rate or an answer, late calls of the month before.
/// </summary>
internal static class GeneratedMonth
{
    private static readonly TestSheet ByMinute = new("Minutes", 60, 60, 0);
    private static readonly TestSheet BySecond = new("Seconds", 60, 1, 0.05m);
    private static readonly TestSheet BySixSeconds = new("Six seconds", 30, 6, 0.1m);

    private static readonly (int Weight, string Type, string Capability, string Context)[] Mix =
    [
        (30, "user_out", "MCOPSTN1", "Domestic"), (10, "user_out", "MCOPSTN1", "International"), (12, "user_out", "MCOPSTN2",
            "Domestic"),
        (8, "user_out_forwarding", "MCOPSTN2", "International"), (6, "user_out_transfer", "MCOPSTN8", "Domestic"),
        (3, "user_out", "MCOPSTN9", "International"), (5, "user_out", "MCOPSTNPP", "International"), (6, "user_in", "MCOPSTN1",
            ""),
        (12, "conf_out", "MCOMEETADD", "International"), (2, "conf_out", "MCOMEETACPEA", "International"), (2, "ucap_out", "",
            "Domestic"),
        (2, "user_out", "FREECALL", "Domestic"), (2, "dr_out", "", "International"),
    ];

    public static readonly TestRate[] Rates =
    [
        new("1", "US", "United States", 0.013m, ByMinute, true), new("1206", "US", "United States", 0.0173m, BySecond, true),
        new("1425", "US", "United States", 0.02m, BySixSeconds, true), new("44", "GB", "United Kingdom", 0.0149m, ByMinute, true),
        new("447", "GB", "United Kingdom Mobile", 0.0333m, BySixSeconds, true), new("49", "DE", "Germany", 0.0131m, BySecond,
            true),
        new("263", "ZW", "Zimbabwe", 0.35m, ByMinute, false), new("682", "CK", "Cook Islands", 0.9999m, BySecond, false),
    ];

    /// <summary>Capability, licenses, domestic and international minutes of each.</summary>
    public static readonly (string Capability, int Licenses, int Domestic, int International)[] Pools =
    [
        ("MCOPSTN1", 20, 97, 0), ("MCOPSTN2", 5, 150, 90), ("MCOPSTN8", 12, 21, 0), ("MCOPSTN9", 3, 0, 50), ("ConferenceDialOut",
            11, 60, 0),
    ];

    public static List<Call> Calls(int seed, int count)
    {
        var random = new SeededRandom(seed * 1_000_003);
        var begin = TestLedger.At("2026-03-01T00:00:00Z");
        var calls = new List<Call>(count);
        for (var i = 0; i < count; i++)
        {
            var pick = random.Next(Mix.Sum(kind => kind.Weight));
            var kind = Mix.First(kind => (pick -= kind.Weight) < 0);
            var rate = kind.Context is "Domestic" or "" ? Rates[random.Next(3)] : random.Pick(Rates);
            var start = begin.AddSeconds(((double)i / count * 28 * 86400) + random.Next(60));
            if (random.Chance(3))
                start = start.AddDays(-31);
            var charge = random.Next(100) switch { < 4 => "0.00", < 7 => "0.1234", _ => "" };
            calls.Add(new()
            {
                Id = Guid.ParseExact($"{random.Next():x16}{random.Next():x16}", "N").ToString(),
                Type = kind.Type,
                Capability = kind.Capability,
                Context = kind.Context,
                To = random.Chance(1) ? "+5312345678" : $"+{rate.Prefix}{random.Next(10_000_000, 100_000_000)}",
                Destination = rate.Name,
                Start = start.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
                Seconds = PoolLedger.Text(random.Chance(5) ? 0 : 1 + (int)(-120 * Math.Log(1 - (random.Next(1_000_000) / 1e6)))),
                Charge = charge,
                Fee = charge.Length > 0 && random.Chance(50) ? "0.01" : "",
                User = $"user{random.Next(15)}@contoso.com",
            });
        }

        return calls;
    }

    /// <summary>Puts rates and pools into a ledger, and more money than the month costs.</summary>
    public static void Prepare(TestLedger ledger)
    {
        foreach (var sheet in Rates.GroupBy(rate => rate.Sheet))
        {
            var rows = sheet.Select(rate => string.Create(CultureInfo.InvariantCulture,
                $"{rate.Prefix},{rate.Price},{rate.Name},{rate.Country}\n"));
            ledger.AddRates(
                "Prefix,Price / min,Destination Name,Country\n" + string.Concat(rows), sheet.Key.Name, fee: sheet.Key.Fee,
                initial: sheet.Key.Initial, increment: sheet.Key.Increment);
        }

        foreach (var pool in Pools)
        {
            ledger.SetPool(
                pool.Capability, pool.Licenses, pool.Domestic, pool.International, month: "2026-01");
        }

        ledger.AddFunds(100_000m, "2026-01-01");

        // The month is over when its exports come.
        ledger.SetClock("2026-04-02T00:00:00Z");
    }
}

/// <summary>What domain.md makes of a call: its status, and its seconds and money.</summary>
internal sealed record Expected(string Id, UsageStatus Status, int Billed, int Pooled, decimal Charge);

/// <summary>
/// The included minutes of sections 3, 4 and 5 of domain.md, written from the text: decimals, dictionaries and strings, and
/// nothing
/// of the engine's.
/// </summary>
internal sealed class IndependentMinutes
{
    private readonly Dictionary<string, int> _left = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _used = new(StringComparer.Ordinal);

    /// <summary>The minutes gone of a capability's kind in a month: those of void remainders too.</summary>
    public decimal MinutesUsed(string capability, string kind, string month) =>
        _used.GetValueOrDefault($"{capability} {kind} {month}") / 60m;

    public Expected Post(Call call)
    {
        var seconds = int.Parse(call.Seconds, CultureInfo.InvariantCulture);
        decimal? own = call.Charge.Length == 0 ? null
            : decimal.Parse(call.Charge, CultureInfo.InvariantCulture)
                + (call.Fee.Length == 0 ? 0 : decimal.Parse(call.Fee, CultureInfo.InvariantCulture));

        // U4, row by row.
        if (call.Type.StartsWith("dr_", StringComparison.Ordinal))
            return new(call.Id, UsageStatus.Excluded, 0, 0, 0);
        if (call.Capability == "FREECALL" || (call.Type.EndsWith("_in", StringComparison.Ordinal) && own is null or 0))
            return new(call.Id, UsageStatus.Free, 0, 0, 0);

        var isIn = call.Type.EndsWith("_in", StringComparison.Ordinal);
        var digits = call.To[1..];
        var rate = isIn ? null : GeneratedMonth.Rates.Where(rate => digits.StartsWith(rate.Prefix, StringComparison.Ordinal))
            .MaxBy(rate => rate.Prefix.Length);

        // G3: the initial increment, then whole ones. What no sheet covers is counted by the minute.
        var (initial, increment) = rate is null ? (60, 60) : (rate.Sheet.Initial, rate.Sheet.Increment);
        var billed = seconds == 0 ? 0 : initial;
        while (billed < seconds)
            billed += increment;

        if (own is null && rate is null)
            return new(call.Id, UsageStatus.Unrated, 0, 0, 0);
        var pool = isIn ? null : PoolOf(call, rate);

        // A2: a charge of the record's own stands; one of 0 is counted.
        if (own is not null)
        {
            var counted = own == 0 && pool is not null ? Math.Min(Left(pool), billed) : 0;
            if (counted > 0)
                Use(pool!, counted);
            return new(call.Id, counted > 0 && counted == billed ? UsageStatus.Pooled : UsageStatus.Charged, billed, counted,
                own.Value);
        }

        var pooled = 0;
        if (pool is not null && billed > 0 && Left(pool) > 0)
        {
            var left = Left(pool);
            if (left >= billed)
            {
                pooled = billed;
                Use(pool, pooled);
            }
            else
            {
                for (var next = initial; next <= left; next += increment)
                    pooled = next;
                Use(pool, left);
            }
        }

        var paid = billed - pooled;
        var cost = paid == 0 ? 0 : decimal.Round(rate!.Sheet.Fee + (rate.Price * paid / 60m), 4, MidpointRounding.AwayFromZero);
        return new(call.Id, pooled > 0 && paid == 0 ? UsageStatus.Pooled : UsageStatus.Charged, billed, pooled, cost);
    }

    /// <summary>The pool's name, its kind of minutes, and the month; or null where none may cover the call.</summary>
    private static (string Name, string Kind, string Month, string User)? PoolOf(Call call, TestRate? rate)
    {
        var month = call.Start[..7];
        if (call.Type == "conf_out")
        {
            var zoneA = rate?.ZoneA ?? call.Destination is "United States" or "United Kingdom" or "Germany";
            return zoneA && call.Capability != "MCOMEETACPEA" ? ("ConferenceDialOut", "Domestic", month, "") : null;
        }

        var covers = GeneratedMonth.Pools.SingleOrDefault(pool => pool.Capability == call.Capability);
        if (covers == default || (call.Context == "Domestic" ? covers.Domestic : covers.International) == 0)
            return null;
        return (call.Capability, call.Context, month, call.Capability == "MCOPSTN8" ? call.User : "");
    }

    private static string Key((string Name, string Kind, string Month, string User) pool) =>
        $"{pool.Name} {pool.Kind} {pool.Month} {pool.User}";

    private int Left((string Name, string Kind, string Month, string User)? pool)
    {
        var of = pool!.Value;

        // A3: when either kind is used up, the whole pool is closed.
        if (of.Name == "MCOPSTN2" && Of(of with { Kind = of.Kind == "Domestic" ? "International" : "Domestic" }) == 0)
            return 0;
        return Of(of);

        int Of((string Name, string Kind, string Month, string User) kind)
        {
            if (_left.TryGetValue(Key(kind), out var left))
                return left;
            var setting = GeneratedMonth.Pools.Single(pool => pool.Capability == kind.Name);
            return 60 * (kind.Name == "MCOPSTN8" ? 1 : setting.Licenses) * (kind.Kind == "Domestic"
                ? setting.Domestic : setting.International);
        }
    }

    private void Use((string Name, string Kind, string Month, string User)? pool, int seconds)
    {
        var of = pool!.Value;
        _left[Key(of)] = Left(of) - seconds;
        var sum = $"{of.Name} {of.Kind} {of.Month}";
        _used[sum] = _used.GetValueOrDefault(sum) + seconds;
    }
}
