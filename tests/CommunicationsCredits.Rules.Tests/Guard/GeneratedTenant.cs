using CommunicationsCredits.Ledger.Guard;
using CommunicationsCredits.Ledger.Money;
using CommunicationsCredits.Ledger.Tests.Support;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Tests.Guard;

/// <summary>
/// A tenant's year of honest calls that a seed repeats: working days and weekends, holidays, busy weeks, growth, countries called now
/// and then and, a few times a year, for the first time.
/// </summary>
internal sealed class GeneratedTenant
{
    public const int FirstDay = 739_000;
    public const int Days = 420;

    private static readonly string[] Abroad = ["GB", "DE", "FR", "MX", "IN", "CA", "JP", "BR", "AU", "NL", "ES", "IT", "CN", "PL", "ZA"];
    private static readonly string[] Rare = ["AE", "KE", "NG", "TH", "VN", "PE", "CL", "EG", "TR", "SA", "PK", "UA", "KR", "SG", "NZ", "FI", "GR", "PT"];

    private readonly SeededRandom _random;
    private readonly Dictionary<DayUseKey, DayUse> _days = [];

    public GeneratedTenant(int seed, double callsADay)
    {
        _random = new(seed);
        CallsADay = callsADay;
        var countries = Abroad.OrderBy(_ => _random.Fraction()).Take(2 + _random.Next(Abroad.Length - 2)).ToList();
        var share = 0.05 + (0.4 * _random.Fraction());
        var growth = 1 + (0.6 * (_random.Fraction() - 0.3));
        var holidays = Enumerable.Range(0, 3).Select(_ => _random.Next(Days)).ToList();
        var busy = Enumerable.Range(0, 3).Select(_ => _random.Next(Days)).ToList();
        var firstCalls = 2 + _random.Next(4);
        for (var day = 0; day < Days; day++)
        {
            var level = callsADay * (1 + ((growth - 1) * day / Days)) * (IsWeekend(day) ? 0.12 : 1)
                * (holidays.Exists(first => day >= first && day < first + 7) ? 0.35 : 1) * (busy.Exists(first => day >= first && day < first + 5) ? 1.6 : 1);
            Call(day, "US", level * (1 - share), 0.05, isAbroad: false);
            for (var i = 0; i < countries.Count; i++)
                Call(day, countries[i], level * share / (i + 1.5) / 2, 0.1 + (0.05 * i), isAbroad: true);
            if (_random.Fraction() < firstCalls / 365d)
                Call(day, Rare[_random.Next(Rare.Length)], 1 + (2 * _random.Fraction()), 0.9, isAbroad: true);
        }
    }

    public double CallsADay { get; }

    /// <summary>What is known when a day has passed.</summary>
    public UseHistory HistoryTo(int day)
    {
        var history = new UseHistory();
        foreach (var (key, use) in _days.OrderBy(pair => pair.Key.Day).ThenBy(pair => pair.Key.Country, StringComparer.Ordinal))
        {
            if (key.Day <= FirstDay + day)
                history.Add(key, use);
        }

        return history;
    }

    /// <summary>Adds calls that nobody of the tenant meant.</summary>
    public void Inject(int day, string country, int calls, double minutes, double pricePerMinute, bool isOffHours = false, bool isForwarded = false)
    {
        var key = new DayUseKey(FirstDay + day, country);
        var charge = Money(calls * minutes * pricePerMinute);
        _days[key] = _days.GetValueOrDefault(key) + new DayUse(
            calls, charge, minutes <= 1 ? calls : 0, isOffHours ? charge : default, isForwarded ? charge : default);
    }

    public bool HasCalled(string country, int before) => _days.Keys.Any(key => key.Country == country && key.Day < FirstDay + before);

    private static bool IsWeekend(int day) => (FirstDay + day + 1) % 7 is 0 or 6;

    private static Amount Money(double amount) => Amount.FromDecimal(decimal.Round((decimal)amount, 4));

