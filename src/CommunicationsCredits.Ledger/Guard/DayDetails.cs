using System.Globalization;
using CommunicationsCredits.Ledger.Rates;
using CommunicationsCredits.Ledger.Usage;

namespace CommunicationsCredits.Ledger.Guard;

/// <summary>Who called which numbers on a day that is unusual: read only then.</summary>
internal sealed class DayDetails
{
    private const int Shown = 5;

    private readonly Dictionary<(string Country, string User), (long Calls, Amount Charge)> _users = [];
    private readonly Dictionary<(string Country, string Range), (long Calls, long Short, Amount Charge)> _ranges = [];

    /// <summary>Adds a call of the day.</summary>
    public void Add(UsageBatch batch, in UsageCall call)
    {
        if (!UseOfCall.Counts(call) || call.Charge == Amount.Zero)
            return;
        var country = DialledCountry.Of(batch, call);
        var user = (country, UseOfCall.UserOf(batch.Bytes(call.User)));
        var (calls, charge) = _users.GetValueOrDefault(user);
        _users[user] = (calls + 1, charge + call.Charge);
        Span<byte> buffer = stackalloc byte[NumberDigits.Maximum];
        var digits = NumberDigits.Read(batch.Bytes(call.Callee), buffer).Digits;
        if (digits.Length <= GuardRules.RangeDigits)
            return;
        var range = new char[digits.Length - GuardRules.RangeDigits];
        for (var i = 0; i < range.Length; i++)
            range[i] = (char)('0' + digits[i]);
        var key = (country, new string(range));
        var known = _ranges.GetValueOrDefault(key);
        _ranges[key] = (known.Calls + 1, known.Short + (call.Duration <= UseOfCall.LongestShortCall ? 1 : 0), known.Charge + call.Charge);
    }

    /// <summary>The most short calls that went to one range of a country.</summary>
    public long MostShort(string country) => _ranges.Where(range => range.Key.Country == country).Select(range => range.Value.Short).DefaultIfEmpty().Max();

    /// <summary>The users and numbers of the destinations given, or of all calls abroad or at home where none is, the dearest first.</summary>
    public string InWords(IReadOnlyCollection<string> countries)
    {
        var users = Dearest(_users.Where(user => user.Key.User.Length > 0 && (countries.Count == 0 || countries.Contains(user.Key.Country)))
            .GroupBy(user => user.Key.User).Select(user => (user.Key, Calls: user.Sum(one => one.Value.Calls), Charge: new Amount(user.Sum(one => one.Value.Charge.Micros)))));
        var ranges = Dearest(_ranges.Where(range => countries.Count == 0 || countries.Contains(range.Key.Country))
            .Select(range => ($"+{range.Key.Range}…", range.Value.Calls, range.Value.Charge)));
        return $"Users: {users}. Numbers: {ranges}.";
    }

    private static string Dearest(IEnumerable<(string Name, long Calls, Amount Charge)> all)
    {
        var sorted = all.OrderByDescending(one => one.Charge).ThenBy(one => one.Name, StringComparer.Ordinal).ToList();
        var shown = string.Join(", ", sorted.Take(Shown).Select(one => string.Create(
            CultureInfo.InvariantCulture, $"{one.Name} ({one.Calls} calls, {one.Charge.ToDecimal():#,##0.00})")));
        return sorted.Count == 0 ? "none are known" : sorted.Count > Shown ? $"{shown} and {sorted.Count - Shown} more" : shown;
    }
}