    private void Call(int day, string country, double expected, double price, bool isAbroad)
    {
        var calls = Poisson(expected);
        if (calls == 0)
            return;
        var charge = 0d;
        for (var i = 0; i < Math.Min(calls, 60); i++)
            charge += -Math.Log(1 - _random.Fraction()) * 4 * price;
        charge *= calls / (double)Math.Min(calls, 60);
        var offHours = IsWeekend(day) ? charge : charge * Math.Min(1, 0.04 * -Math.Log(1 - _random.Fraction()));
        var forwarded = isAbroad ? charge * (_random.Fraction() < 0.1 ? 0.3 : 0) : 0;
        var shortCalls = isAbroad ? Poisson(calls * 0.2) : 0;
        var key = new DayUseKey(FirstDay + day, country);
        _days[key] = _days.GetValueOrDefault(key) + new DayUse(calls, Money(charge), shortCalls, Money(offHours), Money(forwarded));
    }

    private int Poisson(double expected)
    {
        if (expected > 50)
            return Math.Max(0, (int)Math.Round(expected + (Math.Sqrt(expected) * Normal())));
        var (limit, product, count) = (Math.Exp(-expected), 1d, -1);
        do
        {
            product *= _random.Fraction();
            count++;
        }
        while (product > limit);
        return count;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.Fraction())) * Math.Cos(2 * Math.PI * _random.Fraction());
}

/// <summary>Shapes of toll fraud, as carriers' and police's public descriptions have them; each a little different every time.</summary>
internal static class FraudShapes
{
    private static readonly string[] Premium = ["KM", "SO", "TD", "CU", "LV", "GN", "SL", "ZZ", "MV", "TN", "BI", "WS", "VU", "TL"];

    /// <summary>Each shape: what it does from a day on.</summary>
    public static IReadOnlyDictionary<string, Action<GeneratedTenant, SeededRandom, int>> All { get; } = new Dictionary<string, Action<GeneratedTenant, SeededRandom, int>>
    {
        ["International revenue share: hundreds of long calls to premium ranges overnight"] = (tenant, random, day) =>
        {
            foreach (var country in Premium.OrderBy(_ => random.Fraction()).Take(1 + random.Next(3)))
                tenant.Inject(day, country, 40 + random.Next(300), 4 + (12 * random.Fraction()), 0.25 + random.Fraction(), isOffHours: random.Next(4) > 0);
        },
        ["Many short calls to one range, each just long enough to be charged"] = (tenant, random, day) =>
            tenant.Inject(day, Premium[random.Next(Premium.Length)], 120 + random.Next(400), 1, 0.12 + (0.4 * random.Fraction()), isOffHours: random.Next(2) > 0),
        ["Wangiri: people call back a number that rang once"] = (tenant, random, day) =>
            tenant.Inject(day, Premium[random.Next(Premium.Length)], 15 + random.Next(40), 1.2 + (2 * random.Fraction()), 0.9 + (1.5 * random.Fraction())),
        ["Hacked voicemail: a mailbox forwards abroad all night"] = (tenant, random, day) =>
            tenant.Inject(
                day, random.Next(3) > 0 ? Premium[random.Next(Premium.Length)] : "GB", 20 + random.Next(80), 10 + (30 * random.Fraction()),
                0.2 + (0.4 * random.Fraction()), isOffHours: true, isForwarded: true),
        ["Conference dial-out: a meeting that dials out to hundreds"] = (tenant, random, day) =>
            tenant.Inject(
                day, random.Next(3) > 0 ? Premium[random.Next(Premium.Length)] : "IN", 60 + random.Next(240), 20 + (40 * random.Fraction()),
                0.12 + (0.4 * random.Fraction())),
        ["A slow leak: a few dear calls every day, for weeks"] = (tenant, random, day) =>
        {
            var country = Premium[random.Next(Premium.Length)];
            var price = 0.5 + (0.6 * random.Fraction());
            for (var i = 0; i < 21; i++)
                tenant.Inject(day + i, country, 5 + random.Next(5), 6 + (9 * random.Fraction()), price);
        },
    };
}

/// <summary>Fractions of seeded numbers.</summary>
internal static class SeededFractions
{
    /// <summary>0 or more, below 1.</summary>
    public static double Fraction(this SeededRandom random) => (random.Next() >> 11) / (double)(1UL << 53);
}
